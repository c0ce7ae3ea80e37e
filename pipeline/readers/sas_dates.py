"""Numbers of SAS as the dates, times and date-times their format shows: days or seconds since 1 January 1960.

The value counts, not the part of it that a format shows: YYMM7. shows a month, the variable holds a day.
Source: SAS 9.4 Formats and Informats, "Date and Time", "ISO 8601", "NLS".
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pipeline.readers.column import numbers, texts

EPOCH = np.datetime64("1960-01-01", "D")
FIRST, LAST = -138061, 6589335  # 1 January 1582 and 31 December 20000 in SAS's own count
DAY = 86400  # seconds
LANGUAGE = "(?:AFR|CAT|CRO|CSY|DAN|DES|DEU|ESP|EUR|FIN|FRA|FRS|HUN|ITA|MAC|NLD|NOR|POL|PTG|RUS|SLO|SVE)DF"
DATETIMES = re.compile(
    r"(?:DATETIME|DATEAMPM|MDYAMPM|DT(?:DATE|MONYY|WKDATX|YEAR|YYQC)|NLDATM|(?:E|B|IS)8601(?:D[NTXZ]|LX)"
    rf"|{LANGUAGE}DT|JDATEYT|YMDHM)"
)
DATES = re.compile(
    r"(?:DATE|[DMY]*(?:DDMM|MMDD|YYMM|MMYY|MONYY|YYMON|YYQ|YYWEEK)|WEEK|WORDDAT|NLDAT|(?:E|B|IS)8601DA|JULIAN|JULDAY|PDJUL"
    rf"|YEAR|MONTH|MONNAME|QTR|DAY|DOWNAME|HDATE|HEBDATE|MINGUO|J?NENGO|JDATE|{LANGUAGE})"
)
TIMES = re.compile(r"(?:TIME|TOD|HHMM|HOUR|MMSS|(?:E|B|IS)8601(?:T[MXZ]|LZ)|NLTIM|JTIME)")


def sas_texts(column: pd.Series, sas_format: str) -> list[str]:
    """A SAS column as text: what its format calls a date, time or date-time becomes ISO."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return texts(column)
    shown = {"datetime": _moments, "time": _clock, "date": _days}.get(shown_as(sas_format))
    return shown(column.astype("float64")) if shown else numbers(column)


def shown_as(sas_format: str) -> str:
    """What a format shows a number as: datetime, time or date; '' for one that shows a number."""
    name = sas_format.upper().rstrip("0123456789.")
    kinds = (("datetime", DATETIMES), ("time", TIMES), ("date", DATES))
    return next((kind for kind, names in kinds if names.match(name)), "")


def iso_days(days: np.ndarray) -> np.ndarray:
    """ISO dates of whole days in SAS's calendar, in which the years 4000, 8000 ... 20000 have no 29 February."""
    count = days.astype("int64")
    for year in (4000, 8000, 12000, 16000, 20000):
        leap = (np.datetime64(f"{year}-02-29", "D") - EPOCH).astype("int64")
        count = count + (count >= leap)
    return np.datetime_as_string(EPOCH + count.astype("timedelta64[D]"))


def _known(days: pd.Series) -> np.ndarray:
    """True for a day of SAS's calendar; others are no dates and stay the numbers they are."""
    return ((days >= FIRST) & (days <= LAST)).to_numpy(dtype=bool)


def _days(values: pd.Series) -> list[str]:
    """A date is the day it falls on: the part after the point is a time that nobody meant."""
    days = np.floor(values.round(9))
    known, text = _known(days), np.array(numbers(values), dtype=object)
    text[known] = iso_days(days[known].to_numpy())
    return text.tolist()


def _moments(values: pd.Series) -> list[str]:
    """Date-times as 2025-03-12T08:30:00; dates alone where every value is a midnight."""
    seconds = np.floor(values.round(6))
    days = np.floor(seconds / DAY)
    known, text = _known(days), np.array(numbers(values), dtype=object)
    dates = iso_days(days[known].to_numpy()).astype(object)
    rest = (seconds - days * DAY)[known].astype("int64")
    if rest.ne(0).any():
        dates = dates + "T" + _hours(rest).to_numpy(dtype=object) + _two(rest % 60).radd(":").to_numpy(dtype=object)
    text[known] = dates
    return text.tolist()


def _clock(values: pd.Series) -> list[str]:
    """Times as hh:mm, with the seconds where there are any; of a date-time the time of its day."""
    seconds = np.floor(values.round(6)).fillna(0).astype("int64")
    of_day = seconds.where(seconds.abs() < 100 * 3600, seconds % DAY)
    size, rest = of_day.abs(), of_day.abs() % 60
    text = _hours(size).where(rest == 0, _hours(size) + ":" + _two(rest))
    return text.where(of_day >= 0, "-" + text).where(values.notna(), "").tolist()


def _hours(seconds: pd.Series) -> pd.Series:
    return _two(seconds // 3600) + ":" + _two(seconds % 3600 // 60)


def _two(number: pd.Series) -> pd.Series:
    return number.astype("str").str.zfill(2)
