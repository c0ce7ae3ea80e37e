"""Dates as sites write them, as ISO 8601, as the days they may stand for, and as study days (SDTMIG 3.4, 4.4)."""

import pandas as pd
import pytest

from pipeline.ground.date_forms import NO_DAY, UNCERTAIN, in_order, order_of
from pipeline.ground.dates import (
    earliest,
    fault_of_date,
    form_of_date,
    is_unknown,
    iso_date,
    iso_datetime,
    iso_moment,
    iso_time,
    latest,
    study_day,
)


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
    ("2025-03-12Z", "2025-03-12"),
    ("2025-03-12+03:00", "2025-03-12"),
    ("12 MAR 2025 UN:UN", "2025-03-12"),
    ("2025-03-12T-:-", "2025-03-12"),
    ("UN MAR 2025 UN:UN", "2025-03"),
    ("12-MAR-2025", "2025-03-12"),
    ("12/mar/2025", "2025-03-12"),
    ("12 March 2025", "2025-03-12"),
    ("12. Mar. 2025", "2025-03-12"),
    ("MAR 12, 2025", "2025-03-12"),
    ("2025 MAR 12", "2025-03-12"),
    ("2025-02-05T00:00:00Z", "2025-02-05"),
    ("2025-02-05 00:00:00.000", "2025-02-05"),
    ("2025-02-05T23:30:00+01:00", "2025-02-05"),
    ("2025-02-05T00:30:00-05:00", "2025-02-05"),
    ("20250205", "2025-02-05"),
    ("20250205T083000", "2025-02-05"),
    ("12MAR2025:08:30:00", "2025-03-12"),
    ("NOV 2020", "2020-11"),
    ("NOV-2020", "2020-11"),
    ("UN-NOV-2020", "2020-11"),
    ("NK NOV 2020", "2020-11"),
    ("UN/UNK/2024", "2024"),
    ("XX MAR 2025", "2025-03"),
    ("__.__.2024", "2024"),
    ("??-MAR-2025", "2025-03"),
    ("2024-UN-UN", "2024"),
    ("2024-11-UNK", "2024-11"),
    ("2024---12", "2024---12"),
    ("2024-11--", "2024-11"),
    ("00 MAR 2025", "2025-03"),
    ("00/00/2025", "2025"),
    ("2025-03-00", "2025-03"),
    ("2025-00-00", "2025"),
    ("20250300", "2025-03"),
    ("ХХ MAR 2025", "2025-03"),
    ("хх.хх.2025", "2025"),
    ("--.--.2025", "2025"),
    ("2025年3月12日", "2025-03-12"),
    ("２０２５年３月", "2025-03"),
    ("2025年", "2025"),
    ("2024-02-28T24:00", "2024-02-29"),
    ("2024-12-31T24:00:00", "2025-01-01"),
])  # fmt: skip
def test_a_date_keeps_what_the_site_knew(collected, iso):
    assert iso == one(iso_date(text(collected)))


@pytest.mark.parametrize("collected", [
    "31 FEB 2025", "29 FEB 2025", "31 APR 2025", "2025年13月", "12 MRZ 2025", "12/03/2025", "12 MAR 25",
    "12 MAR 0225", "2025-13-01", "soon", "UN UNK UNK", None,
])  # fmt: skip
def test_a_date_that_no_calendar_has_is_missing(collected):
    assert one(iso_date(text(collected))) is None


@pytest.mark.parametrize(("collected", "fault"), [
    ("31 FEB 2025", NO_DAY), ("2025-02-30", NO_DAY), ("20250230", NO_DAY), ("12 MAR 0225", NO_DAY),
    ("2025-03-12T25:00", NO_DAY), ("2025-03-12T24:01", NO_DAY),
    ("03/04/2025", UNCERTAIN), ("25.03.2025", UNCERTAIN), ("12032025", UNCERTAIN), ("11/2020", UNCERTAIN),
    ("UN/11/2024", UNCERTAIN), ("12/UN/2024", UNCERTAIN), ("12 MAR 25", UNCERTAIN), ("12/03/25", UNCERTAIN),
    ("202011", UNCERTAIN), ("45678", UNCERTAIN), ("soon", UNCERTAIN), ("12 MAR UNK", UNCERTAIN),
    ("2024-11T08:00", UNCERTAIN), ("12 MAR 2025", None), ("UNK", None), ("UN/UN/UNK", None), (None, None),
])  # fmt: skip
def test_a_day_that_never_was_is_another_fault_than_a_date_that_can_be_read_in_two_ways(collected, fault):
    assert fault == one(fault_of_date(text(collected)))
    assert fault is None or one(iso_date(text(collected))) is None


