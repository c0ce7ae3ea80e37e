"""Rows of times: between columns, within a stretch of time, from a landmark; the numbers are R's of its data `aml`."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects
from walk import counted_again

from tlf import families
from tlf.templates import survival

MAINTAINED = {9: 1, 13: 1, 13.0001: 0, 18: 1, 23: 1, 28: 0, 31: 1, 34: 1, 45: 0, 48: 1, 161: 0}
OTHERS = [(5, 1), (5, 1), (8, 1), (8, 1), (12, 1), (16, 0), (23, 1), (27, 1), (30, 1), (33, 1), (43, 1), (45, 1)]
TIMES = [(int(day), event) for day, event in MAINTAINED.items()] + OTHERS
STRATIFIED = (2.27361526801, 0.09905088214)  # hazard ratio, p of survdiff, with strata(site) as the test has it
WHO = list(range(1, 24))
ADSL = subjects(23, ARM=["M"] * 11 + ["N"] * 12)
ADTTE = records("OS", WHO, AVAL=[float(day) for day, _ in TIMES], CNSR=[1.0 - event for _, event in TIMES])
COLUMNS = [{"id": arm, "label": f"Arm {arm}", "where": f'ARM == "{arm}"'} for arm in "MN"]
OS = {"of": "adtte", "where": 'PARAMCD == "OS"', "time": "days"}


def made(row, columns=COLUMNS, **decisions):
    output = shell(
        family="survival", columns=columns, rows=[row], decisions=[one.upper() for one in DECISIONS | decisions]
    )
    data = {"adsl": ADSL, "adtte": ADTTE, "decisions": DECISIONS | decisions}
    results = families.results(survival, output, data)
    assert counted_again(results, data) == []
    return results, printed(families.page(survival, output, results))


def test_the_hazard_of_a_column_stands_against_the_first_with_the_log_rank_test():
    _, page = made({"hazard_ratio": "Hazard ratio", **OS})
    assert page["Hazard ratio (95% CI)"] == ("-", "2.50 (0.92, 6.81)")
    assert page["Log-rank test, two-sided p"] == ("-", "0.065")


def test_a_total_is_compared_with_nothing():
    _, page = made({"hazard_ratio": "Hazard ratio", **OS}, [*COLUMNS, {"id": "ALL", "label": "All"}])
    assert page["Hazard ratio (95% CI)"] == ("-", "2.50 (0.92, 6.81)", "-")


def test_strata_have_hazards_of_their_own():
    adtte = ADTTE.assign(SITE=["X", "Y"] * 11 + ["X"])
    output = shell(family="survival", columns=COLUMNS, rows=[{"hazard_ratio": "Ratio", "strata": ["SITE"], **OS}])
    results = families.results(survival, output, {"adsl": ADSL, "adtte": adtte, "decisions": DECISIONS})
    found = results.set_index("STATISTIC")["VALUE"]
    assert found["estimate"] == pytest.approx(STRATIFIED[0], abs=1e-8)
    assert found["p_value"] == pytest.approx(STRATIFIED[1], abs=1e-8)


def test_the_restricted_mean_stands_with_its_limits():
    _, page = made({"restricted_mean": "Mean within 40 days", "until": "40", **OS})
    assert page["Mean within 40 days (95% CI)"] == ("28.9 (22.1, 35.7)", "21.9 (14.4, 29.4)")


@pytest.mark.parametrize(("landmark", "decisions"), [("10", {}), ("@LANDMARK_DAY", {"landmark_day": 10})])
def test_a_landmark_leaves_out_whose_time_ends_until_then_and_counts_from_it(landmark, decisions):
    row = {"rate": "Alive at 15 days", "at": "15", "landmark": landmark, **OS}
    _, page = made(row, **decisions)
    assert page["Alive at 15 days (95% CI)"] == ("67.5 (29.1, 88.2)", "72.9 (27.6, 92.5)")
    assert page["Subjects at risk"] == ("6", "5")
    _, page = made({"median": "Median", "landmark": landmark, **OS}, **decisions)
    assert page["Median (95% CI)"] == ("24.0 (3.0, NE)", "20.0 (2.0, 33.0)")


def test_a_denominator_says_whose_times_they_are():
    adrs = {"of": "adtte", "where": "AVAL <= 20"}
    results, _ = made({"rate": "Alive", "at": "10", "denominator": adrs, **OS})
    at_risk = results.loc[results["STATISTIC"] == "at_risk", "VALUE"]
    assert at_risk.tolist() == [3, 2]  # 13, 13 and 18; 12 and 16


def test_a_p_value_of_next_to_nothing_is_below_the_least_that_is_printed():
    days = pd.Series(range(1, 61), dtype=float)
    adsl = subjects(60, ARM=["M"] * 30 + ["N"] * 30)
    adtte = records("OS", list(range(1, 61)), AVAL=days, CNSR=0.0)
    output = shell(family="survival", columns=COLUMNS, rows=[{"hazard_ratio": "Ratio", **OS}])
    results = families.results(survival, output, {"adsl": adsl, "adtte": adtte, "decisions": DECISIONS})
    page = printed(families.page(survival, output, results))
    assert page["Log-rank test, two-sided p"] == ("-", "<0.001")
    assert page["Ratio (95% CI)"] == ("-", "NE (NE, NE)")  # all events of one arm come first
