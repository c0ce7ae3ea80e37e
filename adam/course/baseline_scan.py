"""The baseline scan of each treated subject (analysis plan F0-11)."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged

CT_TESTS = ["LDIAM", "LPERP", "TUMSTATE"]
PET_TEST = "PETEVAL"


def baseline_scan(tr: pd.DataFrame, exposure: pd.DataFrame) -> pd.DataFrame:
    """One record per treated subject: the date of the baseline scan and whether there is a baseline PET.

    1. The last evaluable scan (CT or PET) on or before the first conditioning dose.
    2. Without one, the last before the first cells, flagged (BASEFBFL) when it lies after the conditioning.
    3. A baseline PET (BASEPTFL) is an evaluable PET within the same limits.
    """
    measured = tr["TRTESTCD"].isin(CT_TESTS) & tr["TRSTRESC"].notna() & tr["TRSTRESC"].ne("NE")
    done = tr[measured | (tr["TRTESTCD"].eq(PET_TEST) & tr["TRSTRESC"].eq("Y"))]
    scans = derive_vars_merged(done, exposure, ["CONDSDT", "CARTSDT"])
    scans = scans.assign(DATE=possible_days(scans["TRDTC"])["FIRST"])
    first = _last(scans[scans["DATE"] <= scans["CONDSDT"]], "FIRST")
    later = _last(scans[scans["DATE"] < scans["CARTSDT"]], "LATER")
    treated = exposure[["STUDYID", "USUBJID", "CONDSDT"]].merge(first, on="USUBJID", how="left")
    treated = treated.merge(later, on="USUBJID", how="left")
    date = treated["FIRST"].fillna(treated["LATER"])
    before = (scans["DATE"] <= scans["CONDSDT"]) | (scans["DATE"] < scans["CARTSDT"])
    pets = scans[(scans["TRTESTCD"] == PET_TEST) & before]
    return treated.assign(
        BASESCDT=date, BASEFBFL=yes_no(date > treated["CONDSDT"]).where(date.notna()),
        BASEPTFL=yes_no(treated["USUBJID"].isin(pets["USUBJID"])),
    )


def _last(scans: pd.DataFrame, name: str) -> pd.DataFrame:
    """One record per subject: the date of the last of the scans."""
    return scans.groupby("USUBJID").agg(**{name: ("DATE", "max")})
