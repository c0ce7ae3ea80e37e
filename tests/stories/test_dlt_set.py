"""The DLT Analysis Set (analysis plan 6.3, clarifications 2, 14, 20): who is in, who is out, and why.

Unless a story says otherwise: run-in part A, conditioning on 1 June, cells on 7 June 2025, so the period is 1 June to
7 July (37 days; 75 % are 27.75, so 28 days are enough), last known alive on 1 December.
"""

import pandas as pd
import pytest
from recipes import dlt_plan
from tables import given, shown

from adam.addlt import addlt
from adam.sets import dlt_set
from adam.toxicity.dlt_events import dlt_events

PERSON = {
    "COHORT": "A", "CONDSDT": "2025-06-01", "CARTSDT": "2025-06-07", "TRTSDT": "2025-06-01", "LSTALVDT": "2025-12-01",
    "CONDSEQ": "1", "CARTSEQ": "2",
}
TICK = "USUBJID AESEQ STARTLO STARTHI MAXLO MAXHI"
CUTOFF = "2026-06-30"


def people(text):
    """Subjects of the run-in; what the table does not say is as in PERSON."""
    header = text.strip().splitlines()[0].split()
    return given("subjects", text, **{name: value for name, value in PERSON.items() if name not in header})


def ticked(text):
    """Events ticked as DLT: first and last possible day of start and of maximum grade."""
    return given("dlt_events", f"{TICK}\n{text}", WORSENFL="Y", SRCDOM="AE", SRCVAR="AESTDTC")


def evaluated(subjects, ticks="", **changed):
    return dlt_set(subjects, ticked(ticks), dlt_plan(**changed))


@pytest.mark.parametrize(("day", "inside", "reason"), [
    ("2025-07-07", "Y", "DLT"),          # on the last day of the period
    ("2025-07-08", "Y", "COMPLETE"),     # the day after: no DLT, but the period was completed
    ("2025-06-03", "Y", "DLT"),          # before the cells: the period starts at treatment
    ("2025-06-01", "Y", "DLT"),          # on the first day
])
def test_a_dlt_counts_from_the_conditioning_to_day_30_after_the_cells(day, inside, reason):
    result = evaluated(people("USUBJID\n1"), f"1 1 {day} {day} . .")
    assert [inside, reason] == result[["DLTEVLFL", "DLTEVLRS"]].iloc[0].tolist()
    assert ("Y" if reason == "DLT" else "N") == result["DLTFL"].iloc[0]


def test_three_quarters_of_the_period_exactly_is_enough_and_a_day_less_is_not():
    # cells on 5 June: end 5 July, length 35; cells on 6 June: 36 days, 27 are exactly 75 %
    subjects = people("""
        USUBJID CARTSDT    LSTALVDT
        exact   2025-06-06 2025-06-27
        short   2025-06-06 2025-06-26
        more    2025-06-06 2025-06-28
        all     2025-06-06 2025-07-06
    """)
    actual, expected = shown(evaluated(subjects), """
        USUBJID | DLTEVLFL | DLTEVLRS
        exact   | Y        | >=75 %
        short   | N        | <75 % NO DLT
        more    | Y        | >=75 %
        all     | Y        | COMPLETE
    """)
    assert expected == actual


def test_death_of_progression_before_75_percent_is_out_and_death_of_a_dlt_is_in():
    subjects = people("""
        USUBJID LSTALVDT   DTHDT
        pd      2025-06-20 2025-06-20
        toxic   2025-06-20 2025-06-20
    """)
    actual, expected = shown(evaluated(subjects, "toxic 1 2025-06-18 2025-06-18 . ."), """
        USUBJID | DLTEVLFL | DLTEVLRS     | DLTFL
        pd      | N        | <75 % NO DLT | .
        toxic   | Y        | DLT          | Y
    """)
    assert expected == actual


def test_without_cells_the_period_is_undefined_but_a_dlt_brings_the_subject_in():
    subjects = people("""
        USUBJID CARTSDT
        none    .
        dlt     .
        before  .
    """)
    ticks = "dlt 1 2025-09-01 2025-09-01 . .\n before 1 2025-05-20 2025-05-20 . ."
    actual, expected = shown(evaluated(subjects, ticks), """
        USUBJID | DLTEVLFL | DLTEVLRS
        none    | N        | PERIOD UNDEFINED - NO CAR-T
        dlt     | Y        | DLT
        before  | N        | PERIOD UNDEFINED - NO CAR-T
    """)
    assert expected == actual


