"""The records of one toxicity: which are told, when they may have begun, and which lie in its window."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from adam.derive.dates import add_days, earliest, latest, latest_start, overlaps, possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_supp
from adam.derive.sources import seen
from pipeline.ground.clauses import meets, names
from pipeline.ground.toxicities import LAST, ToldBy, Toxicity, ToxicityWindow

INFUSION = {"first": "CARTSDT", LAST: "CARTEDT"}
EVER = pd.Timestamp("1678-01-01")
TERM = "AEDECOD"


def is_told(records: pd.DataFrame, told: ToldBy) -> pd.Series:
    """True for the records with one of the terms, whatever their case, or that meet the clause."""
    if not told.terms:
        return meets(records, told.where)
    by_term = records[TERM].str.upper().isin([term.upper() for term in told.terms])
    return by_term | meets(records, told.where) if told.where else by_term


def told_records(told: ToldBy, people: pd.DataFrame, named: Mapping[str, pd.DataFrame], more: str = "") -> pd.DataFrame:
    """The records of these subjects in the dataset told, as seen, with the qualifiers that its clause (or `more`) asks.

    Those that the clause does not hold of are among them; `is_told` says which.
    """
    dataset = named[told.of]
    dataset = dataset[dataset["USUBJID"].isin(people["USUBJID"])]
    records = seen(dataset, told.of, people)
    asked = [name for name in (*names(told.where), *names(more)) if name not in records.columns]
    if not asked:
        return records
    return derive_vars_supp(records, named[f"supp{_domain(told.of)}"], asked, f"{_domain(told.of).upper()}SEQ")


def _domain(dataset: str) -> str:
    """The SDTM domain whose records a dataset has: itself, or that of ADAE and the like."""
    return dataset.removeprefix("ad") if len(dataset) > 2 else dataset


def toxicity_events(
    toxicity: Toxicity, people: pd.DataFrame, named: Mapping[str, pd.DataFrame], fatal_grade: str, more: str = ""
) -> pd.DataFrame:
    """The records that tell the toxicity, in any window, one each: when, which grade, whether fatal.

    START and STARTDTF, STARTLO and STARTHI (the days on which it may have begun), END and ENDDTF; GRADE, 5 where the
    cause of death cites the toxicity; FATAL: by outcome, or (FATAL_GRADE is RECORDED) by grade 5.
    """
    records = told_records(toxicity.events, people, named, more)
    flagged = toxicity.flag in records.columns
    records = records[records[toxicity.flag].eq("Y") if flagged else is_told(records, toxicity.events)]
    records = records.assign(**_dates(records, _domain(toxicity.events.of).upper()))
    text = records[toxicity.grade.variable] if toxicity.grade.variable else pd.Series(float("nan"), records.index)
    words = {word.upper(): f"{grade}" for word, grade in toxicity.grade.words.items()}
    shouted = text.astype("str").str.upper()
    grade = pd.to_numeric(shouted.map(words).fillna(shouted) if words else text, errors="coerce")
    if fatal_grade == "RECORDED":
        return records.assign(GRADE=grade, FATAL=yes_no(grade == 5))
    outcome = records["AEOUT"].eq("FATAL") if "AEOUT" in records else pd.Series(False, records.index)
    return records.assign(GRADE=grade.mask(_cited(records["DTHCAUS"], toxicity.cited), 5), FATAL=yes_no(outcome))


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
    low = add_days(first, window.low) if window.low is not None else first.mask(first.notna(), EVER)
    high = records[INFUSION[window.high_from]]
    high = add_days(high, window.high) if window.high is not None else high.mask(high.notna(), pd.NaT)
    return low, earliest(high, *(add_days(records[name], -1) for name in window.before))


def in_window(records: pd.DataFrame, window: ToxicityWindow, first: pd.Series, last: pd.Series) -> pd.Series:
    """True where days first..last meet the window; with `partial: never` a day that is not known lies in none."""
    low, high = window_days(records, window)
    inside = overlaps(first, last, low, high) & ~(high < low)
    return inside if window.partial else inside & first.eq(last)


def begun_in(events: pd.DataFrame, window: ToxicityWindow) -> pd.DataFrame:
    """The events that may have begun in the window; what may have begun before it starts on its first day."""
    counted = events[in_window(events, window, events["STARTLO"], events["STARTHI"])]
    low, _ = window_days(counted, window)
    start = latest(counted["START"], low) if window.low is not None else counted["START"]
    return counted.assign(START=start, STARTDTF=counted["STARTDTF"].mask(start.isna() | counted["START"].isna(), "Y"))
