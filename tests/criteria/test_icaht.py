"""Early ICAHT on neutrophils (analysis plan 4.3, clarification 17). Counts in 10^9/L."""

import pandas as pd
import pytest

from adam.criteria.icaht import icaht_early


def counts(values: dict[int, float]) -> pd.DataFrame:
    return pd.DataFrame({"USUBJID": "1", "CARTDY": list(values), "AVAL": list(values.values())})


def low_for(days: int, count: float, start: int = 5) -> dict[int, float]:
    """A count on each of so many days from `start`, and 3.0 on every other day to day 30."""
    return {day: count if start <= day < start + days else 3.0 for day in range(31)}


@pytest.mark.parametrize(
    ("days", "count", "grade"),
    [
        (0, 0.5, 0), (1, 0.5, 1), (6, 0.5, 1), (7, 0.5, 2), (13, 0.5, 2), (14, 0.5, 3), (20, 0.51, 0),
        (6, 0.1, 1), (7, 0.1, 3), (13, 0.1, 3), (14, 0.1, 4), (7, 0.11, 2),
    ],
)  # fmt: skip
def test_the_longest_run_decides(days, count, grade):
    assert icaht_early(counts(low_for(days, count)))["ICAHTE"].tolist() == [grade]


def test_runs_are_consecutive_days_not_a_sum():
    values = low_for(6, 0.4, start=5) | dict.fromkeys(range(20, 26), 0.4)
    found = icaht_early(counts(values))
    assert found[["DAYS500", "DAYS100", "ICAHTE"]].to_numpy().tolist() == [[6, 0, 1]]


@pytest.mark.parametrize(("next_day", "run"), [(8, 9), (9, 1)])
def test_at_most_seven_missing_days_are_filled(next_day, run):
    values = {0: 0.4, next_day: 0.4, next_day + 1: 3.0}
    assert icaht_early(counts(values))["DAYS500"].tolist() == [run]


def test_days_between_two_counts_lie_on_the_line_between_them():
    # 0.2 on day 4 to 1.0 on day 8: 0.4 on day 5, 0.6 on day 6
    assert icaht_early(counts({4: 0.2, 8: 1.0}))["DAYS500"].tolist() == [2]


def test_the_lowest_count_of_a_day_counts():
    two = pd.DataFrame({"USUBJID": "1", "CARTDY": [5, 5, 6], "AVAL": [2.0, 0.3, 2.0]})
    assert icaht_early(two)["ICAHTE"].tolist() == [1]


@pytest.mark.parametrize(
    ("case", "values", "grade"),
    [
        ("from day 3 to the last count on day 7", {2: 2.0, **dict.fromkeys(range(3, 8), 0.3)}, 4),
        ("from day 4 only", {3: 2.0, **dict.fromkeys(range(4, 9), 0.3)}, 1),
        ("the last count before day 7", dict.fromkeys(range(0, 7), 0.3), 2),
        ("after a first run that ended", {0: 0.3, 1: 2.0, **dict.fromkeys(range(2, 11), 0.3)}, 4),
        ("one count above 0.5 at the end", {**dict.fromkeys(range(0, 8), 0.3), 8: 0.6}, 2),
    ],
)
def test_never_recovered_is_grade_4(case, values, grade):
    assert icaht_early(counts(values))["ICAHTE"].tolist() == [grade], case


def test_days_before_the_infusion_and_after_day_30_do_not_count():
    assert icaht_early(counts({-1: 0.1, 5: 3.0, 30: 3.0, 31: 0.1}))["ICAHTE"].tolist() == [0]


def test_subjects_are_graded_on_their_own_and_only_with_a_count():
    both = pd.concat([
        counts(low_for(7, 0.4)), counts(low_for(1, 0.4)).assign(USUBJID="2"), counts({40: 0.1}).assign(USUBJID="3"),
    ])  # fmt: skip
    found = icaht_early(both)
    assert dict(zip(found["USUBJID"], found["ICAHTE"], strict=True)) == {"1": 2, "2": 1}


def test_no_counts_give_no_grades():
    assert icaht_early(counts({-1: 0.1, 31: 0.1})).empty
