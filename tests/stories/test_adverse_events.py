"""Adverse events: start and end dates, treatment-emergence, flags (clarifications 14, 15; analysis plan 8.4).

Conditioning on 4 March 2025, cells on 10 March 2025 (day 0; day 100 is 18 June), data cut 30 June 2026.
"""

import pytest
from adverse_events import analysed
from recipes import dlt_plan
from tables import given, shown, supp

from adam.toxicity.dlt_flags import dlt_flags

TREATED = {"TRTSDT": "2025-03-04", "CONDSDT": "2025-03-04", "CARTSDT": "2025-03-10", "COHORT": "A"}
QUALIFIERS = "USUBJID SEQ QNAM QVAL"


def events(text, qualifiers=QUALIFIERS, no_start=True, worsened=True, decided=None, ex="USUBJID", **known):
    """What `adae` makes of the events of subject 1, by the standard decisions but those `decided`."""
    people = given("subjects", "USUBJID\n1", **(TREATED | known))
    rules = {"teae_no_start": no_start, "teae_worsened": worsened} | (decided or {})
    made = analysed(given("ae", text), supp("AE", "AESEQ", qualifiers), people, ex, **rules)
    return dlt_flags(made, people, given("dosing", "USUBJID"), dlt_plan(), False, "2026-06-30", 1)


def start(dtc, end=".", **known):
    row = events(f"USUBJID AESTDTC AEENDTC\n1 {dtc} {end}", **known).iloc[0]
    return row["ASTDT"].strftime("%Y-%m-%d"), row["ASTDTF"]


@pytest.mark.parametrize(("dtc", "imputed", "flag"), [
    ("2025-02", "2025-02-01", "D"),   # the first of the month
    ("2025-03", "2025-03-04", "D"),   # the first treatment when in the same month
    ("2025-04", "2025-04-01", "D"),
    ("2025", "2025-03-04", "M"),
    ("2024", "2024-01-01", "M"),
])
def test_a_partial_start_is_the_first_of_the_month_but_not_before_the_first_treatment_in_it(dtc, imputed, flag):
    assert start(dtc) == (imputed, flag)


def test_an_event_that_ended_before_the_first_treatment_is_not_moved_to_it():
    assert start("2025-03", "2025-03-02") == ("2025-03-01", "D")
    assert start("2025-03", "2025-03-03") == ("2025-03-01", "D")
    assert start("2025-03", "2025-03-04") == ("2025-03-04", "D")  # it may have begun on the day it ended


def test_never_treated_a_partial_start_is_the_first_of_the_month():
    assert start("2025-03", TRTSDT=".", CARTSDT=".") == ("2025-03-01", "D")


@pytest.mark.parametrize(("dtc", "emergent"), [
    ("2025-03-03", "."), ("2025-03-04", "Y"), ("2025-06-18", "Y"), ("2025-06-19", "."), ("2025-03", "Y"),
    ("2025-02", "."),
])
def test_treatment_emergent_is_from_the_first_treatment_to_day_100(dtc, emergent):
    assert events(f"USUBJID AESTDTC\n1 {dtc}")["TRTEMFL"].fillna(".").tolist() == [emergent]


@pytest.mark.parametrize(("began", "worst", "emergent", "since"), [
    ("2025-03-01", "2025-03-03", ".", None),          # worst before the first treatment
    ("2025-03-01", "2025-03-04", "Y", "2025-03-04"),  # worst on its day
    ("2025-03-01", "2025-06-18", "Y", "2025-06-18"),  # day 100
    ("2025-03-01", "2025-06-19", ".", None),
    ("2025-03-01", "2025-03", "Y", "2025-03-04"),     # a partial date may be the day of the first treatment
    ("2025-03-01", "2025-02", ".", None),
    ("2025-03-01", ".", ".", None),
    ("2025-03-12", "2025-03-20", "Y", "2025-03-12"),  # began under treatment: counts from its start
    ("2025-03-04", "2025-03-20", "Y", "2025-03-04"),  # so does what began on its first day
    (".", "2025-03-20", "Y", "2025-03-20"),
])
def test_an_event_that_began_before_treatment_and_worsened_after_it_counts_from_that_day(began, worst, emergent, since):
    worsening = f"{QUALIFIERS}\n1 1 AEMXDTC {worst}" if worst != "." else QUALIFIERS
    row = events(f"USUBJID AESEQ AESTDTC\n1 1 {began}", worsening, no_start=False).fillna({"TRTEMFL": "."}).iloc[0]
    assert (row["TRTEMFL"], f"{row['TRTEMDT']}"[:10]) == (emergent, since or "NaT")
    started = "Y" if began >= "2025-03-04" else "."
    kept = events(f"USUBJID AESEQ AESTDTC\n1 1 {began}", worsening, no_start=False, worsened=False)
    assert kept["TRTEMFL"].fillna(".").tolist() == [started]


