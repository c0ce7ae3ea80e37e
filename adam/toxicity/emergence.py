"""Which adverse events are treatment-emergent (clarifications 14, 15; ICH E9, treatment emergent)."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import date_of_day
from adam.derive.flags import yes_only
from adam.derive.merge import derive_vars_merged

TO = {"FIRST": "CARTSDT", "LAST": "CARTEDT"}


def emergence(
    event_dates: pd.DataFrame, subjects: pd.DataFrame, teae_end_day: int | None, teae_to: str, teae_newtx: bool,
    teae_no_start: bool, teae_worsened: bool, teae_worse_grade: bool, teae_no_max: bool,
) -> pd.DataFrame:
    """One record per adverse event: TRTEMFL, and TRTEMDT, the day that says so.

    1. It began on the day from which emergence counts or later, to TEAE_END_DAY after the first or last infusion
       (TEAE_TO; none, or never infused: to the end); with TEAE_NEWTX before a new anticancer therapy.
    2. With TEAE_WORSENED one that began before and reached its maximum grade in this time counts from that day; with
       TEAE_WORSE_GRADE only where that is above the grade at start. Without a date of the maximum it was at the start;
       with TEAE_NO_MAX such an event counts when its maximum is above the grade at start.
    3. Without a start date it is emergent when TEAE_NO_START says so, unless it ended before.
    """
    events = derive_vars_merged(event_dates, subjects, ["CARTSDT", "CARTEDT", "CARTSDY", "NACTDT"])
    start, reference, worse = events["ASTDT"], events["REFDT"], events["WORSEFL"].eq("Y")
    begun = events["BEGUNFL"].eq("Y")
    reached = events["MXDT"].mask(events["MXDT"].isna() & worse & teae_no_max, reference)
    later = teae_worsened & ~begun & (reached >= reference) & (worse | (not teae_worse_grade))
    day = start.mask(later, reached)
    last = events[TO[teae_to]]
    last = date_of_day(last, teae_end_day, events) if teae_end_day is not None else last.mask(last.notna(), pd.NaT)
    dated = (begun | later) & (last.isna() | (day <= last))
    if teae_newtx:
        dated &= ~(day >= events["NACTDT"])
    undated = day.isna() & reference.notna() & ~(events["AENDT"] < reference)
    emergent = dated | (undated & teae_no_start)
    keys = ["STUDYID", "USUBJID", "AESEQ"]
    return events[keys].assign(TRTEMFL=yes_only(emergent), TRTEMDT=day.where(dated))
