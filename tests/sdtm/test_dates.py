"""Dates as sites write them, as ISO 8601, as the days they may stand for, and as study days (SDTMIG 3.4, 4.4)."""

import pandas as pd
import pytest

from pipeline.ground.dates import earliest, is_unknown, iso_date, iso_datetime, iso_time, latest, study_day


def text(*values):
    return pd.Series(values, dtype="str")


def one(values):
    value = values.iloc[0]
    return None if pd.isna(value) else value


@pytest.mark.parametrize(("collected", "iso"), [
    ("12 MAR 2025", "2025-03-12"),
    ("3 JUL 2025", "2025-07-03"),
    ("26 jul 2025", "2025-07-26"),
    ("08 OCT 2024 ", "2024-10-08"),
    ("12  MAR  2025", "2025-03-12"),
    ("12MAR2025", "2025-03-12"),
    ("2025-03-12", "2025-03-12"),
    ("2025/12/04", "2025-12-04"),
    ("UN MAR 2025", "2025-03"),
    ("UN UNK 2025", "2025"),
    ("12 UNK 2025", "2025---12"),
    ("2025-03", "2025-03"),
    ("1964", "1964"),
    ("29 FEB 2024", "2024-02-29"),
])  # fmt: skip
def test_a_date_keeps_what_the_site_knew(collected, iso):
    assert iso == one(iso_date(text(collected)))


@pytest.mark.parametrize("collected", [
    "31 FEB 2025", "29 FEB 2025", "31 APR 2025", "00 MAR 2025", "12 MRZ 2025", "12/03/2025", "12 MAR 25",
    "12 MAR 0225", "2025-13-01", "soon", "UN UNK UNK", None,
])  # fmt: skip
def test_a_date_that_no_calendar_has_is_missing(collected):
    assert one(iso_date(text(collected))) is None


def test_only_a_wholly_unknown_date_is_no_mistake():
    assert is_unknown(text("UN UNK UNK", "31 FEB 2025", None)).tolist() == [True, False, False]


@pytest.mark.parametrize(("iso", "first", "last"), [
    ("2025-03-12", "2025-03-12", "2025-03-12"),
    ("2025-03-12T08:15", "2025-03-12", "2025-03-12"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2025-02", "2025-02-01", "2025-02-28"),
    ("2025", "2025-01-01", "2025-12-31"),
    ("2025---12", "2025-01-12", "2025-12-12"),
])  # fmt: skip
def test_a_partial_date_stands_for_all_its_days(iso, first, last):
    assert (pd.Timestamp(first), pd.Timestamp(last)) == (one(earliest(text(iso))), one(latest(text(iso))))


def test_days_of_missing_dates_are_missing_and_stay_dates():
    assert "datetime64[s]" == str(earliest(text(None, None)).dtype) == str(latest(text()).dtype)


@pytest.mark.parametrize(("clock", "iso"), [
    ("08:07", "08:07"), ("8:07", "08:07"), ("23:59:30", "23:59"), ("25:70", None), ("24:00", None), ("noon", None),
])  # fmt: skip
def test_a_time_that_no_clock_shows_is_missing(clock, iso):
    assert iso == one(iso_time(text(clock)))


@pytest.mark.parametrize(("date", "time", "iso"), [
    ("2025-03-12", "08:15", "2025-03-12T08:15"),
    ("2025-03-12", None, "2025-03-12"),
    ("2025-03", "08:15", "2025-03"),
    (None, "08:15", None),
])  # fmt: skip
def test_a_time_belongs_to_a_whole_date_only(date, time, iso):
    assert iso == one(iso_datetime(text(date), text(time)))


@pytest.mark.parametrize(("date", "day"), [
    ("2025-03-11", 1), ("2025-03-12", 2), ("2025-03-10", -1), ("2025-03-01", -10), ("2025-03-11T23:00", 1),
])  # fmt: skip
def test_the_day_of_the_reference_is_day_1_and_the_day_before_is_minus_1(date, day):
    assert day == one(study_day(text(date), text("2025-03-11T09:30")))


@pytest.mark.parametrize(("date", "reference"), [("2025-03", "2025-03-11"), ("2025-03-11", None), (None, "2025-03-11")])
def test_a_partial_or_missing_date_has_no_study_day(date, reference):
    assert one(study_day(text(date), text(reference))) is None
