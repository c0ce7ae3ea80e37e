"""Kaplan-Meier against R's survival package (tests/oracles/survival.R prints the expected values) and lifelines."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats import Statistic
from tlf.stats.survival import (
    event_flag,
    follow_up,
    kaplan_meier,
    quantile,
    rate_at,
)

ORACLES = Path(__file__).parents[2] / "oracles"


def oracle(name):
    return pd.read_csv(ORACLES / f"{name}.csv", keep_default_na=False, na_values=["NA", "NaN"])


DATA = oracle("survival_data")
DATA = DATA.loc[DATA.index.repeat(DATA["count"]), ["set", "time", "event"]]
SETS = list(DATA["set"].unique())


def observed(name):
    chosen = DATA[DATA["set"] == name]
    return chosen["time"], chosen["event"].eq(1)


def curves(expected):
    for (name, transform, level), rows in expected.groupby(["set", "transform", "level"]):
        yield rows, kaplan_meier(*observed(name), transform=transform, level=level)


def close(actual, expected):
    np.testing.assert_allclose(actual, np.asarray(expected, dtype=float), rtol=1e-8, atol=1e-10)


def values(statistics, names=("estimate", "lower", "upper")):
    return [statistics[name].value for name in names]


def test_event_flag_is_true_for_cnsr_0_only():
    assert event_flag(pd.Series([0, 1, 2, 5])).tolist() == [True, False, False, False]


@pytest.mark.parametrize("cnsr", [[0, np.nan], [0, -1]])
def test_a_missing_or_negative_cnsr_is_refused(cnsr):
    with pytest.raises(ValueError, match="CNSR is missing or negative"):
        event_flag(pd.Series(cnsr))


def exact(name):
    """An oracle whose times have 17 digits, read to the last bit."""
    return pd.read_csv(ORACLES / f"{name}.csv", dtype="str").assign(time=lambda rows: rows["time"].map(float))


TIES, TIED = exact("survival_ties"), exact("survival_ties_data")


@pytest.mark.parametrize("name", TIES["set"].unique())
def test_times_within_rounding_are_tied_as_survfit_ties_them(name):
    given, expected = TIED[TIED["set"] == name], TIES[TIES["set"] == name]
    km = kaplan_meier(given["time"], given["event"].eq("1"))
    counts = ["at_risk", "events"]
    assert km[counts].astype("str").to_numpy().tolist() == expected[counts].to_numpy().tolist()
    close(km[["time", "survival"]], expected[["time", "survival"]].astype(float))


def test_a_rate_at_a_time_within_rounding_of_an_event_counts_it():
    km = kaplan_meier([0.3, 0.5], [True, True])
    for time in (0.3, 0.1 + 0.2, 0.3 - 1e-12):
        assert values(rate_at(km, time), ("estimate", "at_risk")) == [0.5, 2]


@pytest.mark.parametrize("name", SETS)
def test_every_step_equals_survfit(name):
    expected = oracle("survival_steps").query("set == @name")
    for rows, km in curves(expected):
        columns = ["time", "at_risk", "events", "survival", "se", "lower", "upper"]
        close(km[columns], rows[columns])


@pytest.mark.parametrize("name", SETS)
def test_every_quantile_and_its_limits_equal_survfit(name):
    expected = oracle("survival_quantiles").query("set == @name")
    for rows, km in curves(expected):
        close([values(quantile(km, p)) for p in rows["p"]], rows[["estimate", "lower", "upper"]])


@pytest.mark.parametrize("name", sorted(set(oracle("survival_rates")["set"])))
def test_every_rate_and_number_at_risk_equal_survfit(name):
    names = ["estimate", "se", "lower", "upper", "at_risk"]
    for rows, km in curves(oracle("survival_rates").query("set == @name")):
        close([values(rate_at(km, time), names) for time in rows["time"]], rows[names])


@pytest.mark.parametrize("name", SETS)
def test_median_follow_up_equals_survfit_with_events_and_censorings_exchanged(name):
    expected = oracle("survival_follow_up").query("set == @name")
    close([values(follow_up(*observed(name)))], expected[["estimate", "lower", "upper"]])


@pytest.mark.parametrize(
    ("endpoint", "transform", "printed"),
    [
        ("preprint_pfs", "log-log", (54.55, 15.01, 22.9, 78.0)),
        ("preprint_pfs", "log", (54.55, 15.01, 31.8, 93.6)),
        ("preprint_pfs", "plain", (54.55, 15.01, 25.1, 84.0)),
        ("preprint_os", "log-log", (50.51, 23.09, 7.9, 83.2)),
        ("preprint_os", "log", (50.51, 23.09, 20.6, 100)),
        ("preprint_os", "plain", (50.51, 23.09, 5.2, 95.8)),
    ],
)
def test_the_plan_s_vector_at_12_months_domain_1_4(endpoint, transform, printed):
    rate = rate_at(kaplan_meier(*observed(endpoint), transform=transform), 12)
    actual = [100 * value for value in values(rate, ("estimate", "se", "lower", "upper"))]
    np.testing.assert_allclose(actual, printed, atol=0.051)
    assert rate["at_risk"].value == 2


@pytest.mark.parametrize(
    ("time", "event", "median"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], 2.5),  # S = 0.5 from 2 to 3
        ([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], 3),
        ([1, 2, 5, 9], [1, 1, 0, 0], 5.5),  # S = 0.5 from 2 to the last observation
        ([5], [1], 5),
    ],
)
def test_the_median_is_the_middle_of_the_interval_where_the_curve_is_one_half(time, event, median):
    assert quantile(kaplan_meier(time, event))["estimate"] == Statistic(median)


@pytest.mark.parametrize("n", range(2, 41, 2))
def test_a_curve_that_ends_at_one_half_has_a_median_whatever_the_floating_noise(n):
    time, event = np.arange(1, n + 1), np.arange(1, n + 1) <= n // 2
    assert quantile(kaplan_meier(time, event))["estimate"].value == (n // 2 + n) / 2


def test_a_curve_counts_at_each_time_who_is_at_risk_has_the_event_and_is_censored():
    km = kaplan_meier([5, 10, 10, 15], [0, 0, 1, 0])
    assert list(km.columns) == ["time", "at_risk", "events", "censored", "survival", "se", "lower", "upper"]
    assert km[["time", "at_risk", "events", "censored"]].to_numpy().tolist() == [[5, 4, 0, 1], [10, 3, 1, 1],
                                                                                 [15, 1, 0, 1]]
    close(km["survival"], [1, 2 / 3, 2 / 3])
    close(km["se"], [0, (2 / 27) ** 0.5, (2 / 27) ** 0.5])  # 2/3 times the root of 1 / (3 x 2)


def test_an_event_on_the_first_day_counts():
    assert kaplan_meier([0, 1], [1, 1])["survival"].tolist() == [0.5, 0]


def test_two_times_within_rounding_are_one():
    assert kaplan_meier([0.3, 0.1 + 0.2], [1, 1])["time"].tolist() == [0.3]


@pytest.mark.parametrize(
    ("transform", "limits"),
    [("log-log", [[np.nan, np.nan], [np.nan, np.nan]]), ("log", [[1, 1], [np.nan, np.nan]]), ("plain", [[1, 1]])],
)
def test_limits_where_the_curve_is_1_and_0_are_those_the_scale_has(transform, limits):
    km = kaplan_meier([1, 2], [0, 1], transform=transform)
    close(km[["lower", "upper"]].head(len(limits)), limits)


def test_before_the_first_observation_nobody_has_had_the_event():
    rate = rate_at(kaplan_meier([5, 10], [1, 0]), 4)
    known = {"estimate": Statistic(1), "se": Statistic(0), "lower": Statistic(1), "upper": Statistic(1)}
    assert rate == known | {"at_risk": Statistic(2)}


def test_a_rate_that_has_its_limits_has_no_notes():
    assert {statistic.note for statistic in rate_at(kaplan_meier([1, 2, 3], [1, 1, 0]), 1).values()} == {""}


def test_follow_up_tells_the_shortest_and_the_longest():
    found = follow_up([3, 7, 9], [1, 0, 0])
    assert (found["min"], found["max"]) == (Statistic(3), Statistic(9))


def test_follow_up_takes_the_transform_and_level_it_is_given():
    time, event = [2, 4, 6, 8, 10, 12], [0, 1, 0, 0, 1, 0]
    for choice in ({}, {"transform": "plain", "level": 0.8}):
        assert follow_up(time, event, **choice)["lower"] == quantile(
            kaplan_meier(time, 1 - np.array(event), **({"transform": "log-log", "level": 0.95} | choice)))["lower"]


def test_a_median_not_reached_is_nr_and_a_limit_not_reached_is_ne():
    median = quantile(kaplan_meier([3, 7, 7, 9], [0, 0, 0, 0]))
    assert median["estimate"].note == "NR: not reached"
    assert [statistic.note[:2] for statistic in median.values()] == ["NR", "NE", "NE"]
    quarter = quantile(kaplan_meier([3, 7, 7, 9], [0, 0, 0, 0]), 0.25)
    assert quarter["lower"].note == "NE: not estimable, the limit does not cross 0.75"


def test_past_the_last_observation_nothing_is_estimable():
    rate = rate_at(kaplan_meier([3, 7, 9], [1, 0, 0]), 9.5)
    assert rate["at_risk"] == Statistic(0)
    assert np.isnan(rate["estimate"].value)
    assert "later than the longest follow-up" in rate["estimate"].note


def test_when_all_have_had_the_event_the_rate_stays_0():
    rate = rate_at(kaplan_meier([3, 7, 9], [1, 1, 1]), 20)
    assert rate["estimate"] == Statistic(0)
    assert rate["lower"].note == "NE: not estimable, no limits where the estimate is 0"


def test_the_number_at_risk_counts_those_observed_until_the_landmark_itself():
    km = kaplan_meier([5, 10, 10, 15], [0, 0, 1, 0])
    assert [rate_at(km, t)["at_risk"].value for t in (0, 5, 5.1, 10, 10.1, 15, 16)] == [4, 4, 3, 3, 1, 1, 0]


def test_without_subjects_every_statistic_has_a_reason():
    km = kaplan_meier([], [])
    assert list(follow_up([], [])) == ["estimate", "lower", "upper", "min", "max"]
    found = [*quantile(km).values(), rate_at(km, 6)["estimate"], *follow_up([], []).values()]
    assert {statistic.note for statistic in found} == {"NE: not estimable, no subjects"}


@pytest.mark.parametrize(
    ("time", "event"), [([1, np.nan], [1, 0]), ([-1, 2], [1, 0]), ([1, 2], [1, None]), ([1], [1, 0])]
)
def test_missing_and_negative_observations_are_refused(time, event):
    with pytest.raises(ValueError, match="every subject needs a time"):
        kaplan_meier(time, event)


def test_an_unknown_transform_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'logit'.*log-log, log, plain$"):
        kaplan_meier([1], [1], transform="logit")


@pytest.mark.parametrize("name", SETS)
def test_survival_and_log_log_limits_equal_lifelines(name):
    lifelines = pytest.importorskip("lifelines")
    time, event = observed(name)
    fitted = lifelines.KaplanMeierFitter(alpha=0.05).fit(time, event)
    km = kaplan_meier(time, event)
    inner = km[km["survival"].between(0, 1, inclusive="neither")]
    limits = fitted.confidence_interval_survival_function_.loc[inner["time"]]
    close(km["survival"], fitted.survival_function_at_times(km["time"]))
    close(inner[["lower", "upper"]], limits)