@pytest.mark.parametrize(("collected", "order", "iso"), [
    ("03/04/2025", "DMY", "2025-04-03"), ("03/04/2025", "MDY", "2025-03-04"), ("03/04/2025", "YMD", None),
    ("3.4.2025", "DMY", "2025-04-03"), ("03042025", "DMY", "2025-04-03"), ("11/2020", "MDY", "2020-11"),
    ("03/04/2025 UN:UN", "DMY", "2025-04-03"), ("UN/11/2024", "DMY", "2024-11"), ("__.11.2024", "DMY", "2024-11"),
    ("11/UN/2024", "MDY", "2024-11"), ("00/11/2024", "DMY", "2024-11"), ("ХХ.11.2024", "DMY", "2024-11"),
    ("--/11/2024", "DMY", "2024-11"), ("00112024", "DMY", "2024-11"), ("31/02/2025", "DMY", None),
    ("03/04/25", "DMY", None), ("25/03/2025", "MDY", None), ("2025-03-04", "DMY", "2025-03-04"),
])  # fmt: skip
def test_an_all_numeric_date_is_read_by_the_order_that_was_declared(collected, order, iso):
    assert iso == one(iso_date(text(collected), order))
    assert iso == one(iso_date(text(in_order(collected, order))))


@pytest.mark.parametrize(("word", "order"), [
    ("DMY", "DMY"), ("dd.mm.yyyy", "DMY"), ("MM/DD/YYYY", "MDY"), ("YYYY-MM-DD", "YMD"), ("DD MON YYYY", ""), ("", ""),
])  # fmt: skip
def test_an_order_may_be_declared_as_a_picture_of_the_date(word, order):
    assert order == order_of(word)


@pytest.mark.parametrize(("collected", "form"), [
    ("12-mar-2025", "DD MON YYYY"), ("UN MAR 2025", "DD MON YYYY"), ("2025-03-12T00:00:00Z", "YYYY-MM-DD"),
    ("2024/06/12", "YYYY/MM/DD"), ("20250312", "YYYYMMDD"), ("2025", "YYYY"), ("31 FEB 2025", None),
])  # fmt: skip
def test_a_date_that_is_read_says_in_which_form_it_is_written(collected, form):
    assert form == one(form_of_date(text(collected)))


@pytest.mark.parametrize(("collected", "iso"), [
    ("2025-02-05T08:30:00", "2025-02-05T08:30"), ("2025-02-05T08:30:15Z", "2025-02-05T08:30:15"),
    ("12MAR2025:08:30:00.0", "2025-03-12T08:30"), ("12 MAR 2025 8:30 PM", "2025-03-12T20:30"),
    ("2025-02-05T00:00:00", "2025-02-05"), ("2025-02-05T24:00", "2025-02-06"), ("2025-02", "2025-02"),
])  # fmt: skip
def test_a_time_beside_the_date_is_kept_unless_it_is_midnight(collected, iso):
    assert iso == one(iso_moment(text(collected)))


def test_what_was_read_once_reads_the_same_again():
    written = text("UN MAR 2025", "12 UNK 2025", "20250205", "12MAR2025:08:30:15", "2024-12-31T24:00", "NOV 2020")
    moments = iso_moment(written)

    assert moments.tolist() == iso_moment(moments).tolist()
    assert iso_date(written).tolist() == iso_date(moments).tolist()


def test_only_a_wholly_unknown_date_is_no_mistake():
    written = text("UN UNK UNK", "__.__.____", "00/00/0000", "--", "31 FEB 2025", None)

    assert is_unknown(written).tolist() == [True] * 4 + [False] * 2


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


def test_each_record_has_the_day_of_its_own_text_where_clocks_of_one_day_stand_among_other_dates():
    given = text("2025-03-12T08:30", "2025-03", "2025-03-12T09:00", None, "2025-03-12", "2025-04-01T09:00")
    days = ["2025-03-12", "2025-03-31", "2025-03-12", None, "2025-03-12", "2025-04-01"]
    assert latest(given).dt.strftime("%Y-%m-%d").astype("object").where(given.notna(), None).tolist() == days


def test_days_of_missing_dates_are_missing_and_stay_dates():
    assert "datetime64[s]" == str(earliest(text(None, None)).dtype) == str(latest(text()).dtype)


@pytest.mark.parametrize(("clock", "iso"), [
    ("08:07", "08:07"), ("8:07", "08:07"), ("23:59:30", "23:59:30"), ("08:30:00", "08:30"), ("0830", "08:30"),
    ("8:30 pm", "20:30"), ("12:05 AM", "00:05"), ("24:00", "24:00"), ("24:01", None), ("25:70", None), ("8.30", None),
    ("830", None), ("13:00 PM", None), ("noon", None),
])  # fmt: skip
def test_a_time_that_no_clock_shows_is_missing(clock, iso):
    assert iso == one(iso_time(text(clock)))


@pytest.mark.parametrize(("date", "time", "iso"), [
    ("2025-03-12", "08:15", "2025-03-12T08:15"),
    ("2025-03-12", None, "2025-03-12"),
    ("2025-03", "08:15", "2025-03"),
    ("2025-02-28", "24:00", "2025-03-01T00:00"),
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
