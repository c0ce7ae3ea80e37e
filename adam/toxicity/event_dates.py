"""When adverse events began, ended and were worst, beside the dose from which treatment emergence counts."""

from __future__ import annotations

import pandas as pd

from adam.derive.clock import dosing_days, earlier_that_day
from adam.derive.dates import earliest, latest_start, may_be, possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from adam.toxicity.events import TIME, with_dose_times

FROM = {"TREATMENT": "TRTSDT", "CONDITIONING": "CONDSDT", "CELLS": "CARTSDT", "LAST CELLS": "CARTEDT"}
ROLE = {"CONDITIONING": "CONDITIONING", "CELLS": "CELLS", "LAST CELLS": "CELLS"}
KEPT = ["STUDYID", "USUBJID", "AESEQ", "ASTDT", "ASTDTF", "AENDT", "AENDTF", "STARTLO", "STARTHI", "REFDT", "BEGUNFL",
        "MXDT", "WORSEFL", *TIME.values()]  # fmt: skip


def event_dates(
    ae: pd.DataFrame, suppae: pd.DataFrame, dosing: pd.DataFrame, subjects: pd.DataFrame, teae_from: str,
    onset_time: bool, cutoff: str, period: int,
) -> pd.DataFrame:
    """One record per adverse event.

    1. REFDT: the first treatment, conditioning or cells (or the last cells), as TEAE_FROM says.
    2. Partial start: the first of the month (year), but REFDT when that lies in it and the event did not end before.
       STARTLO and STARTHI are the days on which it may have begun.
    3. Partial end: the last possible day, not after death or data cut.
    4. BEGUNFL: Y when it began on REFDT or later; with ONSET_TIME not when its time is before that of the dose.
    5. CARTSTM and CARTETM: the times of the first and last cells, where ONSET_TIME asks for them.
    6. MXDT: the day of the maximum grade (REFDT when that is possible); WORSEFL: Y when it is above the grade at start,
       N where either is missing.
    """
    events = derive_vars_supp(ae, suppae, ["AEMXDTC", "AEGRST"], "AESEQ")
    people = _with_reference(subjects, dosing, teae_from, period)
    people = with_dose_times(people, dosing_days(dosing, period, "CELLS"), onset_time)
    events = derive_vars_merged(events, people, ["REFDT", "REFTM", "DTHDT", *TIME.values()])
    start, end, worst = (possible_days(events[dtc]) for dtc in ("AESTDTC", "AEENDTC", "AEMXDTC"))
    reference = events["REFDT"]
    begun = start["FIRST"].mask(may_be(start, reference) & ~(end["LAST"] < reference), reference)
    limit = events["DTHDT"].fillna(pd.Timestamp(cutoff)).clip(upper=pd.Timestamp(cutoff))
    ended = end["LAST"].mask(end["DTF"].notna() & (end["FIRST"] <= limit), earliest(end["LAST"], limit))
    before = earlier_that_day(events["AESTDTC"], reference, events["REFTM"]) & onset_time
    grade, grade_at_start = (pd.to_numeric(events[name], errors="coerce") for name in ("AETOXGR", "AEGRST"))
    return events.assign(
        ASTDT=begun, ASTDTF=start["DTF"], AENDT=ended, AENDTF=end["DTF"], STARTLO=start["FIRST"],
        STARTHI=latest_start(start, end), BEGUNFL=yes_no((begun >= reference) & ~before),
        MXDT=worst["FIRST"].mask(may_be(worst, reference), reference), WORSEFL=yes_no(grade > grade_at_start),
    )[KEPT]  # fmt: skip


def _with_reference(
    subjects: pd.DataFrame, dosing: pd.DataFrame, counted_from: str, period: int
) -> pd.DataFrame:
    """The subjects with the day from which emergence counts (REFDT), and the time of its first dose (REFTM)."""
    people = subjects.assign(REFDT=subjects[FROM[counted_from]])
    times = dosing_days(dosing, period, ROLE.get(counted_from, ""))
    times = times.rename(columns={"DATE": "REFDT", "CLOCK": "REFTM"})
    return derive_vars_merged(people, times, ["REFTM"], ["USUBJID", "REFDT"])
