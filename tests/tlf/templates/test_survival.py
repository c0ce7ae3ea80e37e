"""Families `survival` and `kaplan_meier`: medians, rates at a landmark, follow-up, curves."""

import numpy as np
import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects
from walk import counted_again

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.templates import kaplan_meier, survival

MONTH = 30.4375
ROWS = [
    {"count": "Events", "of": "adtte", "where": 'PARAMCD == "PFS" and CNSR == 0'},
    {"median": "Median", "where": 'PARAMCD == "PFS"'},
    {"rate": "At 12 months, %", "at": "365.25", "where": 'PARAMCD == "PFS"'},
    {"follow_up": "Follow-up", "where": 'PARAMCD == "PFS"'},
]
# analysis plan 1.4, months and events of the construction that prints 54.5 % (SE 15.01; 22.9 to 78.0) at 12 months:
# 11 subjects at risk at the first event, five events, the sixth subject and all later ones censored after month 12.
# R: summary(survfit(Surv(m, e) ~ 1, conf.type = "log-log"), times = 12)  ->  6 at risk, 0.545, 0.229 to 0.780;
#    print(survfit(...))  ->  median NA, limits 4 and NA
MONTHS = [2.9, 3.0, 4.0, 5.0, 6.0, 7.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0]
CNSR = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def data(months=MONTHS, cnsr=CNSR):
    who = list(range(1, len(months) + 1))
    adtte = records("PFS", who, AVAL=[m * MONTH for m in months], CNSR=cnsr)
    return {"adsl": subjects(len(months)), "adtte": adtte, "decisions": DECISIONS}


def page(**tables):
    return families.page(survival, shell(rows=ROWS), families.results(survival, shell(rows=ROWS), data(**tables)))


def test_a_landmark_rate_prints_with_log_log_limits_and_the_number_at_risk():
    rows = printed(page())
    assert rows["At 12 months, % (95% CI)"] == ("54.5 (22.9, 78.0)",)
    assert rows["Subjects at risk"] == ("6",)


def test_a_median_that_is_not_reached_is_nr_and_a_limit_that_is_not_is_ne():
    assert printed(page())["Median (95% CI)"] == ("NR (4.0, NE)",)


def test_few_subjects_at_risk_are_marked_and_the_mark_is_explained():
    table = page(months=[1.0, 2.0, 13.0, 14.0, 15.0, 16.0], cnsr=[0.0, 0.0, 1.0, 1.0, 1.0, 1.0])
    assert printed(table)["Subjects at risk"] == ("4 #",)
    assert table.rows[-1].cells == ("# Fewer than 5 subjects at risk: the estimate at this time is uncertain.",)


def test_the_number_at_risk_counts_those_observed_up_to_the_landmark_day():
    days = [365.0, 366.0, 365.25, 400.0, 100.0]
    frames = data(months=[d / MONTH for d in days], cnsr=[1.0] * 5)
    results = families.results(survival, shell(rows=ROWS), frames)
    assert results.loc[results["STATISTIC"].eq("at_risk"), "VALUE"].tolist() == [3.0]


def test_follow_up_is_the_median_of_the_curve_with_events_and_censorings_exchanged():
    # censorings at 10, 20 and 30 months, no event: the reverse curve falls to 2/3, 1/3, 0
    rows = printed(page(months=[10.0, 20.0, 30.0], cnsr=[1.0, 1.0, 1.0]))
    assert rows["Follow-up (95% CI)"][0].startswith("20.0 (")
    assert rows["Observed range (months)"] == ("10.0 to 30.0",)


def test_every_count_of_a_survival_table_can_be_made_again():
    frames = data()
    assert counted_again(families.results(survival, shell(rows=ROWS), frames), frames) == []


def test_a_subject_with_two_records_of_an_endpoint_is_refused():
    frames = data()
    frames["adtte"] = frames["adtte"].assign(USUBJID="S-01")
    with pytest.raises(TrialError, match="several records of a subject"):
        families.results(survival, shell(rows=ROWS), frames)


def test_a_survival_table_of_nobody_says_so():
    output = shell(rows=ROWS, population={"where": 'SUBJID == "none"'})
    assert families.page(survival, output, families.results(survival, output, data())).rows == ()


FIGURE = {"where": 'PARAMCD == "PFS"', "ticks": ["0", "6", "12"], "x_label": "Months", "y_label": "PFS"}


def drawn(**tables):
    output = shell(**FIGURE)
    return families.page(kaplan_meier, output, families.results(kaplan_meier, output, data(**tables)))


def test_a_curve_begins_at_one_and_falls_at_the_events():
    series = drawn(months=[1.0, 2.0, 3.0, 4.0], cnsr=[0.0, 1.0, 0.0, 1.0]).panels[0].series[0]
    assert series.time == (0.0, 1.0, 2.0, 3.0, 4.0)
    assert np.allclose(series.estimate, [1, 0.75, 0.75, 0.375, 0.375])
    assert series.censored == (2.0, 4.0)
    assert series.end == 4.0


def test_the_numbers_under_the_curve_are_those_still_observed_at_the_tick():
    panel = drawn().panels[0]
    assert panel.series[0].at_risk == (12, 8, 6)  # the event at month 6 is at risk at month 6
    assert panel.ticks == (0.0, 6.0, 12.0)


def test_the_median_stands_beside_the_group_s_name():
    assert [series.remark for series in drawn().panels[0].series] == ["median NR (95% CI 4.0, NE) months"]


def test_a_curve_that_not_all_of_its_column_have_says_of_how_many_it_is():
    frames = data()
    frames["adtte"] = frames["adtte"].iloc[:-2]
    output = shell(**FIGURE)
    page = families.page(kaplan_meier, output, families.results(kaplan_meier, output, frames))
    assert [series.label.partition(" (")[2] for series in page.panels[0].series] == ["N=10 of 12)"]


def test_every_number_at_risk_of_a_figure_can_be_made_again():
    frames = data()
    assert counted_again(families.results(kaplan_meier, shell(**FIGURE), frames), frames) == []
