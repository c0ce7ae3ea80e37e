"""Exact Poisson limits against base R (tests/oracles/rates.R prints the expected values)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats.rates import exact_rate

EXPECTED = pd.read_csv(Path(__file__).parents[2] / "oracles" / "rates.csv")


@pytest.mark.parametrize("row", EXPECTED.to_dict("records"), ids=lambda r: f"{r['events']}/{r['exposure']}")
def test_every_rate_and_its_limits_equal_r(row):
    actual = exact_rate(int(row["events"]), row["exposure"], row["level"])
    expected = [row["estimate"], row["lower"], row["upper"]]
    np.testing.assert_allclose([actual[n].value for n in ("estimate", "lower", "upper")], expected, rtol=1e-10)


def test_a_site_without_exposure_has_no_rate_and_says_so():
    nothing = exact_rate(0, 0)
    assert list(nothing) == ["estimate", "lower", "upper"]
    assert {s.note for s in nothing.values()} == {"NE: not estimable, no exposure"}


@pytest.mark.parametrize(("events", "exposure"), [(-1, 3), (2, -1), (2, float("nan"))])
def test_negative_counts_are_refused(events, exposure):
    with pytest.raises(ValueError, match="a rate needs"):
        exact_rate(events, exposure)


def test_limits_are_of_95_percent_unless_said_otherwise():
    assert exact_rate(3, 2.0) == exact_rate(3, 2.0, 0.95)
