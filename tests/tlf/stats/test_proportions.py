"""One and two proportions against base R (tests/oracles/proportions.R prints the values) and published examples."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats.binomial import INTERVALS, exact_test, smallest_deciding
from tlf.stats.two_groups import fisher_test, miettinen_nurminen_difference, newcombe_difference, odds_ratio
from tlf.stats.two_stage import simon

ORACLES = Path(__file__).parents[2] / "oracles"
ONE, TESTS, TWO = (pd.read_csv(ORACLES / f"proportions_{name}.csv") for name in ("one", "tests", "two"))
BOTH = ["x1", "n1", "x2", "n2"]


def limits(found):
    return [found["lower"].value, found["upper"].value]


def close(actual, expected, rtol=1e-9):
    np.testing.assert_allclose(actual, np.asarray(expected, dtype=float), rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("method", sorted(ONE["method"].unique()))
def test_every_interval_of_one_proportion_equals_r(method):
    rows = ONE[ONE["method"] == method]
    found = [limits(INTERVALS[method](row.x, row.n, row.level)) for row in rows.itertuples()]
    close(found, rows[["lower", "upper"]])


@pytest.mark.parametrize("method", INTERVALS)
def test_no_subjects_have_no_interval_and_more_than_all_is_refused(method):
    assert {s.note for s in INTERVALS[method](0, 0).values()} == {"NE: not estimable, no subjects"}
    with pytest.raises(ValueError, match="4 of 3: a proportion needs"):
        INTERVALS[method](4, 3)


def test_the_exact_one_sided_test_and_the_smallest_deciding_count_equal_r():
    for row in TESTS.itertuples():
        close(exact_test(row.x, row.n, row.p0)["p_value"].value, row.p_value)
        close(smallest_deciding(row.n, row.p0)["x"].value, row.smallest)


def test_where_not_even_all_decide_there_is_no_smallest_count():
    assert smallest_deciding(1, 0.5)["x"].note == "NE: not estimable, not even 1 of 1 decide"


@pytest.mark.parametrize("p0", [0, 1, -0.1, float("nan")])
def test_a_null_hypothesis_outside_0_and_1_is_refused(p0):
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        exact_test(1, 3, p0)


@pytest.mark.parametrize(
    ("p0", "p1", "power", "optimal", "minimax"),
    [  # Simon 1989, tables 1 and 2: r1/n1 r/n, EN(p0), PET(p0)
        (0.20, 0.40, 0.80, (3, 13, 12, 43, 20.6, 0.75), (4, 18, 10, 33, 22.3, 0.72)),
        (0.05, 0.25, 0.80, (0, 9, 2, 17, 12.0, 0.63), (0, 12, 2, 16, 13.8, 0.54)),
        (0.10, 0.30, 0.80, (1, 10, 5, 29, 15.0, 0.74), (1, 15, 5, 25, 19.5, 0.55)),
        (0.05, 0.20, 0.80, (0, 10, 3, 29, 17.6, 0.60), (0, 13, 3, 27, 19.8, 0.51)),
    ],
)
def test_two_stage_designs_are_the_published_ones(p0, p1, power, optimal, minimax):
    found = simon(p0, p1, 0.05, power, 50)
    for design, expected in ((found["OPTIMAL"], optimal), (found["MINIMAX"], minimax)):
        assert (design.r1, design.n1, design.r, design.n, round(design.en, 1), round(design.pet, 2)) == expected
        assert design.alpha <= 0.05
        assert design.power >= power


def test_attained_alpha_and_power_are_those_of_the_plan():  # analysis plan 8.5
    optimal, minimax = simon(0.20, 0.40, 0.05, 0.80, 50).values()
    assert [round(v, 4) for v in (optimal.alpha, optimal.power, minimax.alpha, minimax.power)] == [
        0.0496, 0.8002, 0.0458, 0.8011]  # fmt: skip


def test_where_no_design_fits_there_is_none():
    assert simon(0.20, 0.25, 0.05, 0.80, 20) == {"OPTIMAL": None, "MINIMAX": None}
    with pytest.raises(ValueError, match="needs 0 < p0 < p1 < 1"):
        simon(0.4, 0.2, 0.05, 0.80)


def test_every_difference_odds_ratio_and_exact_test_equals_r():
    for row in TWO.itertuples():
        counts = [row.x1, row.n1, row.x2, row.n2]
        close(limits(newcombe_difference(*counts, row.level)), [row.newcombe_lower, row.newcombe_upper])
        close(limits(miettinen_nurminen_difference(*counts, row.level)), [row.mn_lower, row.mn_upper], 1e-8)
        found = odds_ratio(*counts, row.level)
        close([found["estimate"].value, *limits(found)], [row.odds_ratio, row.or_lower, row.or_upper])
        close(fisher_test(*counts)["p_value"].value, row.fisher)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926), ((0, 10, 0, 20), -0.1611, 0.2775), ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)  # fmt: skip
def test_newcombe_limits_are_the_published_ones(counts, lower, upper):
    close(np.round(limits(newcombe_difference(*counts)), 4), [lower, upper], 1e-12)


def test_a_group_without_subjects_has_no_difference():
    for method in (newcombe_difference, miettinen_nurminen_difference, fisher_test):
        assert {s.note for s in method(0, 0, 1, 3).values()} == {"NE: not estimable, no subjects in a group"}
    assert odds_ratio(3, 3, 1, 3)["estimate"].note == "NE: not estimable, a cell of the table is empty"
