"""Days and months counted in the source: dates from the anchor, time between dates, and what is told when it fails.

The dates and differences are read off a calendar; 30.4375 days are a month (clarification 8).
"""

import pandas as pd
import pytest
from small_study import TERMS, VISITS, grid, raw_form

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs, RuleInputs
from sdtm.mapping.rules import RULES

ANCHOR = pd.Series(pd.to_datetime(["2025-02-04"]).astype("datetime64[s]"), index=["1"])


def applied(rule, source, records, first_day=0, anchor=ANCHOR):
    inputs = RuleInputs(Variable("X"), TERMS, VISITS, anchor, "DOSE.DAT", first_day, 30.4375)
    answer = RULES[rule].make(raw_form("F", records), source.split(), inputs)
    values = [None if pd.isna(value) else value for value in answer.values]
    return values, [row for part in answer.findings for row in part[["check", "value"]].to_numpy().tolist()]


@pytest.mark.parametrize(
    ("day", "first_day", "date"),
    [
        ("0", 0, "2025-02-04"), ("3", 0, "2025-02-07"), ("-6", 0, "2025-01-29"), ("+28", 0, "2025-03-04"),
        ("1", 1, "2025-02-04"), ("3", 1, "2025-02-06"), ("-1", 1, "2025-02-03"), (".", 0, None),
    ],
)
def test_a_day_counts_from_the_anchor_as_the_study_counts(day, first_day, date):
    assert applied("date_from_day", "DAY", f"SUBJECT | DAY\n1 | {day}", first_day) == ([date], [])


@pytest.mark.parametrize(("nth", "date"), [("1", "2025-01-30"), ("2", "2025-02-01"), ("3", None)])
def test_one_of_several_days_in_a_text(nth, date):
    values, _ = applied("date_from_day", f"DAYS {nth}", "SUBJECT | DAYS\n1 | FC d-5 to d-3")
    assert values == [date]


@pytest.mark.parametrize("text", ["soon", "7.5", "D2x"])
def test_a_text_without_a_day_is_told(text):
    assert applied("date_from_day", "DAY", f"SUBJECT | DAY\n1 | {text}") == ([None], [["SDTM-DAY", text]])


def test_a_subject_without_the_anchor_date_is_told_and_nobody_else():
    assert applied("date_from_day", "DAY", "SUBJECT | DAY\n2 | 3\n1 | 0\n2 | .") == (
        [None, "2025-02-04", None], [["SDTM-DAY", "3"]])


def test_a_study_that_says_no_more_counts_the_day_of_the_anchor_as_0():
    inputs = RuleInputs(Variable("X"), TERMS, VISITS, ANCHOR)
    assert RULES["day_of_date"].make(raw_form("F", "SUBJECT | D\n1 | 2025-02-04"), ["D"], inputs).values.tolist() == [0]
    assert inputs.anchor_field == ""


@pytest.mark.parametrize(("months", "date"), [("0", "2025-02-04"), ("1", "2025-03-06"), ("2.9", "2025-05-03")])
def test_months_are_turned_into_days_to_the_nearest_day(months, date):
    assert applied("date_from_month", "M", f"SUBJECT | M\n1 | {months}") == ([date], [])


def test_months_that_are_no_number_are_told_and_only_those():
    values, told = applied("date_from_month", "M", "SUBJECT | M\n1 | 1\n1 | soon\n1 | .\n1 | -1")
    assert (values, told) == (["2025-03-06", None, None, None], [["SDTM-DAY", "soon"], ["SDTM-DAY", "-1"]])


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [("2024-12-01", "2025-01-10", 40), ("2023-10-03", "2023-10-11", 8), ("2024-12", "2025-01-10", None)],
)
def test_days_between_two_dates(first, second, days):
    assert applied("days_between", "A B", f"SUBJECT | A | B\n1 | {first} | {second}") == ([days], [])


@pytest.mark.parametrize(("date", "days", "told"), [
    ("2025-01-10", 25, []), ("2025-02-04", 0, []), ("2025-01", None, []), ("2025-02-06", -2, [["SDTM-DAY", "2"]]),
])  # fmt: skip
def test_days_between_one_date_and_the_anchor(date, days, told):
    assert applied("days_between", "A", f"SUBJECT | A\n1 | {date}") == ([days], told)


def test_a_second_date_before_the_first_is_told():
    dates = "SUBJECT | A | B\n1 | 2025-01-10 | 2025-01-08\n1 | 2025-01-10 | 2025-01-10"
    assert applied("days_between", "A B", dates)[1] == [["SDTM-DAY", "2"]]


def test_months_between_two_dates():
    values, _ = applied("months_between", "A B", "SUBJECT | A | B\n1 | 2024-01-01 | 2025-01-01")
    assert values == [pytest.approx(366 / 30.4375)]