def test_a_dlt_that_worsened_into_its_period_is_treatment_emergent_too():
    text, worsening = "USUBJID AESEQ AESTDTC\n1 1 2025-03-01", f"{QUALIFIERS}\n1 1 AEMXDTC 2025-03-20\n1 1 DLTYN Y"
    row = events(text, worsening).iloc[0]
    assert (row["DLTEVFL"], row["TRTEMFL"]) == ("Y", "Y")


def test_never_infused_every_later_event_is_treatment_emergent():
    assert events("USUBJID AESTDTC\n1 2026-05-01", CARTSDT=".")["TRTEMFL"].tolist() == ["Y"]


def test_never_treated_no_event_is_treatment_emergent():
    result = events("USUBJID AESTDTC\n1 2025-05-01\n1 .", TRTSDT=".", CARTSDT=".")
    assert result["TRTEMFL"].isna().all()


def test_without_a_start_an_event_is_emergent_unless_it_ended_before_treatment():
    text = "USUBJID AESTDTC AEENDTC\n1 . 2025-04-01\n1 . 2025-03-03\n1 . .\n1 . 2025-03-04"
    assert events(text)["TRTEMFL"].fillna(".").tolist() == ["Y", ".", "Y", "Y"]
    assert events(text, no_start=False)["TRTEMFL"].isna().all()


def test_days_count_from_the_first_treatment_and_from_the_cells():
    text = "USUBJID AESEQ AESTDTC AEENDTC\n1 1 2025-03-03 2025-03-10\n1 2 2025-03-04 2025-03"
    actual, expected = shown(events(text), """
        USUBJID | AESEQ | ASTDY | AENDY | CARTDY | ADURN | AENDT      | AENDTF
        1       | 1     | -1    | 7     | -7     | 8     | 2025-03-10 | .
        1       | 2     | 1     | 28    | -6     | .     | 2025-03-31 | D
    """)
    assert actual == expected


