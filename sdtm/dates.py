"""Dates as collected, as ISO 8601 text, and as the days they may stand for."""

import numpy as np
import pandas as pd

MONTHS = {name: f"{number:02d}" for number, name in enumerate(
    "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), start=1)}
UNKNOWN = r"UNK|UN|UK|NK"
COLLECTED = rf"^(?P<day>\d{{1,2}}|{UNKNOWN})[ \-]?(?P<month>[A-Z]{{3}}|{UNKNOWN})[ \-]?(?P<year>\d{{4}}|{UNKNOWN})$"
ISO = r"^(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$"
STORED = r"^(?P<year>\d{4})(?:-(?P<month>\d{2}|-)(?:-(?P<day>\d{2}))?)?"
CLOCK = r"^(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?$"


def iso_date(collected: pd.Series) -> pd.Series:
    """Date text as collected to ISO 8601, unknown parts left away ("UN MAR 2025" is "2025-03"); one value per record.

    Case and blanks are forgiven, and ISO text or 2025/03/12 is taken too. A date that cannot be read, that no calendar
    has (31 FEB), or of a year outside 1900 to 2099 is missing. A day known in an unknown month is "2025---12".
    """
    parts = pd.Series(collected.dropna().unique(), dtype="str")
    return collected.map(dict(zip(parts, _iso_of_text(parts)))).astype("str")


def _iso_of_text(text: pd.Series) -> pd.Series:
    clean = text.str.upper().str.strip().str.replace(r"\s+", " ", regex=True)
    site, iso = clean.str.extract(COLLECTED), clean.str.extract(ISO)
    unknown_month = site["month"].str.fullmatch(UNKNOWN).fillna(False).astype(bool)
    month = site["month"].map(MONTHS).fillna(iso["month"].str.zfill(2))
    day = site["day"].where(site["day"].str.isdigit().fillna(False).astype(bool)).fillna(iso["day"]).str.zfill(2)
    year = site["year"].where(site["year"].str.isdigit().fillna(False).astype(bool)).fillna(iso["year"])
    written = np.select(
        [year.isna(), month.isna() & site["month"].notna() & ~unknown_month, month.isna() & day.notna(),
         month.isna(), day.isna()],
        [None, None, year + "---" + day, year, year + "-" + month], year + "-" + month + "-" + day)
    iso_text = pd.Series(written, index=text.index, dtype="str")
    return iso_text.where(_possible(year, month, day))


def _possible(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    """True where the calendar has the date; an unknown month is tried as January, an unknown day as the first."""
    trial = year + "-" + month.fillna("01") + "-" + day.fillna("01")
    return pd.to_datetime(trial, format="%Y-%m-%d", errors="coerce").notna() & year.between("1900", "2099")


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
    year, month, day = _parts(iso)
    return _day(year + "-" + month.fillna("01") + "-" + day.fillna("01"))


def latest(iso: pd.Series) -> pd.Series:
    """The last calendar day an ISO date may stand for (midnight, datetime64[s]); NaT where the date is missing."""
    year, month, day = _parts(iso)
    first = _day(year + "-" + month.fillna("12") + "-" + day.fillna("01"))
    last = (first + pd.offsets.MonthEnd(0)).astype("datetime64[s]")
    return first.where(day.notna(), last)


def _parts(iso: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    parts = iso.astype("str").str.extract(STORED)
    return parts["year"], parts["month"].where(parts["month"] != "-"), parts["day"]


def _day(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")


def study_day(iso: pd.Series, reference: pd.Series) -> pd.Series:
    """SDTM study day (float; there is no day 0): days from the reference date, plus 1 from that date on.

    Missing where either date is missing or partial. Source: SDTMIG 3.4, 4.4.4.
    """
    complete = is_complete(iso) & is_complete(reference)
    days = (earliest(iso) - earliest(reference)).dt.days.where(complete)
    return (days + (days >= 0)).astype("float64")
