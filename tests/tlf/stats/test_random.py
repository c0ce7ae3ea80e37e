"""1,230 random data sets of many shapes, each against what R makes of it to 1e-8 (random.R, random_pairs.R in oracles).

Where R has no number and ours differ: survdiff inverts a variance that can be singular and fails, ours takes its rank;
coxph goes on where a likelihood has no maximum (with a warning, or a standard error above 100), ours says so in words.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats.agreement import kappa
from tlf.stats.binomial import exact_interval, exact_test, wilson_interval
from tlf.stats.competing_risks import cumulative_incidence, gray_test, incidence_at
from tlf.stats.hazards import cox, log_rank
from tlf.stats.rates import exact_rate
from tlf.stats.summary import describe, geometric
from tlf.stats.survival import follow_up, kaplan_meier, quantile, rate_at, restricted_mean
from tlf.stats.two_groups import fisher_test, newcombe_difference, odds_ratio

ORACLES = [Path(__file__).parents[2] / "oracles" / name for name in ("random.jsonl", "random_pairs.jsonl")]
SETS = [json.loads(line) for file in ORACLES for line in file.read_text(encoding="utf-8").splitlines()]
QUARTILES = (0.25, 0.5, 0.75)


@pytest.fixture(autouse=True)
def no_warning_of_numbers():
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def of(kind):
    """The data and R's results of the sets of a kind, each with its line."""
    return [(at, one["of"], one["is"]) for at, one in enumerate(SETS, start=1) if one["kind"] == kind]


def close(line, what, actual, expected):
    """Equal to 1e-8, and missing where R has none."""
    told = f"{what} of set {line}"
    np.testing.assert_allclose(floats(actual), floats(expected), rtol=1e-8, atol=1e-10, err_msg=told)


def floats(values):
    return np.asarray(values, dtype=float)


def numbers(found, *names):
    return [found[name].value for name in names]


def limits(found):
    return [value for one in found for value in numbers(one, "lower", "upper")]


def events(data):
    return floats(data["time"]), np.array(list(data["event"])) == "1"


def test_there_are_1230_of_many_shapes():
    shapes = {(one["kind"], one["shape"]) for one in SETS}
    assert (len(SETS), len(shapes)) == (1230, 37)
    assert {len(one["of"]["time"]) for one in SETS if "time" in one["of"]} >= {1, 2, 200}


@pytest.mark.parametrize("scale", ["log-log", "log", "plain"])
def test_kaplan_meier_with_its_limits_and_quantiles(scale):
    for line, data, expected in of("survival"):
        curve = kaplan_meier(*events(data), transform=scale, level=data["level"])
        rates, quartiles = [rate_at(curve, day) for day in data["days"]], [quantile(curve, p) for p in QUARTILES]
        at_days, at_quartiles = expected[scale.replace("-", "_")]
        close(line, "limits of rates", limits(rates), at_days)
        close(line, "limits of quartiles", limits(quartiles), at_quartiles)
        for name in ("estimate", "se", "at_risk"):
            close(line, name, [one[name].value for one in rates], expected[name])
        close(line, "quartiles", [one["estimate"].value for one in quartiles], expected["quantile"])


def test_restricted_mean_and_follow_up():
    for line, data, expected in of("survival"):
        if data["until"] > 0:  # all times are 0: survfit has no mean
            mean = restricted_mean(kaplan_meier(*events(data)), data["until"])
            close(line, "restricted mean", numbers(mean, "estimate", "se"), expected["mean"])
        found = follow_up(*events(data), level=data["level"])
        close(line, "follow-up", numbers(found, "estimate", "lower", "upper"), expected["follow_up"])


@pytest.mark.parametrize(("strata", "name"), [(None, "log_rank"), ("stratum", "stratified")])
def test_log_rank(strata, name):
    lost = 0
    for line, data, expected in of("survival"):
        found = log_rank(*events(data), list(data["group"]), strata and list(data[strata]))["chisq"]
        lost += expected[name] is None and not found.note
        if expected[name] is not None or found.note:
            close(line, name, found.value, expected[name] if expected[name] is not None else np.nan)
    assert lost <= 1  # where survdiff fails of a singular variance


