"""The verbs: dates, joins, flags."""

from itertools import pairwise

import pandas as pd
import pytest
from tables import as_text, given, supp, table

from adam.criteria.responses import EVALUABLE
from adam.derive.alive_records import seen_alive
from adam.derive.dates import (
    add_days,
    days_from,
    earliest,
    latest,
    latest_start,
    may_be,
    overlaps,
    possible_days,
    study_day,
)
from adam.derive.doses import doses_given
from adam.derive.flags import derive_var_extreme_flag, first_reason, members, present, yes_no, yes_only
from adam.derive.merge import derive_vars_merged, derive_vars_supp, filter_extreme
from adam.derive.visits import derive_vars_window, missed_windows, response_windows
from adam.response.best import best_response


def dates(*texts):
    return pd.to_datetime(pd.Series(list(texts)))


@pytest.mark.parametrize(("dtc", "first", "last", "flag"), [
    ("2024-02-29", "2024-02-29", "2024-02-29", "."),
    ("2024-02-29T13:45", "2024-02-29", "2024-02-29", "."),
    ("2024-02", "2024-02-01", "2024-02-29", "D"),
    ("2025-02", "2025-02-01", "2025-02-28", "D"),
    ("2024", "2024-01-01", "2024-12-31", "M"),
    ("2024---15", "2024-01-15", "2024-12-15", "M"),
    (".", ".", ".", "."),
])
def test_a_partial_date_may_mean_these_days(dtc, first, last, flag):
    days = possible_days(table(f"DTC\n{dtc}")["DTC"])
    assert [as_text(days[c])[0] for c in ("FIRST", "LAST", "DTF")] == [first, last, flag]


def test_the_day_before_the_reference_is_minus_1_and_there_is_no_day_0():
    reference = dates(*["2025-03-10"] * 3)
    assert study_day(dates("2025-03-09", "2025-03-10", "2025-03-11"), reference).tolist() == [-1, 1, 2]
    assert days_from(dates("2025-03-09", "2025-03-10", "2025-03-11"), reference).tolist() == [-1, 0, 1]


def test_the_earliest_and_the_latest_date_are_among_those_that_are_there():
    several = dates("2025-03-09", None, None), dates("2025-03-01", "2025-03-10", None)
    assert as_text(earliest(*several)).tolist() == ["2025-03-01", "2025-03-10", "."]
    assert as_text(latest(*several)).tolist() == ["2025-03-09", "2025-03-10", "."]


@pytest.mark.parametrize(("first", "last", "meets"), [
    ("2025-03-01", "2025-03-09", False), ("2025-03-01", "2025-03-10", True), ("2025-03-20", "2025-03-31", True),
    ("2025-03-21", "2025-03-31", False), (None, None, True), (None, "2025-03-09", False),
])
def test_possible_days_meet_a_window_with_both_ends(first, last, meets):
    found = overlaps(dates(first), dates(last), dates("2025-03-10"), dates("2025-03-20"))
    assert found.tolist() == [meets]


def test_a_window_without_start_meets_nothing_and_without_end_is_open():
    day = dates("2030-01-01", "2030-01-01")
    assert overlaps(day, day, dates(None, "2025-03-10"), dates(None, None)).tolist() == [False, True]


def test_the_last_record_in_order_is_merged():
    people, scans = table("USUBJID\n1\n2"), table("USUBJID DAY OVERALL\n1 2 PR\n1 1 SD\n1 3 ND")
    done = 'OVERALL != "ND"'
    merged = derive_vars_merged(people, scans, {"LAST": "OVERALL"}, order=["DAY"], mode="last", filter_add=done)
    assert merged["LAST"].fillna(".").tolist() == ["PR", "."]


def test_merging_more_than_one_record_without_an_order_is_refused():
    with pytest.raises(ValueError, match="order"):
        derive_vars_merged(table("USUBJID\n1"), table("USUBJID X\n1 a\n1 b"), ["X"])


def test_missing_values_come_last_in_either_direction():
    records = table("USUBJID DAY\n1 .\n1 1\n1 2")
    assert filter_extreme(records, ["USUBJID"], ["DAY"], "first")["DAY"].tolist() == ["1"]
    assert filter_extreme(records, ["USUBJID"], ["DAY"], "last")["DAY"].tolist() == ["2"]


def test_supplemental_qualifiers_become_columns_of_their_record():
    ae = given("ae", "USUBJID AESEQ\n1 1\n1 2")
    suppae = supp("AE", "AESEQ", "USUBJID SEQ QNAM QVAL\n1 2 DLTYN Y\n1 2 OTHER X")
    merged = derive_vars_supp(ae, suppae, ["DLTYN", "AESICAT"], "AESEQ")
    assert merged["DLTYN"].fillna(".").tolist() == [".", "Y"]
    assert merged["AESICAT"].isna().all()


