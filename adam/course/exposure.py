"""What each subject was given: conditioning and cells."""

from __future__ import annotations

import pandas as pd

from adam.derive.doses import in_one_unit
from adam.derive.merge import derive_vars_merged, filter_extreme
from pipeline.ground.metadata import StudySettings
from pipeline.ground.queries import gather

ROLES = {"CONDITIONING": "COND", "CELLS": "CART"}
SEVERAL = "The cells given are of several products or units: CARTDOSE is no sum of them; ADEX has each."


def exposure(dosing: pd.DataFrame, study: StudySettings, period: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per subject treated in a treatment period: first and last doses of conditioning and cells in it.

    1. A dose of 0 is no dose; a dose given without a recorded amount is one.
    2. The first treatment date is the first dose of the first role of `study_treatment` that the subject was given
       (clarifications 2: the first conditioning, else the first cells).
    3. A second bag or a later infusion of the period does not move Day 0.
    4. The doses of one product are added; of several products, or units, there is no sum.
    5. FURTRTDT is the first dose of a later period: further study treatment.
    """
    doses = dosing[(dosing["GIVENFL"] == "Y") & dosing["DATE"].notna()]
    given, later = doses[doses["APERIOD"] == period], doses[doses["APERIOD"] > period]
    dated = given[["STUDYID", "USUBJID"]].drop_duplicates()
    for category, prefix in ROLES.items():
        dated = dated.merge(_doses(given[given["EXCAT"] == category], prefix), on="USUBJID", how="left")
    further = {"FURTRTDT": "DATE", "FURTSEQ": "EXSEQ"}
    dated = derive_vars_merged(dated, later, further, order=["DATE", "EXSEQ"]).assign(CARTSDY=float(study.infusion_day))
    dated = _treatment(dated, [ROLES[role.upper()] for role in study.study_treatment])
    return dated, _several(dated[dated["CARTMANY"] == "Y"], study.study)


def _treatment(dated: pd.DataFrame, prefixes: list[str]) -> pd.DataFrame:
    """Add TRTSDT and TRTSEQ, of the first of the roles that was given, and TRTEDT, the last day of any dose of them."""
    first = {f"TRT{end}": dated[[f"{prefix}{end}" for prefix in prefixes]].bfill(axis="columns").iloc[:, 0]
             for end in ("SDT", "SEQ")}  # fmt: skip
    return dated.assign(**first, TRTEDT=dated[[f"{prefix}ENDT" for prefix in prefixes]].max(axis="columns"))


def _doses(doses: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """One record per subject: first and last date, last end, sum and unit of the doses of a role, product, sequence."""
    first = filter_extreme(doses, ["USUBJID"], ["DATE", "EXSEQ"])
    names = {"DATE": f"{prefix}SDT", "EXTRT": f"{prefix}PROD", "EXDOSU": f"{prefix}DOSU", "EXSEQ": f"{prefix}SEQ"}
    last = doses.groupby("USUBJID", as_index=False).agg(
        **{f"{prefix}EDT": ("DATE", "max"), f"{prefix}ENDT": ("ENDDATE", "max")})
    sums = in_one_unit(doses, "EXDOSE", "EXDOSU", ["USUBJID"])
    sums = sums.rename(columns={"SUM": f"{prefix}DOSE", "MANY": f"{prefix}MANY"}).drop(columns="UNIT")
    found = first[["USUBJID", *names]].rename(columns=names)
    return found.merge(last, on="USUBJID", how="left").merge(sums, on="USUBJID", how="left")


def _several(people: pd.DataFrame, study: str) -> pd.DataFrame:
    """Findings of the subjects whose cells cannot be added."""
    return gather([pd.DataFrame({
        "check": "TRT-PRODUCTS", "severity": "minor", "form": "EX", "record": "", "field": "EXDOSE",
        "subject": people["USUBJID"].str.removeprefix(f"{study}-"), "value": people["CARTPROD"], "message": SEVERAL,
    })])