def test_dlt_nocart_end_gives_a_subject_without_cells_an_end():
    # 1 June + 40 days = 11 July, 41 days; observed to 5 July are 35 of 41 (85 %)
    subjects = people("USUBJID CARTSDT LSTALVDT\n1 . 2025-07-05")
    assert evaluated(subjects, dlt_nocart_end=40)["DLTEVLRS"].tolist() == [">=75 %"]


def test_who_is_not_in_the_run_in_or_not_medicated_is_out():
    subjects = people("""
        USUBJID COHORT CONDSDT    TRTSDT     CARTSDT
        partb   B      2025-06-01 2025-06-01 2025-06-07
        screen  .      .          .          .
        nodose  A      .          .          .
        cells   A      .          2025-06-07 2025-06-07
    """)
    actual, expected = shown(evaluated(subjects, "partb 1 2025-06-08 2025-06-08 . ."), """
        USUBJID | DLTEVLFL | DLTEVLRS
        partb   | N        | NOT PART A
        screen  | N        | NOT PART A
        nodose  | N        | NOT DOSED
        cells   | N        | NOT DOSED
    """)
    assert expected == actual


@pytest.mark.parametrize(("med", "cells_only", "conditioning_only", "both"), [
    ("COND", "NOT DOSED", "PERIOD UNDEFINED - NO CAR-T", "COMPLETE"),
    ("ANY", "COMPLETE", "PERIOD UNDEFINED - NO CAR-T", "COMPLETE"),
    ("BOTH", "NOT DOSED", "NOT DOSED", "COMPLETE"),
])
def test_dlt_med_says_who_is_medicated(med, cells_only, conditioning_only, both):
    subjects = people("""
        USUBJID CONDSDT    CARTSDT    TRTSDT
        cells   .          2025-06-07 2025-06-07
        cond    2025-06-01 .          2025-06-01
        both    2025-06-01 2025-06-07 2025-06-01
    """)
    assert [cells_only, conditioning_only, both] == evaluated(subjects, dlt_med=med)["DLTEVLRS"].tolist()


def test_a_new_therapy_ends_the_observation_on_the_day_before_it():
    # started 28 June: observed 1 to 27 June = 27 of 37 days (73 %); 29 June: 28 days (75.7 %)
    subjects = people("USUBJID FIRSTTX\nearly 2025-06-28\nlater 2025-06-29")
    assert evaluated(subjects)["DLTEVLRS"].tolist() == ["<75 % NO DLT", ">=75 %"]


def test_without_a_last_known_alive_date_nothing_was_observed():
    assert evaluated(people("USUBJID LSTALVDT\n1 ."))["DLTEVLRS"].tolist() == ["<75 % NO DLT"]


def test_a_second_infusion_does_not_move_the_end():
    subjects = people("USUBJID CARTEDT\n1 2025-06-20")
    assert evaluated(subjects, "1 1 2025-07-10 2025-07-10 . .")["DLTEVLRS"].tolist() == ["COMPLETE"]


def test_a_partial_date_is_in_when_its_days_meet_the_period():
    subjects = people("USUBJID\njuly\naugust\nmay")
    ticks = "july 1 2025-07-01 2025-07-31 . .\n august 1 2025-08-01 2025-08-31 . .\n may 1 2025-05-01 2025-05-31 . ."
    assert evaluated(subjects, ticks)["DLTEVLRS"].tolist() == ["DLT", "COMPLETE", "COMPLETE"]


def test_an_event_from_before_the_period_counts_from_the_day_of_its_maximum_grade():
    subjects = people("USUBJID\nworse\nsame\nlate")
    ticks = """worse 1 2025-05-20 2025-05-20 2025-06-10 2025-06-10
               same  1 2025-05-20 2025-05-20 .          .
               late  1 2025-05-20 2025-05-20 2025-07-20 2025-07-20"""
    assert evaluated(subjects, ticks)["DLTEVLRS"].tolist() == ["DLT", "COMPLETE", "COMPLETE"]