def test_flags_are_y_and_n_or_y_and_missing():
    condition = pd.Series([True, False])
    assert yes_no(condition).tolist() == ["Y", "N"]
    assert yes_only(condition).fillna(".").tolist() == ["Y", "."]


def test_the_first_reason_that_holds_is_given():
    reasons = {"FIRST": pd.Series([False, True, False]), "SECOND": pd.Series([True, True, False])}
    assert first_reason(pd.RangeIndex(3), reasons).fillna(".").tolist() == ["SECOND", "FIRST", "."]


def test_one_record_per_group_is_flagged_among_those_that_qualify():
    records = table("USUBJID DAY\n1 1\n1 2\n2 1")
    flagged = derive_var_extreme_flag(records, ["USUBJID"], ["DAY"], "FL", pd.Series([False, True, True]))
    assert flagged["FL"].fillna(".").tolist() == [".", "Y", "Y"]


def test_the_first_of_equally_good_responses_is_the_best():
    scans = table("USUBJID ADT RSSEQ QUALRSP\n1 2025-01-02 2 CR\n1 2025-01-01 1 CR\n1 2025-01-03 3 PD")
    assert best_response(scans)["ADT"].tolist() == ["2025-01-01"]


def test_a_study_without_scheduled_scans_has_no_windows():
    nothing = pd.DataFrame({"AVISIT": [], "TARGET": [], "LOW": [], "HIGH": []})
    days = derive_vars_window(pd.DataFrame({"CARTDY": [30.0]}), nothing)
    assert days[["AVISIT", "AWTARGET", "AWTDIFF", "AWRANGE"]].isna().all(axis=None)


def test_responses_rank_from_the_best_to_none_done():
    ranked = ["CR", "CRh", "CRi", "MLFS", "PR", "SD", "PD", "NE", "MISSING", "ND"]
    in_capitals = [{"SD": "NR", "PD": "REL"}.get(response, response.upper()) for response in ranked]
    for better, worse in [*pairwise(ranked), *pairwise(in_capitals)]:
        scans = table(f"USUBJID ADT RSSEQ QUALRSP\n1 2025-01-01 1 {worse}\n1 2025-01-02 2 {better}")
        assert best_response(scans)["QUALRSP"].tolist() == [better]
    assert set(EVALUABLE) == {"CR", "CRh", "CRH", "CRi", "CRI", "MLFS", "PR", "SD", "NR", "PD", "REL",
                              "IR1", "IR2", "IR3"}  # LYRIC: indeterminate, but assessed


WINDOWS = response_windows(table("""
    ANCHOR | RESPFL | AVISIT  | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH
    CELLS  | Y      | Day 100 | 100         | 93         | 107
    CELLS  | Y      | Day 30  | 30          | 28         | 37
    CELLS  | N      | Day 60  | 60          | 58         | 62
    CONSENT | Y     | Screen  | 1           | 1          | 2
"""))


def test_response_windows_are_those_after_the_cells_in_order():
    assert WINDOWS.to_numpy().tolist() == [["Day 30", 30, 28, 37], ["Day 100", 100, 93, 107]]
    assert list(WINDOWS.columns) == ["AVISIT", "TARGET", "LOW", "HIGH"]


def test_a_day_belongs_to_the_nearest_planned_day_and_to_its_visit_only_within_the_window():
    days = pd.DataFrame({"CARTDY": [-1.0, 27, 28, 37, 38, 65, 66, 93, 107, 108, None]})
    found = derive_vars_window(days, WINDOWS).astype({"CARTDY": "str"}).drop(columns="CARTDY")
    assert found[["AVISIT", "AWTARGET", "AWTDIFF", "AWRANGE"]].astype(object).fillna(".").to_numpy().tolist() == [
        [".", 30, 31, "28 to 37"], [".", 30, 3, "28 to 37"], ["Day 30", 30, 2, "28 to 37"],
        ["Day 30", 30, 7, "28 to 37"], [".", 30, 8, "28 to 37"], [".", 30, 35, "28 to 37"],
        [".", 100, 34, "93 to 107"], ["Day 100", 100, 7, "93 to 107"], ["Day 100", 100, 7, "93 to 107"],
        [".", 100, 8, "93 to 107"], [".", ".", ".", "."],
    ]  # fmt: skip


