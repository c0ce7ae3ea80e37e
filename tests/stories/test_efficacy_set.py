"""The Efficacy Analysis Set (analysis plan 6.2, clarification 5): safety set and (an assessment or progression)."""

import pytest
from tables import given, shown

from adam.sets import efficacy_set

SAFE = "USUBJID SAFFL\n1 Y"
TREATED = {"TRTSDT": "2025-06-01", "CARTSDT": "2025-06-07", "BASESCDT": "2025-05-20"}
NO_SCAN = "USUBJID ADT OVERALL\nother 2025-07-07 CR"


def in_set(subject="", assessments=NO_SCAN, safety=SAFE, eas_ne=True):
    """EASFL and EASEXRSN of subject 1; `subject` is what is known of the subject beside the treatment."""
    known = dict(pair.split("=") for pair in subject.split(", ") if pair)
    people = given("subjects", "USUBJID\n1", **(TREATED | known))
    points = given("assessments", assessments)
    result = efficacy_set(people, given("safety_set", safety), points, eas_ne).fillna(".")
    return tuple(result[["EASFL", "EASEXRSN"]].iloc[0])


@pytest.mark.parametrize(("overall", "flag"), [("CR", "Y"), ("PD", "Y"), ("SD", "Y"), ("NE", "Y"), ("ND", "N")])
def test_any_assessment_but_not_done_counts(overall, flag):
    assert flag == in_set(assessments=f"USUBJID ADT OVERALL\n1 2025-07-07 {overall}")[0]


def test_not_evaluable_does_not_count_when_eas_ne_is_no():
    assert in_set(assessments="USUBJID ADT OVERALL\n1 2025-07-07 NE", eas_ne=False) == ("N", "ALIVE NO SCAN")


def test_the_assessment_lies_after_the_baseline_scan():
    assert in_set(assessments="USUBJID ADT OVERALL\n1 2025-05-20 CR")[0] == "N"
    assert in_set(assessments="USUBJID ADT OVERALL\n1 2025-05-21 CR")[0] == "Y"


def test_without_a_baseline_scan_the_assessment_lies_after_the_first_treatment():
    assert in_set("BASESCDT=.", "USUBJID ADT OVERALL\n1 2025-06-01 CR")[0] == "N"
    assert in_set("BASESCDT=.", "USUBJID ADT OVERALL\n1 2025-06-02 CR")[0] == "Y"


def test_an_assessment_after_a_new_therapy_counts():
    assert in_set("NACTDT=2025-06-20", "USUBJID ADT OVERALL\n1 2025-07-07 PD")[0] == "Y"


@pytest.mark.parametrize("known", ["EOSDECOD=PROGRESSIVE DISEASE", "DTHFL=Y, DTHCGR1=DISEASE PROGRESSION"])
def test_leaving_for_progression_or_dying_of_it_counts_without_an_assessment(known):
    assert in_set(known) == ("Y", ".")


def test_nobody_is_in_who_is_not_in_the_safety_set():
    assert in_set("EOSDECOD=PROGRESSIVE DISEASE", safety="USUBJID SAFFL\n1 N") == ("N", "NOT IN THE SAFETY SET")


@pytest.mark.parametrize(("known", "reason"), [
    ("DTHFL=Y, DTHCGR1=STUDY TREATMENT TOXICITY, EOSDECOD=DEATH", "TOXIC DEATH BEFORE SCAN"),
    ("DTHFL=Y, DTHCGR1=OTHER, EOSDECOD=DEATH", "DEATH OTHER"),
    ("DTHFL=Y, DTHCGR1=UNKNOWN, EOSDECOD=WITHDRAWAL BY SUBJECT", "DEATH OTHER"),
    ("EOSDECOD=WITHDRAWAL BY SUBJECT", "WITHDREW"),
    ("EOSDECOD=WITHDRAWAL BY SUBJECT, CLINPD=Y", "WITHDREW"),
    ("EOSDECOD=LOST TO FOLLOW-UP", "LOST"),
    ("EOSDECOD=PHYSICIAN DECISION, CLINPD=Y", "PD BY CLINICAL SIGNS ONLY"),
    ("EOSDECOD=PHYSICIAN DECISION, CLINPD=N", "ALIVE NO SCAN"),
    ("", "ALIVE NO SCAN"),
])
def test_the_first_reason_in_the_order_of_the_plan_is_given(known, reason):
    assert ("N", reason) == in_set(known)


def test_the_set_has_every_subject():
    people = given("subjects", "USUBJID\n1\n2", **TREATED)
    flags = efficacy_set(people, given("safety_set", "USUBJID SAFFL\n1 Y\n2 N"), given("assessments", NO_SCAN), True)
    actual, expected = shown(flags, "USUBJID | EASFL\n1 | N\n2 | N")
    assert expected == actual
