"""Family `forest`: a study's rate among published ones, each interval made from the count that prints the percentage.

Exact limits are those of analysis plan 1.4 (6 of 12: 21.1 to 78.9) and of R, binom.test(21, 61): 22.7 to 47.7.
"""

import numpy as np
import pytest
from adam_frames import DECISIONS, records, shell, subjects
from tables import table
from walk import counted_again

from tlf import families
from tlf.templates import forest

PUBLISHED = table("""
    trial | product | population   | endpoint | value        | n   | x | cell
    A     | A       | after CAR-T  | CR       | 34           | 61  | . | Table 2
    A     | A       | after CAR-T  | CR       | 34           | 61  | . | text
    B     | Bmab    | after CAR-T  | CR       | 39           | 157 | . | Table 2
    C     | .       | after CAR-T  | CR       | 35.7         | 12  | . | text
    D     | D       | after CAR-T  | CR       | 28           | .   | . | text
    E     | E       | after CAR-T  | CR       | Not reported | 9   | . | text
    A     | A       | all          | CR       | 39           | 157 | . | Table 2
""").replace(".", np.nan)
OUTPUT = shell(
    rows=[{"count": "Ours", "of": "adrs", "where": 'AVALC == "CR"'}], tables=["review"],
    published={"table": "review", "heading": "Published", "where": 'population == "after CAR-T"'},
)


def data():
    adrs = records("BOR", list(range(1, 13)), AVALC=["CR"] * 6 + ["PR"] * 6)
    return {"adsl": subjects(12), "adrs": adrs, "tables": {"review": PUBLISHED}, "decisions": DECISIONS}


@pytest.fixture
def lines():
    panel = families.page(forest, OUTPUT, families.results(forest, OUTPUT, data())).panels[0]
    return {row.label: row for row in panel.rows}


@pytest.mark.parametrize(
    ("label", "texts"),
    [
        ("Ours", ("6/12", "50.0 (21.1, 78.9)")),
        ("A, after CAR-T", ("21/61", "34.4 (22.7, 47.7)")),
        ("C, after CAR-T", ("", "35.7")),  # no count of 12 prints it
        ("D, after CAR-T", ("", "28.0")),  # no number of patients
    ],
)
def test_a_line_shows_count_and_exact_interval_where_a_count_prints_the_percentage(lines, label, texts):
    assert lines[label].texts == texts


def test_without_a_count_there_is_no_interval(lines):
    assert np.isnan([lines["C, after CAR-T"].lower, lines["C, after CAR-T"].upper]).all()


def test_a_trial_stands_once_and_only_with_a_number(lines):
    published = ["A, after CAR-T", "B: Bmab, after CAR-T", "C, after CAR-T", "D, after CAR-T"]
    assert list(lines) == ["This study", "Ours", "Published", *published]


def test_of_several_counts_the_nearest_is_drawn_and_told():
    results = families.results(forest, OUTPUT, data())
    told = results[(results["ROWID"] == "Published / B: Bmab, after CAR-T") & (results["STATISTIC"] == "responders")]
    assert told["VALUE"].tolist() == [61.0]  # 61/157 = 38.85 and 62/157 = 39.49 both print 39
    assert "61 to 62 of 157 print 39 %" in told["NOTE"].iloc[0]


def test_the_studys_own_counts_can_be_counted_again():
    assert counted_again(families.results(forest, OUTPUT, data()), data()) == []
