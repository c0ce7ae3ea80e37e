"""Dates as collected, as ISO 8601 text, and as the days they may stand for."""

import calendar
import datetime
import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.ground import text_storage  # noqa: F401
from pipeline.ground.date_forms import MIDNIGHT, clock_reading, next_day, reading, says_nothing
from pipeline.ground.distinct import beginning, on_texts

DAY_LENGTH = len("2025-03-12")
STORED = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}|-)(?:-(?P<day>\d{2}))?)?")


def iso_date(collected: pd.Series, order: str = "") -> pd.Series:
    """Date text as collected to ISO 8601, unknown parts left away ("UN MAR 2025" is "2025-03"); one value per record.

    The forms that are read stand in `date_forms`, in one list. A date that cannot be read for certain, or that no
    calendar has, is missing. `order` (DMY, MDY, YMD) is that of all-numeric dates, where it was declared.
    """
    return on_texts(collected, lambda text: reading(text, order).date)


def iso_moment(collected: pd.Series, order: str = "") -> pd.Series:
    """As iso_date, with the time of day where the text has one besides midnight ("2025-03-12T08:30")."""
    return on_texts(collected, lambda text: "T".join(part for part in reading(text, order)[:2] if part))


def form_of_date(collected: pd.Series) -> pd.Series:
    """The name of the form that each date is written in ("DD MON YYYY"), missing where it was not read."""
    return on_texts(collected, lambda text: "" if reading(text).fault else reading(text).form)


def fault_of_date(collected: pd.Series) -> pd.Series:
    """Why a date is not read: NO_DAY or UNCERTAIN; missing where it is read, or wholly unknown."""
    return on_texts(collected, lambda text: "" if says_nothing(text) else reading(text).fault)


def has_zone(collected: pd.Series) -> pd.Series:
    """True where a date has a clock besides midnight with a zone ("2025-02-04T23:00:00Z": which day was it there?)."""
    return on_texts(collected, lambda text: "Y" if reading(text).zoned else "").eq("Y").fillna(False).astype(bool)


def iso_time(collected: pd.Series) -> pd.Series:
    """Clock time as collected to hh:mm (seconds kept where there are any); missing when no clock shows it (25:70)."""
    return on_texts(collected, clock_reading)


def is_unknown(collected: pd.Series) -> pd.Series:
    """True where the site says that nothing of the date is known ("UN UNK UNK"): missing, but not a mistake."""
    return on_texts(collected, lambda text: "Y" if says_nothing(text) else "").notna()


def iso_datetime(date: pd.Series, time: pd.Series) -> pd.Series:
    """ISO date with its clock time (24:00 is 00:00 of the next day).

    The time is left away where the date is partial, has a time of its own, or the time is unknown.
    """
    timed = is_complete(date) & (date.str.len() == len("2025-03-12")) & time.notna()
    late = (timed & (time == "24:00")).fillna(False)
    day = date.where(~late, on_texts(date.where(late), next_day))
    return (day + "T" + time.mask(late, MIDNIGHT)).where(timed, date).astype("str")


def is_complete(iso: pd.Series) -> pd.Series:
    """True where an ISO date (or date-time) has year, month and day."""
    return beginning(iso, r"^\d{4}-\d{2}-\d{2}")


def day_of(iso: pd.Series) -> pd.Series:
    """ISO dates without their time, as far as they are known."""
    return on_texts(iso, lambda text: text[:DAY_LENGTH])


def has_time(iso: pd.Series) -> pd.Series:
    """True where an ISO date has a time of day, False for a missing one."""
    return on_texts(iso, lambda text: "Y" if "T" in text else "").notna()


def earliest(iso: pd.Series) -> pd.Series:
    """The first calendar day an ISO date may stand for (midnight, datetime64[s]); NaT where the date is missing."""
    return _on_distinct(iso, _first_day)


def latest(iso: pd.Series) -> pd.Series:
    """The last calendar day an ISO date may stand for (midnight, datetime64[s]); NaT where the date is missing."""
    return _on_distinct(iso, _last_day)


def _on_distinct(iso: pd.Series, say: Callable[[str], datetime.date | None]) -> pd.Series:
    """The day of each distinct text, on all records; of those of one day, whatever their clocks, it is told once."""
    codes, texts = pd.factorize(iso)
    of_text, dates = pd.factorize(np.array([text[:DAY_LENGTH] for text in texts.tolist()], dtype="object"))
    days = np.array([*map(say, dates), None], dtype="datetime64[s]")
    return pd.Series(days[np.append(of_text, -1)[codes]], index=iso.index)


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
