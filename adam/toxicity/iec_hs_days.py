"""Days on which the laboratory criteria of the HLH-like syndrome of immune effector cells hold (analysis plan 3.7)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.iec_hs import iec_hs
from adam.derive.merge import derive_vars_merged

TEST = ["USUBJID", "PARAMCD"]


def iec_hs_days(
    adlb: pd.DataFrame, subjects: pd.DataFrame, iechs: pd.DataFrame, iechs_common: int, iechs_days: int
) -> pd.DataFrame:
    """One record per infused subject and day from the infusion on with a result that is needed (ferritin): MET.

    MET is 1 where that criterion holds and so many others (IECHS_COMMON) within IECHS_DAYS days around it, else 0. The
    baseline is the last result on or before the day of the infusion.
    """
    people = subjects.loc[subjects["CARTSDT"].notna(), ["USUBJID", "CARTSDT"]]
    results = adlb[adlb["PARAMCD"].isin(iechs["lbtestcd"]) & adlb["AVAL"].notna()]
    results = results.drop(columns="CARTSDT", errors="ignore").merge(people, on="USUBJID")
    before = results[results["ADT"] <= results["CARTSDT"]]
    base = {"BASE": "AVAL", "BNRIND": "ANRIND"}
    results = results.drop(columns=list(base))
    results = derive_vars_merged(results, before, base, by_vars=TEST, order=["ADT", "SRCSEQ"], mode="last")
    after = results[results["ADT"] >= results["CARTSDT"]]
    return iec_hs(after.reset_index(drop=True), iechs, iechs_common, iechs_days)
