"""The records of one toxicity: which are told, when they may have begun, and which lie in its window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from adam.derive.clock import earlier_that_day
from adam.derive.dates import add_days, date_of_day, earliest, latest, latest_start, overlaps, possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from adam.derive.sources import seen
from pipeline.ground.clauses import meets, names
from pipeline.ground.toxicities import FIRST, LAST, ToldBy, Toxicity, ToxicityWindow, domain_of

INFUSION = {FIRST: "CARTSDT", LAST: "CARTEDT"}
TIME = {FIRST: "CARTSTM", LAST: "CARTETM"}
EVER = pd.Timestamp("1678-01-01")
TERM = "AEDECOD"


def is_told(records: pd.DataFrame, told: ToldBy) -> pd.Series:
    """True for the records with one of the terms, whatever their case, or that meet the clause."""
    if not told.terms:
        return meets(records, told.where)
    by_term = records[TERM].str.upper().isin([term.upper() for term in told.terms])
    return by_term | meets(records, told.where) if told.where else by_term


def records_seen(
    datasets: Iterable[str], people: pd.DataFrame, named: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The records of these subjects in each of the datasets, as seen."""
    return {of: seen(named[of][named[of]["USUBJID"].isin(people["USUBJID"])], of, people) for of in datasets}


def told_records(told: ToldBy, named: Mapping[str, pd.DataFrame], more: str = "") -> pd.DataFrame:
    """The records in the dataset told, which are as seen already, with the qualifiers that its clause (or `more`) asks.

    Those that the clause does not hold of are among them; `is_told` says which.
    """
    records = named[told.of]
    asked = [name for name in (*names(told.where), *names(more)) if name not in records.columns]
    if not asked:
        return records
    return derive_vars_supp(records, named[f"supp{domain_of(told.of)}"], asked, f"{domain_of(told.of).upper()}SEQ")


def toxicity_events(
    toxicity: Toxicity, named: Mapping[str, pd.DataFrame], fatal_grade: str, more: str = ""
) -> pd.DataFrame:
    """The records that tell the toxicity, in any window, one each: when, which grade, whether fatal.

    START and STARTDTF, STARTLO and STARTHI (the days on which it may have begun), END and ENDDTF; GRADE, 5 where the
    cause of death cites the toxicity; FATAL: by outcome, or (FATAL_GRADE is RECORDED) by grade 5.
    """
    records = told_records(toxicity.events, named, more)
    flagged = toxicity.flag in records.columns
    records = records[records[toxicity.flag].eq("Y") if flagged else is_told(records, toxicity.events)]
    records = records.assign(**_dates(records, domain_of(toxicity.events.of).upper()))
    text = records[toxicity.grade.variable] if toxicity.grade.variable else pd.Series(float("nan"), records.index)
    words = {word.upper(): f"{grade}" for word, grade in toxicity.grade.words.items()}
    shouted = text.astype("str").str.upper()
    grade = pd.to_numeric(shouted.map(words).fillna(shouted) if words else text, errors="coerce")
    if fatal_grade == "RECORDED":
        return records.assign(GRADE=grade, FATAL=yes_no(grade == 5))
    outcome = records["AEOUT"].eq("FATAL") if "AEOUT" in records else pd.Series(False, records.index)
    return records.assign(GRADE=grade.mask(_cited(records["DTHCAUS"], toxicity.cited), 5), FATAL=yes_no(outcome))


def unread_grades(toxicity: Toxicity, events: pd.DataFrame) -> pd.DataFrame:
    """Findings of events without a grade, which are no grade 0: what is collected is none, or nothing is.

    A grade is missed where it is asked for (a maximum, the worst episode). Where no event has one the variable is
    asked about, once.
    """
    variable = toxicity.grade.variable
    text = events[variable] if variable else pd.Series(float("nan"), events.index)
    asked = {"maximum"} & {one.what for one in toxicity.parameters} or toxicity.episodes.onset == "worst"
    unread = events[events["GRADE"].isna() & (text.notna() | bool(asked))]
    value = text.reindex(unread.index).astype("str").fillna("")
    if len(unread) > 1 and value.eq("").all() and len(unread) == len(events):
        unread, value = unread.head(1), value.head(1)
        message = (f"None of {len(events):,} events of {toxicity.name} has a grade in {variable or 'any variable'}, so "
                   "none is graded; say under `grade:` of toxicities.yaml which variable holds it, or map it.")
        return _without_grade(unread, variable, value, message).assign(record="", subject="")
    message = (f"This is no grade of {toxicity.name}, so the event counts without one; correct it, or say which "
               "number it is under `grades:` of toxicities.yaml.")
    missing = f"An event of {toxicity.name} has no grade, so it counts without one; enter the grade."
    return _without_grade(unread, variable, value, pd.Series(message, unread.index).mask(value.eq(""), missing))


def _without_grade(events: pd.DataFrame, variable: str, value: pd.Series, message: pd.Series | str) -> pd.DataFrame:
    study = "".join(events["STUDYID"].iloc[:1])
    number = events["SRCSEQ"].astype("Int64").astype("str")
    return pd.DataFrame({
        "check": "TOX-GRADE", "severity": "major", "form": events["SRCDOM"],
        "record": events["SRCDOM"] + "SEQ=" + number, "subject": events["USUBJID"].str.removeprefix(f"{study}-"),
        "field": variable, "value": value, "message": message,
    })  # fmt: skip


