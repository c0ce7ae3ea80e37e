"""Family `cumulative_incidence` and its rows: events that compete, limits at a day, Gray's test between columns."""

import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects
from walk import counted_again

from tlf import families
from tlf.stats.competing_risks import cumulative_incidence as cumulative_incidence_of
from tlf.stats.competing_risks import gray_test, incidence_at
from tlf.templates import cumulative_incidence, survival

A, B, AB = ({"label": name, "id": name, "where": where} for name, where in (
    ("A", 'COHORT == "A"'), ("B", 'COHORT == "B"'), ("AB", 'COHORT in ["A", "B"]')))  # fmt: skip
ONE = 'PARAMCD == "RELNRM"'
WORDS = {
    "family": "cumulative_incidence", "of": "adttecr", "where": ONE, "time": "days", "ticks": ["0", "2", "4"],
    "panels": [{"title": "Relapse", "event": "EVNTCD == 1"}, {"title": "Death", "event": "EVNTCD == 2"}],
    "x_label": "Days", "y_label": "%",
}  # fmt: skip
# By hand, of A: relapse at 1 (4 of 5 left), death at 2 (3 of 4), censored at 3, relapse at 4 (1 of 2), censored at 9.
# Relapse: 1/5, then 1/5 + 3/5 * 1/2; death: 4/5 * 1/4; both and survival (3/10) are 1.
TIMES, CAUSES, COHORT = [1, 2, 3, 4, 9, 1, 3], [1, 2, 0, 1, 0, 0, 2], list("AAAAABB")


def data(times=TIMES, causes=CAUSES, cohort=COHORT):
    who = list(range(1, len(times) + 1))
    adttecr = records("RELNRM", who, AVAL=[float(t) for t in times], EVNTCD=[float(c) for c in causes],
                      CNSR=[float(c == 0) for c in causes])  # fmt: skip
    return {"adsl": subjects(len(times), COHORT=cohort), "adttecr": adttecr, "decisions": DECISIONS}


def drawn(frames, columns=(A, B)):
    output = shell(**WORDS, columns=list(columns))
    results = families.results(cumulative_incidence, output, frames)
    return results, families.page(cumulative_incidence, output, results).panels


def test_a_curve_is_the_incidence_of_one_event_among_those_that_compete_up_to_the_last_tick():
    relapse, death = drawn(data())[1]
    assert relapse.series[0].time == (0, 1, 2, 3, 4)
    assert relapse.series[0].estimate == pytest.approx((0, 0.2, 0.2, 0.2, 0.5))
    assert death.series[0].estimate == pytest.approx((0, 0, 0.2, 0.2, 0.2))
    assert relapse.series[0].censored == (3,)
    assert [one.at_risk for one in relapse.series] == [(5, 4, 2), (2, 1, 0)]
    assert [one.remark for one in death.series] == ["1 event", "1 event"]


def test_every_count_of_the_figure_leads_to_its_subjects():
    frames = data()
    assert counted_again(drawn(frames)[0], frames) == []


@pytest.mark.parametrize(
    ("columns", "compared"),
    [((A, B), "ab"), ((A, B, AB), "ab"), ((AB, B, A), "ab"), ((A, AB), ""), ((AB,), ""),
     ((A, A | {"id": "C", "label": "C"}), "")],
)
def test_gray_s_test_compares_columns_that_share_no_subject_and_no_total(columns, compared):
    relapse = drawn(data(), columns)[1][0]
    p = gray_test(TIMES, CAUSES, COHORT)["p_value"].value
    assert (f"p = {p:.3f}" in relapse.remark) == bool(compared)


def test_without_anybody_the_curves_are_flat_and_nothing_is_compared():
    nobody = {name: one.head(0) if name != "decisions" else one for name, one in data().items()}
    panel = drawn(nobody)[1][0]
    assert [one.label for one in panel.series] == ["A (N=0)", "B (N=0)"]
    assert "p = NE" in panel.remark


def rows(**frames):
    said = [{"incidence": "At day 4", "of": "adttecr", "at": "4", "where": ONE, "event": "EVNTCD == 1",
             "show": "{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})"},
            {"gray": "Gray", "of": "adttecr", "where": ONE, "event": "EVNTCD == 1"}]  # fmt: skip
    output = shell(rows=said, columns=[A, B])
    return printed(families.page(survival, output, families.results(survival, output, data(**frames))))


def test_an_incidence_prints_with_its_limits_and_the_test_in_the_last_column_compared():
    part = incidence_at(cumulative_incidence_of(TIMES[:5], CAUSES[:5]), TIMES[:5], 4)
    low, high = (100 * part[name].value for name in ("lower", "upper"))
    assert rows()["At day 4 (95% CI)"][0] == f"50.0 ({low:.1f}, {high:.1f})"
    assert rows()["Gray"] == ("-", f"{gray_test(TIMES, CAUSES, COHORT)['p_value'].value:.3f}")


def test_a_p_value_below_all_decimals_is_said_to_be_so():
    cohort = list("A" * 12 + "B" * 12)
    assert rows(times=[1] * 12 + [9] * 12, causes=[1] * 12 + [0] * 12, cohort=cohort)["Gray"][1] == "<0.001"
