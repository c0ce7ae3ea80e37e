"""SUBJECTS: one record per subject before anything depends on anything, the root of ADSL."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import days_from, possible_days
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from pipeline.ground.course import ENROLMENT

DEMOGRAPHICS = ["STUDYID", "USUBJID", "SUBJID", "SITEID", "COUNTRY", "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "ARMCD",
                "ARM", "ACTARMCD", "ACTARM", "ARMNRS", "ACTARMUD", "RFSTDTC", "RFENDTC"]  # fmt: skip
MILESTONE, DISPOSITION = "PROTOCOL MILESTONE", "DISPOSITION EVENT"


def subjects(
    dm: pd.DataFrame, suppdm: pd.DataFrame, ds: pd.DataFrame, suppds: pd.DataFrame, pr: pd.DataFrame,
    exposure: pd.DataFrame, new_therapy: pd.DataFrame, survival_status: pd.DataFrame, baseline_scan: pd.DataFrame,
    dose_levels: pd.DataFrame,
) -> pd.DataFrame:
    """One record per subject of DM: the dates of what happened, from consent to death or last contact, and the cut.

    DCUTDY: days from the first infusion to the data cut, whatever became of the subject in between.
    """
    people = dm[DEMOGRAPHICS].assign(RFICDT=possible_days(dm["RFICDTC"])["FIRST"])
    people = derive_vars_supp(people, suppdm, ["PARTCD"]).rename(columns={"PARTCD": "COHORT"})
    people = _disposition(people, ds, suppds)
    leukapheresis = pr[pr["PRCAT"] == "LEUKAPHERESIS"]
    leukapheresis = leukapheresis.assign(DATE=possible_days(leukapheresis["PRSTDTC"])["FIRST"])
    people = derive_vars_merged(
        people, leukapheresis, {"LEUKDT": "DATE", "LEUKSEQ": "PRSEQ"}, order=["DATE", "PRSEQ"]
    )
    for added in (exposure, new_therapy, survival_status, baseline_scan, dose_levels):
        names = [name for name in added.columns if name not in people.columns]
        people = derive_vars_merged(people, added, names)
    return people.assign(DCUTDY=days_from(people["DCUTDT"], people["CARTSDT"]))


def _disposition(people: pd.DataFrame, ds: pd.DataFrame, suppds: pd.DataFrame) -> pd.DataFrame:
    """Add enrolment, screen failure and end of study; the last end-of-study record counts."""
    dated = ds.assign(DATE=possible_days(ds["DSSTDTC"])["FIRST"])
    enrolled = dated[(dated["DSCAT"] == MILESTONE) & dated["DSDECOD"].isin(ENROLMENT)]
    events = dated[dated["DSCAT"] == DISPOSITION]
    failed = events[events["DSDECOD"] == "SCREEN FAILURE"]
    ended = events[(events["DSSCAT"] == "STUDY PARTICIPATION") & (events["DSDECOD"] != "SCREEN FAILURE")]
    ended = derive_vars_supp(ended, suppds, ["CLINPD"], "DSSEQ")
    order = ["DATE", "DSSEQ"]
    people = derive_vars_merged(people, enrolled, {"ENRLDT": "DATE", "ENRDECOD": "DSDECOD"}, order=order)
    names = {"SFREAS": "DSTERM", "SFDECOD": "DSDECOD", "SCRFDT": "DATE"}
    people = derive_vars_merged(people, failed, names, order=order)
    names = {"EOSDT": "DATE", "EOSDECOD": "DSDECOD", "EOSTERM": "DSTERM", "EOSSEQ": "DSSEQ", "CLINPD": "CLINPD"}
    return derive_vars_merged(people, ended, names, order=order, mode="last")