@pytest.mark.parametrize(("last", "event", "missed"), [
    (0, 37, 0), (0, 38, 1), (27, 38, 1), (28, 38, 0),  # the window that holds either day is not missed
    (0, 107, 1), (0, 108, 2), (92, 108, 1), (93, 108, 0), (110, 120, 0), (None, 200, 0), (0, None, 0), (200, 0, 0),
])
def test_a_window_is_missed_when_it_lies_wholly_between_the_last_day_and_the_event(last, event, missed):
    assert missed_windows(pd.Series([last], dtype=float), pd.Series([event], dtype=float), WINDOWS).tolist() == [missed]


@pytest.mark.parametrize(("dtc", "date", "may"), [
    ("2025-03", "2025-03-01", True), ("2025-03", "2025-03-31", True), ("2025-03", "2025-02-28", False),
    ("2025-03", "2025-04-01", False), ("2025-03-01", "2025-03-01", False), (".", "2025-03-01", False),
])  # fmt: skip
def test_only_a_partial_date_may_stand_for_another_day_within_it(dtc, date, may):
    assert may_be(possible_days(table(f"DTC\n{dtc}")["DTC"]), dates(date)).tolist() == [may]


@pytest.mark.parametrize(("start", "end", "latest"), [
    ("2025-03", "2025-03-10", "2025-03-10"), ("2025-03", "2025-04-10", "2025-03-31"), ("2025-03", ".", "2025-03-31"),
    (".", "2025-03-10", "2025-03-10"), ("2025-03-12", "2025-03-10", "2025-03-12"), (".", ".", "."),
])  # fmt: skip
def test_a_start_that_is_not_wholly_known_is_not_after_the_end(start, end, latest):
    first, last = (possible_days(table(f"DTC\n{dtc}")["DTC"]) for dtc in (start, end))
    assert as_text(latest_start(first, last)).tolist() == [latest]


def test_days_are_added_and_taken_away():
    assert as_text(pd.concat([add_days(dates("2025-02-27"), days) for days in (2, -27)])).tolist() == [
        "2025-03-01", "2025-01-31"]


@pytest.mark.parametrize(("dose", "given_"), [(".", True), ("0", False), ("0.5", True), ("50", True), ("-1", False)])
def test_a_dose_of_0_is_none_and_one_without_an_amount_is_one(dose, given_):
    assert len(doses_given(given("ex", f"USUBJID EXDOSE\n1 {dose}"))) == given_


def test_the_members_of_a_set_have_its_flag_and_a_subject_is_present_with_any_record():
    flags = given("infused_set", "USUBJID INFFL\n1 Y\n2 N\n3 .")
    assert members(flags, "INFFL").to_numpy().tolist() == [["S", "1"]]
    assert present(flags, given("ae", "USUBJID AESEQ\n2 1\n2 2")).tolist() == [False, True, False]


def test_the_first_record_of_a_day_shows_a_subject_alive_and_no_date_shows_nothing():
    visits = given("vs", "USUBJID VSSEQ VSDTC\n1 3 2025-03-01\n1 2 2025-03-01\n1 4 2025-04\n1 5 .\n2 1 2025-03-01")
    found = seen_alive(visits, "VS")
    assert found.assign(DATE=as_text(found["DATE"])).to_numpy().tolist() == [
        ["S", "1", "2025-03-01", "VS", "VSDTC", 2], ["S", "1", "2025-04-01", "VS", "VSDTC", 4],
        ["S", "2", "2025-03-01", "VS", "VSDTC", 1],
    ]  # fmt: skip


def test_another_date_than_the_domains_own_may_show_a_subject_alive():
    found = seen_alive(given("ex", "USUBJID EXSTDTC\n1 2025-03-01"), "EX", "EXSTDTC")
    assert found[["LALVDOM", "LALVVAR", "LALVSEQ"]].to_numpy().tolist() == [["EX", "EXSTDTC", 1]]


def test_qualifiers_of_the_subject_need_no_record_and_of_a_repeated_one_the_first_counts():
    suppdm = supp("DM", "", "USUBJID SEQ QNAM QVAL\n1 . PARTCD A\n1 . PARTCD B")
    merged = derive_vars_supp(given("dm", "USUBJID\n1\n2"), suppdm, ["PARTCD"])
    assert merged["PARTCD"].fillna(".").tolist() == ["A", "."]


def test_of_each_group_the_first_record_in_the_order_given_is_taken():
    records = table("USUBJID DAY NR\n1 2 1\n1 1 3\n1 1 2\n2 9 1")
    assert filter_extreme(records, ["USUBJID"], ["DAY", "NR"])[["USUBJID", "NR"]].to_numpy().tolist() == [
        ["1", "2"], ["2", "1"]]
    assert filter_extreme(records, ["USUBJID"], ["DAY", "NR"], "last")["NR"].tolist() == ["1", "1"]