def test_addlt_counts_the_days_and_shows_the_set_under_each_choice_of_medication():
    subjects = people("""
        USUBJID CONDSDT    CARTSDT    TRTSDT     LSTALVDT
        a       2025-06-01 2025-06-07 2025-06-01 2025-06-20
        b       .          2025-06-07 2025-06-07 2025-12-01
        c       2025-06-01 2025-06-07 2025-06-01 2025-05-20
        d       2025-06-01 2025-06-07 2025-06-01 .
    """)
    actual, expected = shown(addlt(subjects, ticked(""), dlt_plan()), """
        USUBJID | DLTSDT     | DLTEDT     | DLTLEN | DLTOBS | DLTN | DLTREPL | EVLANY | EVLCOND | EVLBOTH
        a       | 2025-06-01 | 2025-07-07 | 37     | 20     | 0    | Y       | N      | N       | N
        b       | .          | .          | .      | .      | 0    | N       | Y      | N       | N
        c       | 2025-06-01 | 2025-07-07 | 37     | 0      | 0    | Y       | N      | N       | N
        d       | 2025-06-01 | 2025-07-07 | 37     | 0      | 0    | Y       | N      | N       | N
    """)
    assert expected == actual


def test_addlt_tells_the_last_day_seen_and_the_first_dlt_with_its_record():
    subjects = people("USUBJID LSTALVDT\na 2025-06-20\nb 2025-12-01\nc 2025-12-01\nd 2025-12-01")
    ticks = """b 3 2025-06-10 2025-06-10 . .
               b 2 2025-06-01 2025-06-30 . .
               c 1 2025-06-10 2025-06-10 . .
               d 1 2025-05-01 2025-06-30 . ."""
    actual, expected = shown(addlt(subjects, ticked(ticks), dlt_plan()), """
        USUBJID | DLTOBEDT   | DLTASTDT   | DLTIMPFL | SRCDOM | SRCVAR  | SRCSEQ
        a       | 2025-06-20 | .          | .        | EX     | EXSTDTC | 1
        b       | 2025-07-07 | 2025-06-01 | Y        | AE     | AESTDTC | 2
        c       | 2025-07-07 | 2025-06-10 | N        | AE     | AESTDTC | 1
        d       | 2025-07-07 | 2025-06-01 | Y        | AE     | AESTDTC | 1
    """)
    assert expected == actual


def test_the_share_asked_for_is_compared_in_whole_numbers():
    subjects = people("USUBJID LSTALVDT\n1 2025-06-20")  # 20 of 37 days are 54 %
    assert evaluated(subjects, dlt_eval_frac="1/2")["DLTEVLRS"].tolist() == [">=50 %"]


@pytest.mark.parametrize(("share", "inside", "outside"), [
    ("1/2", ">=50 %", "<50 % NO DLT"), ("2/3", ">=2/3", "<2/3 NO DLT"), ("3/4", ">=75 %", "<75 % NO DLT"),
    ("4/5", ">=80 %", "<80 % NO DLT"),
])
def test_a_reason_names_the_share_that_was_asked_for(share, inside, outside):
    subjects = people("USUBJID LSTALVDT\nlong 2025-07-05\nshort 2025-06-05")
    result = evaluated(subjects, dlt_eval_frac=share)
    assert result[["DLTEVLRS", "DLTEVLFL"]].to_numpy().tolist() == [[inside, "Y"], [outside, "N"]]


def test_a_partial_start_is_not_after_the_known_end():
    events = given("adae", """
        USUBJID AESEQ AESTDTC    AEENDTC    DLTYN
        1       1     2025-06    2025-06-05 Y
        1       2     2025-06-03 2025-06-09 N
    """)
    ticks = dlt_events(events, people("USUBJID\n1"), given("dosing", "USUBJID"), dlt_plan(), False, CUTOFF, 1)
    assert [pd.Timestamp("2025-06-01"), pd.Timestamp("2025-06-05")] == ticks[["STARTLO", "STARTHI"]].iloc[0].tolist()
    assert ticks["AESEQ"].tolist() == [1]
