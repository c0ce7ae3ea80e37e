"""The adverse events that the investigator ticked as dose-limiting."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import latest_start, possible_days
from adam.derive.merge import derive_vars_supp


def dlt_ticks(ae: pd.DataFrame, suppae: pd.DataFrame) -> pd.DataFrame:
    """One record per adverse event ticked as DLT: the days on which it may have begun and reached its maximum grade.

    A partial start is not later than the known end of the event. Without any start date all days are possible.
    """
    events = derive_vars_supp(ae, suppae, ["DLTYN", "AEMXDTC"], "AESEQ")
    events = events[events["DLTYN"] == "Y"]
    start, end, worst = (possible_days(events[dtc]) for dtc in ("AESTDTC", "AEENDTC", "AEMXDTC"))
    return events[["STUDYID", "USUBJID", "AESEQ"]].assign(
        STARTLO=start["FIRST"], STARTHI=latest_start(start, end),
        MAXLO=worst["FIRST"], MAXHI=worst["LAST"],
    )
