"""The adverse events that are dose-limiting by what the plan says of them, whenever they happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.derive.clock import dosing_days, earlier_that_day
from adam.derive.dates import latest_start, possible_days
from adam.derive.flags import yes_no
from adam.derive.sources import seen
from pipeline.ground.clauses import meeting, meets
from pipeline.ground.dlt import Allowance, DltPlan

PLACE = "dlt.yaml"


def dlt_events(
    adae: pd.DataFrame, subjects: pd.DataFrame, dosing: pd.DataFrame, dlt: DltPlan, onset_time: bool, cutoff: str,
    period: int, **named: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One record per adverse event that is dose-limiting and not allowable, or per record of a form that tells DLTs."""
    if dlt.of:
        return _told_by_form(named[dlt.of], subjects, dlt)
    return limiting_events(adae, subjects, dlt, cutoff, doses_of(dosing, dlt, onset_time, period))


def doses_of(dosing: pd.DataFrame, dlt: DltPlan, onset_time: bool, period: int) -> pd.DataFrame:
    """One record per subject and day of dosing: DATE and CLOCK of the first dose; none where times do not count."""
    days = dosing_days(dosing, period, "CELLS" if dlt.med == "CELLS" else "")
    return days if onset_time else days.head(0)


def _told_by_form(records: pd.DataFrame, subjects: pd.DataFrame, dlt: DltPlan) -> pd.DataFrame:
    """The records that say that a DLT began on their date, under the names of events; AESEQ is their own number."""
    told = meeting(seen(records, dlt.of, subjects), dlt.events, f"{PLACE}, events")
    never = pd.Series(pd.NaT, index=told.index, dtype="datetime64[s]")
    return told[["STUDYID", "USUBJID", "SRCDOM", "SRCVAR"]].assign(
        AESEQ=told["SRCSEQ"], EARLYDT=never, STARTLO=told["ADT"], STARTHI=told["ADTHI"], MAXLO=never, MAXHI=never,
        WORSENFL="N",
    )


def limiting_events(
    adae: pd.DataFrame, subjects: pd.DataFrame, dlt: DltPlan, cutoff: str, doses: pd.DataFrame
) -> pd.DataFrame:
    """One record per adverse event that is dose-limiting: STARTLO, STARTHI, MAXLO, MAXHI, EARLYDT, WORSENFL, source.

    These are the days on which it may have begun and reached its maximum grade. A partial start is not later than the
    known end of the event. Without any start date all days are possible. EARLYDT: the day of a dose on which it began
    before the dose. WORSENFL: counts, if it began before the period, from its maximum grade.
    """
    events = seen(adae, "AE", subjects)
    limits = meets(events, dlt.events, f"{PLACE}, events") & ~allowable(events, dlt.allowable, cutoff)
    events = events[limits]
    start, end, worst = (possible_days(events[dtc]) for dtc in ("AESTDTC", "AEENDTC", "AEMXDTC"))
    return events[["STUDYID", "USUBJID", "AESEQ"]].assign(
        SRCDOM="AE", SRCVAR="AESTDTC", EARLYDT=_begun_before(events, start["FIRST"], doses),
        STARTLO=start["FIRST"], STARTHI=latest_start(start, end), MAXLO=worst["FIRST"], MAXHI=worst["LAST"],
        WORSENFL=yes_no(meets(events, dlt.worsened, f"{PLACE}, worsened")),
    )


def _begun_before(events: pd.DataFrame, start: pd.Series, doses: pd.DataFrame) -> pd.Series:
    """The day of a dose on which an event began earlier than the dose by the clock; missing for all others."""
    days = pd.DataFrame({"USUBJID": events["USUBJID"], "DATE": start}, index=events.index)
    clock = days.merge(doses[["USUBJID", "DATE", "CLOCK"]], on=["USUBJID", "DATE"], how="left")["CLOCK"]
    return start.where(earlier_that_day(events["AESTDTC"], start, clock.set_axis(events.index)))


def allowable(events: pd.DataFrame, allowance: Allowance, cutoff: str) -> pd.Series:
    """True for expected events: a listed preferred term, not above its grade, not longer than its days.

    The days are a plain difference of two complete dates on or before the cut (of each list of variables the first
    that has a value); where one is missing, partial or later, or the difference is negative, an event whose term has
    a limit of days is not allowable. A missing grade never is.
    """
    term = events["AEDECOD"].str.upper()
    grades = {one.term.upper(): one.max_grade for one in allowance.terms}
    limits = {one.term.upper(): np.inf if one.max_days is None else one.max_days for one in allowance.terms}
    expected = events["ATOXGRN"] <= term.map(grades).astype("float64")
    limit = term.map(limits).astype("float64")
    begin, end = (_whole_day(events, names, cutoff) for names in (allowance.begins, allowance.ends))
    days = (end - begin).dt.days
    return expected & (limit.eq(np.inf) | (days.ge(0) & (days <= limit)))


def _whole_day(events: pd.DataFrame, names: tuple[str, ...], cutoff: str) -> pd.Series:
    """The first of the variables that has a value, as a day; missing where it is partial or after the cut."""
    text = pd.Series(np.nan, index=events.index, dtype="str")
    for name in names:
        text = text.fillna(events[name].astype("str"))
    days = possible_days(text)
    return days["FIRST"].where(days["DTF"].isna() & (days["FIRST"] <= pd.Timestamp(cutoff)))
