"""Dates as collected, as ISO 8601 text, and as the days they may stand for."""

import calendar
import datetime
import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd

MONTHS = {
    "JAN": "01", "FEB": "02", "MAR": "03", "APR": "04", "MAY": "05", "JUN": "06",
    "JUL": "07", "AUG": "08", "SEP": "09", "OCT": "10", "NOV": "11", "DEC": "12",
}
UNKNOWN = "UNK|UN|UK|NK"
COLLECTED = re.compile(rf"(\d{{1,2}}|{UNKNOWN})[ \-]?([A-Z]{{3}}|{UNKNOWN})[ \-]?(\d{{4}})")
ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
STORED = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}|-)(?:-(?P<day>\d{2}))?)?")
CLOCK = r"^(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?$"


def iso_date(collected: pd.Series) -> pd.Series:
    """Date text as collected to ISO 8601, unknown parts left away ("UN MAR 2025" is "2025-03"); one value per record.

    Case and blanks are forgiven, and ISO text or 2025/03/12 is taken too. A date that cannot be read, that no calendar
    has (31 FEB), or of a year outside 1900 to 2099 is missing. A day known in an unknown month is "2025---12".
    """
    texts = collected.dropna().unique()
    return collected.map({text: _iso_of_text(text) for text in texts}).astype("str")


@lru_cache(maxsize=100_000)
def _iso_of_text(text: str) -> str | None:
    """ISO 8601 of one distinct date text, None when it cannot be read."""
    clean = " ".join(text.upper().split())
    site, iso = COLLECTED.fullmatch(clean), ISO.fullmatch(clean)
    if site:
        day, month, year = (part if part.isdigit() else MONTHS.get(part, "") for part in site.groups())
        if not month and site.group(2) not in UNKNOWN.split("|"):
            return None
    elif iso:
        year, month, day = (part or "" for part in iso.groups())
    else:
        return None
    month, day = month and month.zfill(2), day and day.zfill(2)
    try:
        possible = 1900 <= datetime.date(int(year), int(month or 1), int(day or 1)).year <= 2099
    except ValueError:
        return None
    written = f"{year}-{month or '-'}-{day}" if day else f"{year}-{month}" if month else year
    return written if possible else None


def iso_time(collected: pd.Series) -> pd.Series:
    """Clock time as collected to hh:mm; missing when no clock shows it (25:70)."""
    parts = collected.str.strip().str.extract(CLOCK)
    possible = (pd.to_numeric(parts["hour"]) < 24) & (pd.to_numeric(parts["minute"]) < 60)
    return (parts["hour"].str.zfill(2) + ":" + parts["minute"]).where(possible).astype("str")


def is_unknown(collected: pd.Series) -> pd.Series:
    """True where the site says that nothing of the date is known ("UN UNK UNK"): missing, but not a mistake."""
    pattern = rf"\s*(?:{UNKNOWN})[ \-]?(?:{UNKNOWN})[ \-]?(?:{UNKNOWN})\s*"
    return collected.str.upper().str.fullmatch(pattern).fillna(False).astype(bool)


def iso_datetime(date: pd.Series, time: pd.Series) -> pd.Series:
    """ISO date with its clock time; the time is left away where the date is partial or the time unknown."""
    with_time = date + "T" + time
    return with_time.where(is_complete(date) & time.notna(), date).astype("str")


def is_complete(iso: pd.Series) -> pd.Series:
    """True where an ISO date (or date-time) has year, month and day."""
    return iso.str.match(r"^\d{4}-\d{2}-\d{2}").fillna(False).astype(bool)


def earliest(iso: pd.Series) -> pd.Series:
    """The first calendar day an ISO date may stand for (midnight, datetime64[s]); NaT where the date is missing."""
    return _on_distinct(iso, _first_day)


def latest(iso: pd.Series) -> pd.Series:
    """The last calendar day an ISO date may stand for (midnight, datetime64[s]); NaT where the date is missing."""
    return _on_distinct(iso, _last_day)


def _on_distinct(iso: pd.Series, day_of: Callable[[str], datetime.date | None]) -> pd.Series:
    """The day of each distinct text, on all records."""
    codes, texts = pd.factorize(iso)
    days = np.array([*(day_of(text) for text in texts), None], dtype="datetime64[s]")
    return pd.Series(days[codes], index=iso.index)


@lru_cache(maxsize=100_000)
def _first_day(text: str) -> datetime.date | None:
    found = STORED.match(text)
    if not found:
        return None
    year, month, day = (int(part) if part and part != "-" else 1 for part in found.groups())
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=100_000)
def _last_day(text: str) -> datetime.date | None:
    found, first = STORED.match(text), _first_day(text)
    if not found or not first or (found["day"] and found["month"] != "-"):
        return first
    month = int(found["month"]) if found["month"] and found["month"] != "-" else 12
    day = int(found["day"]) if found["day"] else calendar.monthrange(first.year, month)[1]
    return datetime.date(first.year, month, day)


def study_day(iso: pd.Series, reference: pd.Series) -> pd.Series:
    """SDTM study day (float; there is no day 0): days from the reference date, plus 1 from that date on.

    Missing where either date is missing or partial. Source: SDTMIG 3.4, 4.4.4.
    """
    complete = is_complete(iso) & is_complete(reference)
    days = (earliest(iso) - earliest(reference)).dt.days.where(complete)
    return (days + (days >= 0)).astype("float64")