def _cited(cause: pd.Series, words: tuple[str, ...]) -> pd.Series:
    """True where the cause of death says one of the words, as words of their own and whatever their case."""
    if not words:
        return pd.Series(False, cause.index)
    told = "|".join(rf"\b{_plain(word.upper())}\b" for word in words)
    return cause.str.upper().str.contains(told, na=False)


def _plain(text: str) -> str:
    """A text as the pattern that stands for itself."""
    return "".join(sign if sign.isalnum() or sign == " " else f"\\{sign}" for sign in text)


def _dates(records: pd.DataFrame, domain: str) -> dict[str, pd.Series]:
    """Start, the days on which it may have begun, and end; a record of one day ends on it."""
    ends = f"{domain}ENDTC"
    if ends not in records:
        return {"START": records["ADT"], "STARTDTF": records["ADTF"], "STARTLO": records["ADT"],
                "STARTHI": records["ADTHI"], "END": records["ADT"], "ENDDTF": records["ADTF"]}  # fmt: skip
    start, end = possible_days(records[f"{domain}STDTC"]), possible_days(records[ends])
    finished = {"END": records["AENDT"], "ENDDTF": records["AENDTF"]} if "AENDT" in records else \
        {"END": end["LAST"], "ENDDTF": end["DTF"]}  # fmt: skip
    return {"START": records["ADT"], "STARTDTF": records["ADTF"], "STARTLO": start["FIRST"],
            "STARTHI": latest_start(start, end), **finished}  # fmt: skip


def window_days(records: pd.DataFrame, window: ToxicityWindow) -> tuple[pd.Series, pd.Series]:
    """First and last day of the window for each record's subject; a missing last day is open."""
    first = records[INFUSION[window.low_from]]
    low = date_of_day(first, window.low, records) if window.low is not None else first.mask(first.notna(), EVER)
    high = records[INFUSION[window.high_from]]
    high = date_of_day(high, window.high, records) if window.high is not None else high.mask(high.notna(), pd.NaT)
    ends = [records[name].where(~(records[name] < first)) for name in window.before]
    return low, earliest(high, *(add_days(day, -1) for day in ends))


def in_window(
    records: pd.DataFrame, window: ToxicityWindow, dtc: str, days: tuple[str, ...] = ("START", "STARTLO", "STARTHI")
) -> pd.Series:
    """True where the days on which a record may have begun (`days`: by imputation, from, to) meet the window.

    By `partial` a day that is not known lies in none, or is its first possible one, but that of the infusion where it
    may be (undated: where it may lie). A window that begins on the day of an infusion leaves out what began on it
    before the dose, where clock times (of `dtc`) count.
    """
    low, high = window_days(records, window)
    day, first, last = (records[name] for name in days)
    if window.partial == "first":
        infusion = records[INFUSION[window.low_from]]
        day = day.mask((day < infusion) & (last >= infusion) & ~first.eq(last), infusion)
        first, last = day.fillna(first), day.fillna(last)
    inside = overlaps(first, last, low, high) & ~(high < low)
    if window.low is not None and dtc in records:
        on_dose = low.eq(records[INFUSION[window.low_from]])
        inside &= ~(on_dose & earlier_that_day(records[dtc], low, records[TIME[window.low_from]]))
    return inside & first.eq(last) if window.partial == "never" else inside


def with_dose_times(subjects: pd.DataFrame, days: pd.DataFrame, onset_time: bool) -> pd.DataFrame:
    """The subjects with the clock times of their first and last cells; missing where ONSET_TIME leaves them out."""
    counted = days if onset_time else days.assign(CLOCK=days["CLOCK"].mask(days["CLOCK"].notna()))
    for infusion, name in TIME.items():
        times = counted.rename(columns={"DATE": INFUSION[infusion], "CLOCK": name})
        subjects = derive_vars_merged(subjects, times, [name], ["USUBJID", INFUSION[infusion]])
    return subjects


def begun_in(events: pd.DataFrame, window: ToxicityWindow, dtc: str) -> pd.DataFrame:
    """The events that may have begun in the window; what may have begun before it starts on its first day."""
    counted = events[in_window(events, window, dtc)]
    low, _ = window_days(counted, window)
    start = latest(counted["START"], low) if window.low is not None else counted["START"]
    return counted.assign(START=start, STARTDTF=counted["STARTDTF"].mask(start.isna() | counted["START"].isna(), "Y"))


def begun_before_infusion(events: pd.DataFrame, number: int, days: pd.DataFrame, dtc: str) -> pd.DataFrame:
    """The events that began before the subject's infusion of this number: on a day before, or earlier that day.

    A partial start, or one without a time on that day, is not before.
    """
    dose = days[days["NTH"] == number].rename(columns={"DATE": "NTHDT", "CLOCK": "NTHTM"})
    beside = derive_vars_merged(events[["USUBJID"]], dose, ["NTHDT", "NTHTM"]).set_axis(events.index)
    before = events["STARTDTF"].isna() & (events["START"] < beside["NTHDT"])
    return events[before | earlier_that_day(events[dtc], beside["NTHDT"], beside["NTHTM"])]
