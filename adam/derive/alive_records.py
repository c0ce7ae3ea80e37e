"""Records that show a subject alive, under common names."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.merge import filter_extreme


def seen_alive(records: pd.DataFrame, domain: str, variable: str = "") -> pd.DataFrame:
    """One record per subject and date text (--DTC, else `variable`): DATE, LALVDOM, LALVVAR, LALVSEQ.

    The first of a day's records is named; a partial date counts by its first possible day; no date shows nothing.
    """
    variable = variable or f"{domain}DTC"
    days = filter_extreme(records, ["USUBJID", variable], [f"{domain}SEQ"])
    return pd.DataFrame({
        "STUDYID": days["STUDYID"], "USUBJID": days["USUBJID"], "DATE": possible_days(days[variable])["FIRST"],
        "LALVDOM": pd.Series(domain, index=days.index, dtype="str"),
        "LALVVAR": pd.Series(variable, index=days.index, dtype="str"), "LALVSEQ": days[f"{domain}SEQ"],
    }).dropna(subset=["DATE"])
