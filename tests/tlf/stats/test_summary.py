"""Summary statistics and exact limits against base R (tests/oracles/summary.R prints the expected values)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats import Statistic
from tlf.stats.binomial import exact_interval
from tlf.stats.summary import describe, geometric

ORACLES = Path(__file__).parents[2] / "oracles"
DATA = pd.read_csv(ORACLES / "summary_data.csv")
NAMES = ["n", "mean", "sd", "median", "q1", "q3", "min", "max"]


@pytest.mark.parametrize("name", list(DATA["set"].unique()))
def test_every_summary_equals_r_with_quantile_type_2(name):
    expected = pd.read_csv(ORACLES / "summary.csv").set_index("set").loc[name, NAMES].astype(float)
    actual = describe(DATA.loc[DATA["set"] == name, "value"])
    np.testing.assert_allclose([actual[key].value for key in NAMES], expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["two", "four", "copies", "close"])
def test_geometric_mean_and_variation_equal_r(name):
    data = pd.read_csv(ORACLES / "geometric_data.csv")
    expected = pd.read_csv(ORACLES / "geometric.csv").set_index("set").loc[name, ["gmean", "gcv"]].astype(float)
    actual = geometric(data.loc[data["set"] == name, "value"])
    np.testing.assert_allclose([actual[key].value for key in ("gmean", "gcv")], expected, rtol=1e-10)


@pytest.mark.parametrize(("values", "notes"), [
    ([], ["NE: not estimable, no values"] * 2), ([0.0, 3.0], ["NE: not estimable, a value is not above 0"] * 2),
    ([4.0], ["", "NE: not estimable, one value"])])
def test_logarithms_that_cannot_be_had_say_so(values, notes):
    assert [statistic.note for statistic in geometric(values).values()] == notes


def test_missing_values_are_counted_and_left_out():
    summary = describe([1.0, np.nan, 3.0, np.nan])
    assert (summary["n"], summary["nmiss"], summary["mean"]) == (Statistic(2), Statistic(2), Statistic(2))


def test_two_values_have_a_standard_deviation_and_no_note():
    assert describe([1, 3])["sd"] == Statistic(2**0.5)


def test_one_value_has_no_standard_deviation_and_says_so():
    assert np.isnan(describe([4])["sd"].value)
    assert describe([4])["sd"].note == "NE: not estimable, one value"


def test_no_values_have_counts_and_reasons():
    summary = describe([])
    assert summary["n"] == Statistic(0)
    assert {summary[name].note for name in NAMES[1:]} == {"NE: not estimable, no values"}


def test_exact_limits_equal_binom_test():
    expected = pd.read_csv(ORACLES / "binomial.csv")
    cases = zip(expected["x"], expected["n"], expected["level"], strict=True)
    limits = [exact_interval(x, n, level) for x, n, level in cases]
    actual = [[limit["lower"].value, limit["upper"].value] for limit in limits]
    np.testing.assert_allclose(actual, expected[["lower", "upper"]], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("x", "n", "printed"),
    [(11, 12, (61.5, 99.8)), (3, 12, (5.5, 57.2)), (4, 12, (9.9, 65.1)), (12, 12, (73.5, 100)), (6, 12, (21.1, 78.9)),
     (10, 12, (51.6, 97.9)), (1, 12, (0.2, 38.5)), (5, 12, (15.2, 72.3)), (2, 12, (2.1, 48.4))],
)
def test_the_plan_s_exact_limits_domain_1_4(x, n, printed):
    limits = exact_interval(x, n)
    np.testing.assert_allclose([100 * limits["lower"].value, 100 * limits["upper"].value], printed, atol=0.051)


def test_nobody_of_nobody_has_no_proportion():
    nothing = exact_interval(0, 0)
    assert list(nothing) == ["estimate", "lower", "upper"]
    assert {statistic.note for statistic in nothing.values()} == {"NE: not estimable, no subjects"}


@pytest.mark.parametrize(("x", "n", "share"), [(0, 4, 0), (3, 12, 0.25), (4, 4, 1)])
def test_a_proportion_is_x_of_n(x, n, share):
    assert exact_interval(x, n)["estimate"] == Statistic(share)


@pytest.mark.parametrize(("x", "n"), [(-1, 4), (5, 4)])
def test_more_than_all_or_fewer_than_none_is_refused(x, n):
    with pytest.raises(ValueError, match=f"{x} of {n}"):
        exact_interval(x, n)
