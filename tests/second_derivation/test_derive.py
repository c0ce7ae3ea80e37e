"""The second derivation against known answers: the headline of the study and textbook numbers."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from tests.second_derivation import derive

DATA = Path(__file__).parents[2] / "data" / "iomab_act"
EXPECTED = list(csv.DictReader((DATA / "expected_headline.csv").open(encoding="utf-8")))


@pytest.fixture(scope="module")
def headline():
    return {row["RESULT"]: row for row in derive.headline(derive.derive(DATA / "2026-06-30", "2026-06-30"))}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row["RESULT"])
def test_headline_of_the_second_cut_comes_out(expected, headline):
    assert expected == headline[expected["RESULT"]]


@pytest.mark.parametrize(
    ("successes", "trials", "limits"),
    [(0, 6, "0.0-45.9"), (1, 6, "0.4-64.1"), (2, 6, "4.3-77.7"), (3, 6, "11.8-88.2"), (12, 12, "73.5-100.0")],
)
def test_exact_limits_are_those_of_the_plan(successes, trials, limits):
    assert limits == "-".join(derive.percent(limit) for limit in derive.clopper_pearson(successes, trials))


def test_kaplan_meier_reproduces_the_twelve_patients_of_the_plan():
    times = [2.9, 3.0, 3.5, 4.0, 4.5, 5.0, 7.5, 8.5, 9.3, 10.0, 12.5, 14.0]
    censored = [1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    estimate, lower, upper, at_risk = derive.kaplan_meier(times, censored, 12)
    expected = ["54.5", "22.9", "78.0", 2]
    assert expected == [*map(derive.percent, (estimate, lower, upper)), at_risk]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12 MAR 2025", "2025-03-12", "2025-03-12"),
        ("01 dec 2025", "2025-12-01", "2025-12-01"),
        ("08 OCT 2024 ", "2024-10-08", "2024-10-08"),
        ("3 JUL 2025", "2025-07-03", "2025-07-03"),
        ("2025/12/04", "2025-12-04", "2025-12-04"),
        ("2025-12-04", "2025-12-04", "2025-12-04"),
        ("UN FEB 2024", "2024-02-01", "2024-02-29"),
        ("UN DEC 2025", "2025-12-01", "2025-12-31"),
        ("UN UNK 2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_date_means_the_days_it_can_mean(text, first, last):
    assert (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == derive.possible_days(text)


@pytest.mark.parametrize("text", ["", "31 FEB 2025", "12 2025", "soon", "12 MAR 25"])
def test_what_is_no_date_gives_none(text):
    assert derive.possible_days(text) is None


def test_both_extracts_agree_at_the_first_cut_but_for_late_entries():
    early = derive.derive(DATA / "2026-03-31", "2026-03-31")
    late = derive.derive(DATA / "2026-06-30", "2026-03-31")
    pairs = zip(early, late, strict=True)
    changed = {(a["SUBJID"], name) for a, b in pairs for name in a if a[name] != b[name]}
    expected = {("1040002", "TEAEN"), ("1080003", "TEAEN"), ("1050002", "LSTALVDT")}
    assert expected == changed


def test_a_consent_dated_in_the_wrong_year_hides_no_treated_subject():
    row = {row["SUBJID"]: row for row in derive.derive(DATA / "2026-06-30", "2025-09-30")}["1090005"]
    expected = ("Y", "Y", "PR")
    assert expected == (row["ENRLFL"], row["INFFL"], row["BOR"])