@pytest.mark.parametrize(("strata", "name"), [(None, "cox"), ("stratum", "cox_stratified")])
def test_cox_regression_and_its_score_test(strata, name):
    for line, data, expected in of("survival"):
        group = np.array(list(data["group"]))
        others = {one: (group == one).astype(float) for one in sorted(set(group))[1:]}
        covariates = pd.DataFrame(others | {"x": floats(data["x"])})
        rows, test = cox(*events(data), covariates, strata and list(data[strata]))
        *fit, score, endless = expected[name]
        close(line, "score test", test["chisq"].value, np.nan if score is None else score)
        coefficients, errors = (floats(part or [np.nan] * len(rows)) for part in fit)
        lost = endless or bool(np.isnan(coefficients).any())
        assert rows["note"].ne("").any() == lost, line
        if not lost:  # beside a coefficient without end the others are only on their way
            close(line, "coefficients", rows["coefficient"], coefficients)
            close(line, "standard errors", rows["se"], errors)


def test_cumulative_incidence_of_aalen_and_johansen():
    for line, data, expected in of("incidence"):
        curve = cumulative_incidence(data["time"], [int(one) for one in data["cause"]], error="DELTA")
        found = [incidence_at(curve, data["time"], day) for day in data["days"]]
        for name in ("estimate", "se"):
            close(line, name, [one[name].value for one in found], expected[name])


def test_proportions():
    for line, data, expected in of("proportion"):
        (x, n, y, m), level = data["counts"], data["level"]
        close(line, "exact limits", limits([exact_interval(x, n, level)]), expected["exact"])
        close(line, "Wilson's limits", limits([wilson_interval(x, n, level)]), expected["wilson"])
        close(line, "exact test", exact_test(x, n, data["p0"])["p_value"].value, expected["test"])
        close(line, "Fisher's test", fisher_test(x, n, y, m)["p_value"].value, expected["fisher"])


def test_rates():
    for line, data, expected in of("rate"):
        found = exact_rate(data["events"], data["exposure"], data["level"])
        close(line, "rate", numbers(found, "estimate", "lower", "upper"), expected["rate"])


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_agreement_of_two_readers(weights):
    for line, data, expected in of("agreement"):
        readings = list(data["first"]), list(data["second"])
        categories = [str(one) for one in range(1, data["categories"] + 1)]
        found = kappa(*readings, categories, weights=weights.upper(), level=data["level"])
        close(line, "kappa", numbers(found, "estimate", "lower", "upper"), expected[weights])
        close(line, "share alike", found["agreement"].value, expected["agreement"])


def test_differences_of_proportions_and_odds_ratios():
    for line, data, expected in of("difference"):
        for name, made in (("newcombe", newcombe_difference), ("odds_ratio", odds_ratio)):
            found = made(*data["counts"], data["level"])
            close(line, name, numbers(found, "estimate", "lower", "upper"), expected[name])


def test_grays_test_and_aalens_variance_where_no_times_are_tied():
    for line, data, expected in of("gray"):
        causes, tied = [int(one) for one in data["cause"]], len(set(data["time"])) < len(data["time"])
        for name, strata in (("chisq", None), ("stratified", list(data["stratum"]))):
            if expected[name] is not None:  # else cuminc cannot invert the variance
                found = gray_test(data["time"], causes, list(data["group"]), strata)["chisq"]
                close(line, name, found.value, expected[name])
        curve = cumulative_incidence(data["time"], causes)
        at_days = [incidence_at(curve, data["time"], day) for day in data["days"]]
        if expected["estimate"]:  # else nobody has the event
            close(line, "incidence", [at["estimate"].value for at in at_days], expected["estimate"])
        if expected["estimate"] and not tied:
            close(line, "variance", [at["se"].value ** 2 for at in at_days], expected["variance"])


def test_summaries():
    for line, data, expected in of("summary"):
        found, quartiles = describe(data["values"]), ("q1", "median", "q3")
        close(line, "mean, sd", numbers(found, "mean", "sd"), [expected["mean"], expected["sd"]])
        close(line, "quartiles", numbers(found, *quartiles), expected["quantiles"])
        close(line, "range", numbers(found, "min", "max"), expected["range"])
        geometrics = numbers(geometric(data["values"]), "gmean", "gcv")
        close(line, "geometric", geometrics, [expected["gmean"], expected["gcv"]])
