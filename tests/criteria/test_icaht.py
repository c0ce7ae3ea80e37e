"""ICAHT on neutrophils and T-ICAHT on platelets, early and late, and recovery (analysis plan 4.3). Counts in 10^9/L."""

import pandas as pd
import pytest
from recipes import criteria_table

from adam.criteria.icaht import haematotoxicity

TABLE = criteria_table("icaht_2023")


def of(code: str, counts: pd.DataFrame, run: str = "CONSECUTIVE", gap: int = 7, **changed: str) -> list[float]:
    """A parameter of the table, by subject; words of its rows `changed`."""
    rules = TABLE[TABLE["parameter"] == code].assign(**changed)
    return haematotoxicity(counts, rules, run, gap)["AVAL"].tolist()


def early(counts: pd.DataFrame, run: str = "CONSECUTIVE") -> list[list[float]]:
    """Days of at most 0.5 and 0.1, and the grade of early ICAHT."""
    found = [of(code, counts, run) for code in ("ANC500D", "ANC100D", "ICAHTE")]
    return [list(one) for one in zip(*found, strict=True)]


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
    assert of("ICAHTE", counts(low_for(days, count))) == [grade]


def test_runs_are_consecutive_days_not_a_sum():
    values = low_for(6, 0.4, start=5) | dict.fromkeys(range(20, 26), 0.4)
    assert early(counts(values)) == [[6, 0, 1]]


@pytest.mark.parametrize(("next_day", "run"), [(8, 9), (9, 1)])
def test_at_most_seven_missing_days_are_filled(next_day, run):
    values = {0: 0.4, next_day: 0.4, next_day + 1: 3.0}
    assert of("ANC500D", counts(values)) == [run]


def test_days_between_two_counts_lie_on_the_line_between_them():
    # 0.2 on day 4 to 1.0 on day 8: 0.4 on day 5, 0.6 on day 6
    assert of("ANC500D", counts({4: 0.2, 8: 1.0})) == [2]


def test_the_lowest_count_of_a_day_counts():
    two = pd.DataFrame({"USUBJID": "1", "CARTDY": [5, 5, 6], "AVAL": [2.0, 0.3, 2.0]})
    assert of("ICAHTE", two) == [1]


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
    assert of("ICAHTE", counts(values)) == [grade], case


def test_days_before_the_infusion_and_after_day_30_do_not_count():
    assert of("ICAHTE", counts({-1: 0.1, 5: 3.0, 30: 3.0, 31: 0.1})) == [0]


def test_subjects_are_graded_on_their_own_and_only_with_a_count():
    both = pd.concat([
        counts(low_for(7, 0.4)), counts(low_for(1, 0.4)).assign(USUBJID="2"), counts({40: 0.1}).assign(USUBJID="3"),
    ])  # fmt: skip
    found = haematotoxicity(both, TABLE[TABLE["parameter"] == "ICAHTE"], "CONSECUTIVE", 7)
    assert dict(zip(found["USUBJID"], found["AVAL"], strict=True)) == {"1": 2, "2": 1}


def test_no_counts_give_no_grades():
    assert of("ICAHTE", counts({-1: 0.1, 31: 0.1})) == []


def test_with_cumulative_days_runs_are_added():
    values = low_for(6, 0.4, start=5) | dict.fromkeys(range(20, 26), 0.4)
    assert early(counts(values), "CUMULATIVE") == [[12, 0, 2]]


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        ({40: 1.51, 50: 1.51}, 0), ({40: 1.5, 50: 1.5}, 1), ({40: 1.01, 50: 1.4}, 1), ({40: 1.0, 50: 1.4}, 2),
        ({40: 0.51, 50: 1.4}, 2), ({40: 0.5, 50: 1.5}, 3), ({40: 0.11, 50: 1.5}, 3), ({40: 0.1, 50: 0.9}, 4),
        ({40: 0.4, 50: 1.6}, 0), ({40: 0.4}, 3), ({30: 0.1, 31: 0.4, 100: 0.9, 101: 0.05}, 3),
    ],
)  # fmt: skip
def test_late_icaht_is_the_lowest_count_of_days_31_to_100_confirmed_by_a_second_low_one(values, grade):
    assert of("ICAHTL", counts(values)) == [grade]


def platelets(days: int, count: float, start: int, last: int) -> pd.DataFrame:
    """That count on so many days, 150 on each other day to the last."""
    return counts({day: count if start <= day < start + days else 150.0 for day in range(start - 1, last + 1)})


@pytest.mark.parametrize(
    ("days", "count", "early", "late"),
    [
        (1, 100, 0, 0), (1, 99, 0, 1), (1, 50, 0, 1), (1, 49, 1, 2), (6, 49, 1, 2), (7, 49, 2, 2), (14, 20, 2, 2),
        (1, 19, 3, 3), (13, 19, 3, 3), (14, 19, 4, 4),
    ],
)  # fmt: skip
def test_t_icaht_counts_days_below_its_bounds(days, count, early, late):
    assert of("TICAHTE", platelets(days, count, 5, 30)) == [early]
    assert of("TICAHTL", platelets(days, count, 40, 100)) == [late]


def test_t_icaht_adds_days_that_are_not_in_a_row():
    values = {day: 30.0 if day in (2, 4, 6, 8, 10, 12, 14) else 150.0 for day in range(31)}
    assert of("TICAHTE", counts(values)) == [2]


@pytest.mark.parametrize(
    ("case", "values", "day"),
    [
        ("three days above", {0: 2.0, 1: 0.4, 2: 0.6, 3: 0.7, 4: 0.8}, 2),
        ("exactly 0.5 is not above", {1: 0.4, 2: 0.5, 3: 0.6, 4: 0.7, 5: 0.8}, 3),
        ("two days above, then low again", {1: 0.4, 2: 0.6, 3: 0.7, 4: 0.3, 5: 0.9, 6: 1.0, 7: 1.1}, 5),
        ("never three days", {1: 0.4, 2: 0.6, 3: 0.7}, None),
        ("a gap of more than seven days ends a run", {1: 0.4, 2: 0.6, 3: 0.7, 12: 0.9}, None),
    ],
)
def test_recovery_is_the_first_of_three_days_in_a_row_above_the_limit(case, values, day):
    assert [None if pd.isna(one) else one for one in of("ANCREC", counts(values))] == [day], case


def test_a_count_that_was_never_low_has_no_recovery_and_a_limit_may_count_as_recovered():
    assert of("ANCREC", counts({0: 2.0, 1: 1.9})) == []
    assert of("PLTREC", counts({0: 49.0, 1: 50.0, 2: 50.0, 3: 50.0})) == [1]


def test_limits_are_those_of_the_table_and_the_gap_that_is_filled_a_decision():
    counted = counts({0: 0.4, 1: 0.8, 2: 0.9, 3: 1.2, 4: 1.3})
    assert (of("ANCREC", counted), of("ANCREC", counted, bound="1.0", days="2")) == ([1], [3])
    assert of("ANC500D", counts({0: 0.4, 9: 0.4, 10: 3.0}), gap=8) == [10]
