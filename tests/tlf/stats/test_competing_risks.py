"""Cumulative incidence and Gray's test against R: survival (tests/oracles/hazards.R) and printed results of cmprsk."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tlf.stats.competing_risks import cumulative_incidence, gray_test, incidence_at
from tlf.stats.survival import kaplan_meier

ORACLES = Path(__file__).parents[2] / "oracles"
EXAMPLE = pd.read_csv(ORACLES / "gray_example.csv")  # made by tests/oracles/hazards.R
BMT = pd.read_csv(ORACLES / "gray_bmt.csv")  # Scrucca et al. 2010, Bone Marrow Transplantation 45:1388-1395
COMPETING = pd.read_csv(ORACLES / "incidence_data.csv")
SWAPPED = {0: 0, 1: 2, 2: 1}
NO_SIX = ~EXAMPLE.index.isin([4, 9, 49])  # the subjects of the example whose group is missing


def close(actual, expected, rtol=1e-8):
    np.testing.assert_allclose(actual, np.asarray(expected, dtype=float), rtol=rtol, atol=1e-12)


def of(data, cause):
    """The data with the cause as cause 1."""
    return data if cause == 1 else data.assign(cause=data["cause"].map(SWAPPED))


@pytest.mark.parametrize(
    ("time", "chosen", "cause", "chisq", "p_value"),
    [  # cmprsk 2.2, tests/test.Rout.save (the last printed as 0.1400145)
        ("other", slice(None), 1, "1.214132", "0.5449473"), ("other", slice(None), 2, "3.269462", "0.1950048"),
        ("time", slice(None), 1, "3.393977", "0.1832345"), ("time", slice(None), 2, "1.989511", "0.3698139"),
        ("other", NO_SIX, 1, "1.008453", "0.6039725"), ("other", NO_SIX, 2, "2.728735", "0.2555423"),
        ("time", NO_SIX & (EXAMPLE.index < 80), 1, "4.716769", "0.0945729"),
        ("time", NO_SIX & (EXAMPLE.index < 80), 2, "2.696396", "0.2597078"),
        ("time", EXAMPLE["group"] != "b", 1, "3.515155", "0.0608100"),
        ("time", EXAMPLE["group"] != "b", 2, "0.140015", "0.7082666"),
    ],
)  # fmt: skip
def test_grays_test_in_strata_equals_the_printed_one(time, chosen, cause, chisq, p_value):
    data = of(EXAMPLE[chosen], cause)
    found = gray_test(data[time], data["cause"], data["group"], data["stratum"])
    assert (f"{found['chisq'].value:.6f}", f"{found['p_value'].value:.7f}") == (chisq, p_value)


@pytest.mark.parametrize(
    ("cause", "chisq", "p_value"), [(1, "2.8623325", "0.09067592"), (2, "0.4481279", "0.50322531")]
)
def test_grays_test_with_ties_equals_the_printed_one(cause, chisq, p_value):
    data = of(BMT, cause)
    found = gray_test(data["time"], data["cause"], data["group"])
    assert (f"{found['chisq'].value:.7f}", f"{found['p_value'].value:.8f}", found["df"].value) == (chisq, p_value, 1)


def test_one_group_has_nothing_to_compare():
    assert gray_test([1, 2], [1, 2], ["A", "A"])["chisq"].note == "NE: not estimable, fewer than two groups"
    assert gray_test([1, 2], [0, 0], ["A", "B"])["chisq"].note == "NE: not estimable, no events to compare"


@pytest.mark.parametrize(
    ("cause", "estimates", "variances"),
    [  # cmprsk 2.2, tests/test.Rout.save: at times 1 to 4
        (1, [0.2352861, 0.3287068, 0.4247898, 0.4247898], [0.002062112, 0.002957844, 0.004170634, 0.004170634]),
        (2, [0.2567862, 0.3931580, 0.4631781, 0.4911861], [0.002190305, 0.003273248, 0.004004514, 0.004369940]),
    ],
)
def test_aalens_variance_equals_the_printed_one(cause, estimates, variances):
    data = of(EXAMPLE, cause)
    curve = cumulative_incidence(data["time"], data["cause"])
    found = [incidence_at(curve, data["time"], day) for day in (1, 2, 3, 4)]
    assert [round(at["estimate"].value, 7) for at in found] == estimates
    assert [round(at["se"].value ** 2, 9) for at in found] == variances


def test_cumulative_incidence_and_the_delta_method_equal_survfit_with_states():
    actual = cumulative_incidence(COMPETING["time"], COMPETING["cause"], error="DELTA")
    for name, column in (("incidence", "incidence"), ("incidence_se", "se")):
        expected = pd.read_csv(ORACLES / f"{name}.csv").merge(actual, on=["time", "cause"], how="left", validate="1:1")
        close(expected[f"{column}_y"], expected[f"{column}_x"])


def test_survival_and_the_incidences_of_all_causes_add_up_to_1():
    total = cumulative_incidence(COMPETING["time"], COMPETING["cause"]).groupby("time")["incidence"].sum()
    alive = kaplan_meier(COMPETING["time"], COMPETING["cause"] > 0).set_index("time")["survival"]
    close(total + alive, np.ones(len(total)))


def test_with_one_cause_the_incidence_is_1_less_kaplan_meier():
    time, event = [1, 2, 2, 3, 5], [1, 1, 0, 0, 1]
    curve = cumulative_incidence(time, event, error="DELTA")
    km = kaplan_meier(time, pd.Series(event).eq(1))
    close(curve["incidence"], 1 - km["survival"])
    inside = km["survival"] > 0  # Greenwood's error is the delta method's of one cause
    close(curve.loc[inside, "se"], km.loc[inside, "se"])


def test_limits_lie_on_the_scale_of_log_minus_log_by_hand():
    # 4 at risk, 1 event at day 1: F 1/4; Aalen's variance (1/4)(3/4)/(4 - 1) = 1/16, so se 1/4
    # width = 1.959964 * 0.25 / (0.25 * ln 0.25) = -1.413814; 0.25^exp(1.413814) = 0.0033, 0.25^exp(-1.413814) = 0.7138
    at = incidence_at(cumulative_incidence([1, 2, 3, 4], [1, 0, 0, 0]), [1, 2, 3, 4], 2)
    assert [round(at[name].value, 4) for name in ("estimate", "se", "lower", "upper")] == [0.25, 0.25, 0.0033, 0.7138]


def test_before_the_first_event_and_without_subjects():
    curve = cumulative_incidence([5, 6], [1, 0])
    early = incidence_at(curve, [5, 6], 2)
    assert (early["estimate"].value, early["at_risk"].value) == (0.0, 2.0)
    assert early["lower"].note == "NE: not estimable, no limits where the estimate is 0"
    assert incidence_at(cumulative_incidence([], []), [], 2)["estimate"].note == "NE: not estimable, no subjects"


def test_an_unknown_error_is_refused():
    with pytest.raises(ValueError, match="error is 'JACKKNIFE'; it must be one of AALEN, DELTA"):
        cumulative_incidence([1], [1], error="JACKKNIFE")


def test_incidence_by_hand_sums_survival_before_times_events_over_those_at_risk():
    found = cumulative_incidence([1, 2, 3, 4], [1, 0, 2, 1])
    assert found.query("events > 0")[["time", "cause", "at_risk", "events", "incidence"]].to_numpy().tolist() == [
        [1, 1, 4, 1, 0.25], [4, 1, 1, 1, 0.625],  # 1/4; then 0.375 (survival before) x 1/1 more
        [3, 2, 2, 1, 0.375],  # 0.75 (survival before) x 1/2
    ]  # fmt: skip


def test_without_events_there_is_no_incidence():
    found = cumulative_incidence([1, 2], [0, 0])
    assert found.empty
    assert list(found.columns) == ["time", "cause", "at_risk", "events", "incidence", "se", "lower", "upper"]