DAYS = [("2025-02-04", 0, 0), ("2025-02-04", 1, 1), ("2025-02-03", 1, -1)]


@pytest.mark.parametrize(("date", "first_day", "day"), DAYS)
def test_the_day_of_a_date(date, first_day, day):
    assert applied("day_of_date", "D", f"SUBJECT | D\n1 | {date}", first_day)[0] == [day]


@pytest.mark.parametrize(("nth", "value"), [("1", "120"), ("2", "80"), ("3", None)])
def test_one_part_of_a_divided_text(nth, value):
    assert applied("part", f"BP / {nth}", "SUBJECT | BP\n1 | 120 / 80")[0] == [value]


@pytest.mark.parametrize(("rule", "source", "records", "severity", "sentence"), [
    ("date_from_day", "DAY", "DAY\n1 | soon", "major",
     "DAY 'soon' names no day that can be counted. Correct it; until then the date is missing."),
    ("date_from_day", "DAY", "DAY\n2 | 3", "minor",
     "DAY '3' counts from a date that is missing (DOSE.DAT). Enter that date."),
    ("date_from_month", "M", "M\n1 | soon", "major",
     "M 'soon' is not a number of months. Correct it; until then the date is missing."),
    ("days_between", "A B", "A | B\n1 | 2025-01-10 | 2025-01-09", "major",
     "B lies 1 days before A. Please check both dates."),
])
def test_what_cannot_be_counted_is_told_in_a_sentence(rule, source, records, severity, sentence):
    inputs = RuleInputs(Variable("X"), TERMS, VISITS, ANCHOR, "DOSE.DAT", 0, 30.4375)
    (found,) = RULES[rule].make(raw_form("F", f"SUBJECT | {records}"), source.split(), inputs).findings
    assert found[["severity", "message"]].values.tolist() == [[severity, sentence]]


@pytest.mark.parametrize(("text", "nth", "date"), [
    ("Day 3", 1, "2025-02-07"), ("D3", 1, "2025-02-07"), ("day -1, day 2", 2, "2025-02-06"), ("3 4 5", 3, "2025-02-09"),
    ("(d+1)", 1, "2025-02-05"), ("x3", 1, None),
])
def test_a_day_may_be_written_so(text, nth, date):
    assert applied("date_from_day", f"DAY {nth}", f"SUBJECT | DAY\n1 | {text}")[0] == [date]


@pytest.mark.parametrize(("first", "second", "days", "told"), [
    ("2025-01-10", "2025-01-10", 0, 0), ("2025-01-10", "2025-01-09", -1, 1), ("2025-01-10", "2025-01", None, 0),
])
def test_the_same_day_is_no_day_between_and_an_earlier_one_is_told(first, second, days, told):
    values, found = applied("days_between", "A B", f"SUBJECT | A | B\n1 | {first} | {second}")
    assert (values, len(found)) == ([days], told)


OTHER_DAYS = [("2025-02", 0, None), ("2025-02-06", 0, 2), ("2025-02-06", 1, 3)]


@pytest.mark.parametrize(("date", "first_day", "day"), OTHER_DAYS)
def test_a_partial_date_has_no_day(date, first_day, day):
    assert applied("day_of_date", "D", f"SUBJECT | D\n1 | {date}", first_day)[0] == [day]


SHEET = grid("""
    form | block | target | rule          | source | where
    TOX  |       | XXDTC  | date_from_day | DAY    |
""")
RAW = {
    "TOX": raw_form("TOX", "SUBJECT | DAY\n1 | 2"),
    "DOSE": raw_form("DOSE", "SUBJECT | DAT\n1 | 2025-02-05\n1 | 2025-02-04"),
}
NAMES = ("STUDYID", "USUBJID", "XXDTC")
SPEC = DatasetSpec(variables=tuple(map(Variable, NAMES)), keys=("USUBJID", "XXDTC"))
CUT = grid("domain | action | variable | date | where | value | mark")


def mapped_days(**study):
    inputs = MappingInputs(StudySettings(study="ST", **study), TERMS, SPEC, "2026-06-30", CUT, VISITS, 30.4375)
    return mapped("xx", SHEET, RAW, inputs)[0]["XXDTC"].tolist()


def test_the_anchor_is_the_first_date_of_the_field_study_yaml_names():
    assert mapped_days(anchor="DOSE.DAT") == ["2025-02-06"]
    assert mapped_days(anchor="DOSE.DAT", anchor_day=1) == ["2025-02-05"]


def test_a_study_without_an_anchor_is_told_what_to_write():
    with pytest.raises(TrialError, match=r"anchor: FORM\.FIELD"):
        mapped_days()


def test_an_anchor_that_is_no_field_is_told():
    with pytest.raises(TrialError, match=r"DOSE\.DATE, which is no field"):
        mapped_days(anchor="DOSE.DATE")
