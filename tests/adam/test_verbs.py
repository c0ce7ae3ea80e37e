"""The verbs: dates, joins, flags."""

import pandas as pd
import pytest
from tables import as_text, given, supp, table

from adam.derive.dates import days_from, earliest, overlaps, possible_days, study_day
from adam.derive.flags import derive_var_extreme_flag, first_reason, yes_no, yes_only
from adam.derive.merge import derive_vars_merged, derive_vars_supp, filter_extreme
from adam.derive.visits import derive_vars_window
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


def test_the_earliest_date_is_among_those_that_are_there():
    found = earliest(dates("2025-03-09", None, None), dates("2025-03-01", "2025-03-10", None))
    assert as_text(found).tolist() == ["2025-03-01", "2025-03-10", "."]


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
