"""The forms in which dates and times are written, and what each text says: one list, for everybody who reads a date.

| Written | Read as | Named |
|---|---|---|
| 12 MAR 2025, 12-mar-2025, 12/March/2025, 12MAR2025, 3 JUL 2025 | 2025-03-12 ... | DD MON YYYY |
| UN MAR 2025, NOV 2020, UN UNK 2025, 12 UNK 2025 | 2025-03, 2020-11, 2025, 2025---12 | DD MON YYYY |
| 2025-03-12, 2025-03, 2024-UN-UN, 2024---12, 2024-11-- | the same, unknown parts left away | YYYY-MM-DD |
| 2025/03/12, 2025.03.12, 2025 MAR 12 | 2025-03-12 | YYYY/MM/DD |
| 20250312 | 2025-03-12 | YYYYMMDD |
| MAR 12, 2025 | 2025-03-12 | MON DD YYYY |
| 2025, UN/UNK/2024, 00/00/2024 | 2025, 2024, 2024 | YYYY |
| 2025年3月12日, 2025年3月 | 2025-03-12, 2025-03 | YYYY/MM/DD |
| 12/03/2025, 12.03.2025, 03/2025, 12032025 | by the declared order, else not at all | DD/MM/YYYY, MM/DD/YYYY |

A time may follow each (T or blank or colon, hours and minutes, seconds and their fraction, AM or PM, a zone).
T24:00 is 00:00 of the next day. A time that is unknown (UN:UN) and the zone of an ISO date alone are left away. A
zone is left away: the calendar day and the clock as they were written count, for a day of the site must not become
another day in Greenwich; a clock with a zone is asked about (RAW-DATEZONE). Unknown parts are UN, UNK, UK, NK,
UNKNOWN, XX, XXX (Latin or Cyrillic), __, --, ??, 00. A year of two digits is never guessed, nor is the order of day
and month. Years lie within 1900 and 2099.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

MONTHS = ("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
          "DECEMBER")  # fmt: skip
MONTH_OF = {word: f"{at:02d}" for at, name in enumerate(MONTHS, start=1) for word in (name, name[:3])} | {"SEPT": "09"}
UNKNOWN = r"UNKNOWN|UNK|UN|UK|NK|XXX|XX|__|--|\?\?"
NO_NUMBER = rf"{UNKNOWN}|00"  # where digits stand, and two zeros can be nothing else
CYRILLIC = str.maketrans("Х", "X")
WRITTEN, ISO, SLASHED, BASIC = "DD MON YYYY", "YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD"
AMERICAN, YEAR, MONTH_YEAR, UNORDERED = "MON DD YYYY", "YYYY", "MM/YYYY", "NN/NN/YYYY"
ORDERS = {"DMY": "DD/MM/YYYY", "MDY": "MM/DD/YYYY", "YMD": SLASHED}
YEARS = range(1900, 2100)
NO_DAY, UNCERTAIN = "no such day", "not to be read for certain"
MIDNIGHT = "00:00"

_YEAR, _DAY, _NUMBER = r"(?P<year>\d{4})", rf"(?P<day>\d{{1,2}}|{UNKNOWN})", r"\d{1,2}"
_NAMED = "|".join(sorted(MONTH_OF, key=len, reverse=True))
_MONTH = rf"(?P<month>{_NAMED}|{UNKNOWN})"
_GAP = r"(?: ?[-/.,]? ?)"
# One form a line: its name, and how it is written; the first that fits counts.
CERTAIN = (
    (YEAR, _YEAR),
    (ISO, rf"{_YEAR}(?:-(?P<month>\d{{1,2}}|{UNKNOWN}|-)(?:-(?P<day>\d{{1,2}}|{UNKNOWN}|-))?)?"),
    (WRITTEN, rf"{_DAY}{_GAP}(?P<month>{_NAMED}){_GAP}{_YEAR}"),
    (WRITTEN, rf"{_DAY}(?P<s>[- ]?)(?P<month>{UNKNOWN})(?P=s){_YEAR}"),
    (YEAR, rf"(?:{NO_NUMBER})(?P<s>[-/. ])(?:{NO_NUMBER})(?P=s){_YEAR}"),
    (WRITTEN, rf"{_MONTH}{_GAP}{_YEAR}"),
    (BASIC, r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"),
    (SLASHED, rf"{_YEAR}(?P<s>[/. ])(?P<month>{_NUMBER}|{UNKNOWN})(?:(?P=s)(?P<day>{_NUMBER}|{UNKNOWN}))?"),
    (SLASHED, rf"{_YEAR}{_GAP}{_MONTH}(?:{_GAP}{_DAY})?"),
    (SLASHED, rf"{_YEAR}年(?:(?P<month>{_NUMBER}|{UNKNOWN})月(?:{_DAY}日)?)?"),
    (AMERICAN, rf"(?P<month>{_NAMED}){_GAP}{_DAY}(?:, ?| ){_YEAR}"),
)
DECLARED = (
    rf"(?P<first>{_NUMBER}|{UNKNOWN})(?P<s>[-/. ])(?P<second>{_NUMBER}|{UNKNOWN})(?P=s)(?P<year>\d{{4}})",
    r"(?P<first>\d\d)(?P<second>\d\d)(?P<year>\d{4})",
    r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
)
CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?: ?(?P<half>[AP])\.?M\.?)?"
    r"(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?"
)
BASIC_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:[.,]\d+)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?"

_CERTAIN = tuple((name, re.compile(pattern, re.ASCII)) for name, pattern in CERTAIN)
_DECLARED = tuple(re.compile(pattern, re.ASCII) for pattern in DECLARED)
_TIMED = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (rf"(?P<date>.+?)(?:T| ?: ?|,? ){CLOCK}", rf"(?P<date>[\d-]+)T{BASIC_CLOCK}")
)
_NO_TIME = rf"(?<=\d)[T ](?:{UNKNOWN}|--?):(?:{UNKNOWN}|--?)$"
_ASIDE = re.compile(rf"{_NO_TIME}|(?<=\d{{4}}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$", re.ASCII)
_CLOCK, _BASIC_CLOCK = re.compile(CLOCK, re.ASCII), re.compile(BASIC_CLOCK, re.ASCII)
_NOTHING = re.compile(rf"(?:{NO_NUMBER})(?:[-/. ]?(?:{NO_NUMBER}))*")


class Reading(NamedTuple):
    """What a text says: ISO 8601 date and clock ("" when not read), the name of its form, and its fault if any."""

    date: str = ""
    clock: str = ""
    form: str = ""
    fault: str = ""
    zoned: bool = False  # a clock besides midnight with a zone: the day may have been moved before it was written


@lru_cache(maxsize=200_000)
def reading(text: str, order: str = "") -> Reading:
    """One distinct date text; `order` (DMY, MDY, YMD) is that of all-numeric dates, where it was declared."""
    clean = _clean(text)
    for pattern in _TIMED:
        timed = pattern.fullmatch(clean)
        if timed:
            day = _at(_of_day(timed["date"], order), clock_of(timed))
            return day._replace(zoned=bool(day.clock and timed["zone"]))
    return _of_day(clean, order)


def _clean(text: str) -> str:
    """The text in plain capitals with single blanks, without a time or zone that says nothing of the day."""
    return _ASIDE.sub("", _plain(text))


def _plain(text: str) -> str:
    """Capitals and single blanks; letters and digits of double width, and a Cyrillic X, as what they look like."""
    return " ".join(unicodedata.normalize("NFKC", text).upper().translate(CYRILLIC).split())


def in_order(text: str, order: str) -> str:
    """An all-numeric date as ISO text by its declared order, whether a calendar has it or not; other text as it is."""
    clean = _clean(text)
    timed = next((match for match in (pattern.fullmatch(clean) for pattern in _TIMED) if match), None)
    date = timed["date"] if timed else clean
    if order not in ("DMY", "MDY") or _certain(date):
        return text
    for pattern in _DECLARED:
        match = pattern.fullmatch(date)
        if match:
            parts = _placed(match.groupdict(), order)
            return (
                "-".join(parts[name].zfill(2) for name in ("year", "month", "day") if parts[name]) + clean[len(date) :]
            )
    return text


@lru_cache(maxsize=200_000)
def says_nothing(text: str) -> bool:
    """True where the text says that nothing of the date is known ("UN UNK UNK", "UNK")."""
    return bool(_NOTHING.fullmatch(_plain(text)))


def order_of(word: str) -> str:
    """The order (DMY, MDY, YMD) that a declared form names ("DD.MM.YYYY", "dmy"), "" where it names none."""
    letters = re.sub(r"[^A-Z]", "", word.upper())
    plain = re.sub(r"(.)\1+", r"\1", letters)
    return plain if plain in ORDERS and "MON" not in letters else ""


def clock_reading(text: str) -> str:
    """A clock time as hh:mm[:ss] (24:00 stays, 00 seconds go), "" when no clock shows it or it is written otherwise."""
    clean = " ".join(text.upper().split())
    found = _CLOCK.fullmatch(clean) or _BASIC_CLOCK.fullmatch(clean)
    return clock_of(found) if found else ""


def clock_of(match: re.Match[str]) -> str:
    """hh:mm[:ss] of a matched clock, "" when no clock shows it."""
    parts = match.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if parts.get("half"):
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + 12 * (parts["half"] == "P")
    if not (hour < 24 and minute < 60 and second < 60) and (hour, minute, second) != (24, 0, 0):
        return ""
    return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")


def next_day(date: str) -> str:
    """The day after a complete ISO date."""
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days=1)).isoformat()


def _at(day: Reading, clock: str) -> Reading:
    """The day with its time; a time that no clock shows, or that belongs to a part of a date, makes no date."""
    if day.fault:
        return day
    if not clock:
        return Reading("", "", day.form, NO_DAY)
    if clock == MIDNIGHT:
        return day
    if len(day.date) < len("2025-03-12") or day.date[5] == "-":
        return Reading("", "", day.form, UNCERTAIN)
    return day._replace(date=next_day(day.date)) if clock == "24:00" else day._replace(clock=clock)


def _certain(clean: str) -> Reading | None:
    """A date in a form that needs no declaration."""
    for name, pattern in _CERTAIN:
        found = pattern.fullmatch(clean)
        if found:
            return _calendar(name, found.groupdict())
    return None


def _of_day(clean: str, order: str) -> Reading:
    certain = _certain(clean)
    if certain:
        return certain
    for pattern in _DECLARED:
        found = pattern.fullmatch(clean)
        if found:
            return _by_order(found.groupdict(), order)
    return Reading(fault=UNCERTAIN)


def _by_order(parts: dict[str, str | None], order: str) -> Reading:
    """An all-numeric date by the declared order, and by no other."""
    monthly = "month" in parts
    if order not in ("DMY", "MDY"):
        return Reading(form=MONTH_YEAR if monthly else UNORDERED, fault=UNCERTAIN)
    return _calendar(MONTH_YEAR if monthly else ORDERS[order], _placed(parts, order))


def _placed(parts: dict[str, str | None], order: str) -> dict[str, str]:
    """Year, month and day of an all-numeric date."""
    first, second = (parts.get(name) or "" for name in ("first", "second"))
    day, month = (second, first) if order == "MDY" else (first, second)
    return {"year": parts["year"] or "", "month": parts.get("month") or month, "day": day}


def _calendar(form: str, parts: Mapping[str, str | None]) -> Reading:
    """The date if a calendar has it; a day known in an unknown month is "2025---12"."""
    year = parts["year"] or ""
    month = _digits(MONTH_OF.get(parts.get("month") or "") or parts.get("month"))
    day = _digits(parts.get("day"))
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return Reading(form=form, fault=NO_DAY)
    if int(year) not in YEARS:
        return Reading(form=form, fault=NO_DAY)
    return Reading(f"{year}-{month or '-'}-{day}" if day else f"{year}-{month}" if month else year, form=form)


def _digits(part: str | None) -> str:
    """Two digits of a day or month, nothing of an unknown one (no calendar has a 00)."""
    return part.zfill(2) if part and part.isdigit() and int(part) else ""
