"""What each subject was given: conditioning and cells."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.doses import doses_given
from adam.derive.merge import filter_extreme


def exposure(ex: pd.DataFrame) -> pd.DataFrame:
    """One record per treated subject: first and last doses of conditioning and cells.

    1. A dose of 0 is no dose; a dose given without a recorded amount is one.
    2. The first treatment date is the first conditioning, else the first cells (clarifications 2).
    3. A second bag or a later infusion does not move Day 0.
    """
    given = doses_given(ex)
    given = given.assign(DATE=possible_days(given["EXSTDTC"])["FIRST"]).dropna(subset=["DATE"])
    treated = given[["STUDYID", "USUBJID"]].drop_duplicates()
    conditioning = _doses(given[given["EXCAT"] == "CONDITIONING"], "COND")
    cells = _doses(given[given["EXCAT"] == "CELLS"], "CART")
    dated = treated.merge(conditioning, on="USUBJID", how="left").merge(cells, on="USUBJID", how="left")
    return dated.assign(
        TRTSDT=dated["CONDSDT"].fillna(dated["CARTSDT"]),
        TRTEDT=dated[["CONDEDT", "CARTEDT"]].max(axis="columns"),
    )


def _doses(doses: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """One record per subject: first and last date, sum and unit of the doses of one role, product and sequence."""
    first = filter_extreme(doses, ["USUBJID"], ["DATE", "EXSEQ"])
    names = {"DATE": f"{prefix}SDT", "EXTRT": f"{prefix}PROD", "EXDOSU": f"{prefix}DOSU", "EXSEQ": f"{prefix}SEQ"}
    sums = doses.groupby("USUBJID").agg(
        **{f"{prefix}EDT": ("DATE", "max"), f"{prefix}DOSE": ("EXDOSE", lambda dose: dose.sum(min_count=1))}
    )
    return first[["USUBJID", *names]].rename(columns=names).merge(sums, on="USUBJID", how="left")
