"""Planned time points: which of them lie before the dose and which after it (SDTMIG 3.4, --TPT and --ELTM)."""

import pandas as pd

BEFORE = r"\b(?:PRE|PRE-?DOSE|BEFORE|PRIOR TO)\b"
AFTER = r"\b(?:POST|POST-?DOSE|AFTER)\b"


def side_of_dose(points: pd.Series) -> pd.Series:
    """BEFORE or AFTER the dose by the name of a planned time point; missing where it says neither, or both."""
    said = points.astype("str").str.upper()
    before, after = said.str.contains(BEFORE, regex=True), said.str.contains(AFTER, regex=True)
    side = pd.Series("BEFORE", index=points.index, dtype="str").where(before.eq(True) & ~after.eq(True))
    return side.mask(after.eq(True) & ~before.eq(True), "AFTER")


def planned_before(records: pd.DataFrame, domain: str) -> pd.Series:
    """True for a record planned before the dose, False for one planned after it; missing where nothing is said.

    The name of the time point decides (VSTPT), else the planned elapsed time (VSELTM), which is negative before.
    """
    nothing = pd.Series(None, index=records.index, dtype="str")
    side = side_of_dose(records.get(f"{domain}TPT", nothing))
    elapsed = records.get(f"{domain}ELTM", nothing).astype("str")
    side = side.fillna(elapsed.where(elapsed.isna(), "AFTER").mask(elapsed.str.startswith("-").eq(True), "BEFORE"))
    return side.map({"BEFORE": True, "AFTER": False}).astype("boolean")
