"""Log-rank, Cox and restricted mean against R's survival package (tests/oracles/hazards.R prints the values)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats.hazards import cox, log_rank
from tlf.stats.survival import kaplan_meier, restricted_mean

ORACLES = Path(__file__).parents[2] / "oracles"
DATA, TESTS, FITS, MEANS = (pd.read_csv(ORACLES / f"hazards_{name}.csv") for name in ("data", "tests", "cox", "means"))
NO_MAXIMUM = ("random_06", True)  # R: Loglik converged before all variables; coefficients may be infinite


def observed(name):
    data = DATA[DATA["set"] == name]
    return data["time"], data["event"].eq(1), data["group"], data["stratum"], data["x"]


def fitted(name, stratified):
    time, event, group, stratum, x = observed(name)
    covariates = pd.get_dummies(group, drop_first=True).astype(float).assign(x=x)
    return cox(time, event, covariates, stratum if stratified else None)


def close(actual, expected, rtol=1e-8):
    np.testing.assert_allclose(actual, np.asarray(expected, dtype=float), rtol=rtol, atol=1e-12)


def test_every_log_rank_test_equals_survdiff_plain_and_stratified():
    for row in TESTS[TESTS["test"] == "logrank"].itertuples():
        time, event, group, stratum, _ = observed(row.set)
        found = log_rank(time, event, group, stratum if row.stratified else None)
        close([found["chisq"].value, found["df"].value], [row.chisq, row.df])


def test_every_score_test_equals_coxph():
    for row in TESTS[TESTS["test"] == "score"].itertuples():
        found = fitted(row.set, row.stratified)[1]
        close([found["chisq"].value, found["df"].value], [row.chisq, row.df])


@pytest.mark.parametrize(("name", "stratified"), [key for key, _ in FITS.groupby(["set", "stratified"])])
def test_every_hazard_ratio_with_limits_and_p_value_equals_coxph(name, stratified):
    rows, _ = fitted(name, stratified)
    if (name, stratified) == NO_MAXIMUM:
        assert rows["note"].str.startswith("NE: not estimable, the likelihood has no maximum")[["B", "C"]].all()
        return
    expected = FITS[(FITS["set"] == name) & (FITS["stratified"] == stratified)].set_index("covariate")
    names = ["coefficient", "se", "lower", "upper", "p_value"]
    close(rows.loc[expected.index, names], expected[names], 1e-7)
    close(rows["estimate"], np.exp(rows["coefficient"]))
    assert rows["note"].eq("").all()


@pytest.mark.parametrize(
    ("time", "event", "x", "says"),
    [  # the note after NE: not estimable
        ([1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 0, 1], "no events"),
        ([1, 2, 3, 4], [1, 0, 1, 1], [1, 1, 1, 1], "the covariate does not vary among those at risk"),
        ([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], "the likelihood has no maximum"),
    ],
)
def test_where_there_is_no_hazard_ratio_the_note_says_why(time, event, x, says):
    rows, _ = cox(time, pd.Series(event, dtype=bool), pd.DataFrame({"x": x}, dtype=float))
    assert rows["note"].iloc[0].startswith(f"NE: not estimable, {says}")
    assert rows.drop(columns="note").isna().all(axis=None)


def test_the_unit_of_a_covariate_does_not_decide_whether_it_can_be_estimated():
    time, event, _, _, x = observed("lung")
    years, centuries = (cox(time, event, pd.DataFrame({"x": x / by}))[0] for by in (1, 1e4))
    close(centuries["coefficient"], years["coefficient"] * 1e4)


def test_without_two_groups_or_without_events_there_is_nothing_to_compare():
    assert log_rank([1, 2], [True, True], ["A", "A"])["chisq"].note == "NE: not estimable, fewer than two groups"
    assert log_rank([1, 2], [False, False], ["A", "B"])["chisq"].note == "NE: not estimable, no events to compare"


def test_every_restricted_mean_and_its_error_equal_survfit():
    for row in MEANS.itertuples():
        time, event, *_ = observed(row.set)
        found = restricted_mean(kaplan_meier(time, event), row.until)
        close([found["estimate"].value, found["se"].value], [row.estimate, row.se])


def test_a_restricted_mean_past_the_longest_follow_up_is_known_only_if_all_have_had_the_event():
    assert restricted_mean(kaplan_meier([1, 2], [True, False]), 5)["estimate"].note.startswith("NE: not estimable, la")
    assert restricted_mean(kaplan_meier([1, 3], [True, True]), 5)["estimate"].value == 2.0  # by hand: 1 + 2 / 2
    assert restricted_mean(kaplan_meier([], []), 5)["se"].note == "NE: not estimable, no subjects"