def test_a_partial_end_is_not_after_death():
    result = events("USUBJID AESTDTC AEENDTC\n1 2025-03-04 2025-03", DTHDT="2025-03-20")
    assert result["AENDT"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-20"]


def test_a_fatal_event_is_grade_5_whatever_was_graded():
    actual, expected = shown(events("""
        USUBJID | AESEQ | AESTDTC    | AETOXGR | AEOUT
        1       | 1     | 2025-03-12 | 4       | FATAL
        1       | 2     | 2025-03-12 | .       | FATAL
        1       | 3     | 2025-03-12 | 4       | NOT RECOVERED/NOT RESOLVED
        1       | 4     | 2025-03-12 | 2       | .
    """, DTHDT="2025-03-20"), """
        USUBJID | AESEQ | AETOXGR | ATOXGR | ATOXGRN | AOCCIFL
        1       | 1     | 4       | 5      | 5       | Y
        1       | 2     | .       | 5      | 5       | .
        1       | 3     | 4       | 4      | 4       | .
        1       | 4     | 2       | 2      | 2       | .
    """)
    assert actual == expected


def test_a_fatal_outcome_without_a_reported_death_is_asked_about_and_leaves_the_grade():
    event = events("USUBJID | AESTDTC | AETOXGR | AEOUT\n1 | 2025-03-12 | 2 | FATAL").iloc[0]
    assert event["ATOXGRN"] == 2


def test_crs_and_icans_are_known_by_term_or_by_category():
    text = """
        USUBJID | AESEQ | AEDECOD                                                | AESTDTC
        1       | 1     | Cytokine release syndrome                              | 2025-03-12
        1       | 2     | Immune effector cell-associated neurotoxicity syndrome | 2025-03-12
        1       | 3     | Fever                                                  | 2025-03-12
        1       | 4     | Nausea                                                 | 2025-03-12
    """
    qualifiers = f"{QUALIFIERS}\n1 3 AESICAT CRS\n1 4 AESICAT NONE"
    actual, expected = shown(events(text, qualifiers), """
        USUBJID | AESEQ | CRSFL | ICANSFL | AESIFL | TOXWINFL
        1       | 1     | Y     | .       | .      | Y
        1       | 2     | .     | Y       | .      | Y
        1       | 3     | Y     | .       | Y      | Y
        1       | 4     | .     | .       | .      | .
    """)
    assert actual == expected


def test_related_is_possibly_probably_or_definitely_related_to_either_treatment():
    qualifiers = """
        USUBJID | SEQ | QNAM    | QVAL
        1       | 1   | AECNREL | POSSIBLY RELATED
        1       | 2   | AECTREL | DEFINITELY RELATED
        1       | 3   | AECNREL | UNLIKELY RELATED
        1       | 3   | AECTREL | NOT RELATED
    """
    result = events("USUBJID AESEQ AESTDTC\n1 1 2025-03-12\n1 2 2025-03-12\n1 3 2025-03-12", qualifiers)
    assert result["RELFL"].fillna(".").tolist() == ["Y", "Y", "."]


def test_a_dlt_in_the_period_is_flagged():
    text = "USUBJID AESEQ AESTDTC\n1 1 2025-04-09\n1 2 2025-04-10\n1 3 2025-04-09"
    ticked = f"{QUALIFIERS}\n1 1 DLTYN Y\n1 2 DLTYN Y\n1 3 DLTYN N"
    assert events(text, ticked)["DLTEVFL"].fillna(".").tolist() == ["Y", ".", "."]


def test_a_dlt_of_a_subject_who_does_not_count_meets_the_criteria_and_is_no_dlt():
    result = events("USUBJID AESTDTC\n1 2025-04-09", f"{QUALIFIERS}\n1 1 DLTYN Y", COHORT="B").iloc[0]
    assert (result["DLTCRFL"], result["DLTEVFL"] == "Y") == ("Y", False)


def test_one_event_per_subject_class_and_term_is_flagged_among_the_emergent_ones():
    text = """
        USUBJID | AESEQ | AEBODSYS | AEDECOD  | AESTDTC    | AETOXGR
        1       | 1     | GI       | Nausea   | 2025-03-01 | 4
        1       | 2     | GI       | Nausea   | 2025-03-12 | 1
        1       | 3     | GI       | Vomiting | 2025-03-11 | 1
        1       | 4     | GI       | Nausea   | 2025-03-15 | 3
    """
    actual, expected = shown(events(text), """
        USUBJID | AESEQ | AOCCFL | AOCCSFL | AOCCPFL | AOCCIFL
        1       | 1     | .      | .       | .       | .
        1       | 2     | .      | .       | Y       | .
        1       | 3     | Y      | Y       | Y       | .
        1       | 4     | .      | .       | .       | Y
    """)
    assert actual == expected


@pytest.mark.parametrize(("end", "death", "imputed"), [
    ("2025-03", "2025-03-01", "2025-03-01"),  # died on its first possible day
    ("2025-03", "2025-03-31", "2025-03-31"),
    ("2025-03", "2025-02-20", "2025-03-31"),  # an end after the death is an error of the data: it stays
    ("2025-03-25", "2025-03-20", "2025-03-25"),  # a whole date is never moved
    ("2026", ".", "2026-06-30"),  # nor is it after the data cut
    ("2026", "2026-05-01", "2026-05-01"),
    ("2026", "2026-09-01", "2026-06-30"),
])
def test_a_partial_end_is_its_last_day_up_to_death_and_data_cut(end, death, imputed):
    result = events(f"USUBJID AESTDTC AEENDTC\n1 2025-03-04 {end}", DTHDT=death)
    assert result["AENDT"].dt.strftime("%Y-%m-%d").tolist() == [imputed]


@pytest.mark.parametrize(("began", "ended", "low", "high"), [
    ("2025-03-12", ".", "2025-03-12", "2025-03-12"),
    ("2025-03-12", "2025-03-10", "2025-03-12", "2025-03-12"),  # an end before the start says nothing of the start
    ("2025-03", "2025-03-10", "2025-03-01", "2025-03-10"),
    ("2025-03", "2025-03-31", "2025-03-01", "2025-03-31"),
    ("2025-03", "2025-04-10", "2025-03-01", "2025-03-31"),
    ("2025-03", ".", "2025-03-01", "2025-03-31"),
    (".", "2025-03-10", ".", "2025-03-10"),
    (".", ".", ".", "."),
])
def test_an_event_may_have_begun_on_the_days_its_dates_allow(began, ended, low, high):
    actual, expected = shown(events(f"USUBJID AESEQ AESTDTC AEENDTC\n1 1 {began} {ended}"), f"""
        USUBJID AESEQ STARTLO STARTHI
        1 1 {low} {high}
    """)
    assert actual == expected


@pytest.mark.parametrize(("began", "ended", "days"), [
    ("2025-03-12", "2025-03-12", "1"), ("2025-03", "2025-03-12", "."), ("2025-03-12", "2025-03", "."),
])
def test_only_whole_dates_have_a_duration(began, ended, days):
    actual, expected = shown(events(f"USUBJID AESEQ AESTDTC AEENDTC\n1 1 {began} {ended}"), f"""
        USUBJID AESEQ ADURN SRCDOM SRCVAR SRCSEQ
        1 1 {days} AE AETERM 1
    """)
    assert actual == expected


@pytest.mark.parametrize(("word", "related"), [
    ("Possible", "Y"), ("PROBABLY RELATED", "Y"), ("DEFINITE", "Y"), ("RELATED", "Y"), ("NOT RELATED", "."),
    ("UNRELATED", "."), ("UNLIKELY", "."),
])
@pytest.mark.parametrize("name", ["AECNREL", "AECTREL"])
def test_the_words_for_related(name, word, related):
    qualifiers = f"USUBJID | SEQ | QNAM | QVAL\n1 | 1 | {name} | {word}"
    assert events("USUBJID AESEQ AESTDTC\n1 1 2025-03-12", qualifiers)["RELFL"].fillna(".").tolist() == [related]


def test_an_icans_by_category_and_an_event_before_the_cells_are_told():
    text = "USUBJID AESEQ AESTDTC\n1 1 2025-03-10\n1 2 2025-03-09\n1 3 2025-06-18\n1 4 2025-06-19"
    qualifiers = QUALIFIERS + "".join(f"\n1 {n} AESICAT ICANS" for n in (1, 2, 3, 4))
    found = events(text, qualifiers)
    assert found["ICANSFL"].tolist() == ["Y"] * 4
    assert found["TOXWINFL"].fillna(".").tolist() == ["Y", ".", "Y", "."]  # days 0, -1, 100, 101


def test_the_worst_event_is_the_first_of_the_highest_grade_and_no_grade_is_the_lowest():
    text = "USUBJID AESEQ AESTDTC AETOXGR\n1 1 2025-03-11 .\n1 2 2025-03-14 2\n1 3 2025-03-12 2\n1 4 2025-03-12 2"
    assert events(text)["AOCCIFL"].fillna(".").tolist() == [".", ".", "Y", "."]
    assert events("USUBJID AESEQ AESTDTC\n1 1 2025-03-12\n1 2 2025-03-11")["AOCCIFL"].fillna(".").tolist() == [".", "Y"]
    ungraded = "USUBJID AESEQ AESTDTC AETOXGR\n1 1 2025-03-11 .\n1 2 2025-03-12 1"
    assert events(ungraded)["AOCCIFL"].fillna(".").tolist() == [".", "Y"]


@pytest.mark.parametrize(("decided", "conditioning", "cells", "related"), [
    ({"related_to": "CELLS"}, "RELATED", "UNLIKELY", "."), ({"related_to": "CELLS"}, "UNLIKELY", "RELATED", "Y"),
    ({"related_to": "CONDITIONING"}, "Related", "UNLIKELY", "Y"),
    ({"related_terms": "Suspected, Related"}, "SUSPECTED", "UNLIKELY", "Y"),
    ({"related_terms": "Related"}, "POSSIBLY RELATED", "UNLIKELY", "."),
])  # fmt: skip
def test_which_treatment_and_which_terms_make_an_event_related(decided, conditioning, cells, related):
    text = f"USUBJID | SEQ | QNAM | QVAL\n1 | 1 | AECNREL | {conditioning}\n1 | 1 | AECTREL | {cells}"
    found = events("USUBJID AESEQ AESTDTC\n1 1 2025-03-12", text, decided=decided)
    assert found["RELFL"].fillna(".").tolist() == [related]
