"""Where subjects stand: the treatment that each was given, how long, and when and how it ended."""

import pytest
from tables import conformed, given, shown

from adam.course.standing import standing
from pipeline.ground.metadata import Arm, StudySettings

ARMS = StudySettings(arms=(Arm("A", "ONE"), Arm("B", "TWO")))


def stands(text, days=30):
    people = conformed("subjects", given("subjects", text))
    enrolled = given("enrolled_set", "USUBJID | ENRLFL\n" + "\n".join(f"{one} | Y" for one in people["USUBJID"]))
    return standing(people, enrolled, ARMS, days)


@pytest.mark.parametrize(("arm", "unplanned", "expected", "number"), [
    ("ONE", ".", "ONE", 1), ("TWO", ".", "TWO", 2), (".", "XCEL without LD", "XCEL without LD", None),
    (".", ".", None, None),
])  # fmt: skip
def test_the_treatment_given_is_the_actual_arm_or_what_was_given_unplanned(arm, unplanned, expected, number):
    told = stands(f"USUBJID | ARM | ACTARM | ACTARMUD\n1 | TWO | {arm} | {unplanned}")
    made = told[["TRT01P", "TRT01PN", "TRT01A", "TRT01AN"]].astype(object)
    assert made.where(made.notna(), None).to_numpy().tolist() == [["TWO", 2, expected, number]]


def test_days_of_treatment_collection_and_follow_up_are_counted_between_their_dates():
    actual, expected = shown(stands("""
        USUBJID | LEUKDT     | TRTSDT     | TRTEDT     | CARTSDT    | LSTALVDT   | DTHDT
        1       | 2025-01-01 | 2025-02-01 | 2025-02-08 | 2025-02-08 | 2025-06-08 | .
        2       | 2025-01-01 | 2025-02-01 | 2025-02-01 | .          | 2025-06-08 | .
        3       | .          | 2025-02-01 | 2025-02-08 | 2025-02-08 | 2025-02-10 | 2025-02-11
    """), """
        USUBJID | TR01SDT    | TR01EDT    | TRTDURD | V2VDY | FUPDY
        1       | 2025-02-01 | 2025-02-08 | 8       | 38    | 120
        2       | 2025-02-01 | 2025-02-01 | 1       | .     | .
        3       | 2025-02-01 | 2025-02-08 | 8       | .     | 3
    """)
    assert actual == expected


def test_a_death_is_counted_from_treatment_infusion_and_last_dose_and_told_apart_by_days():
    actual, expected = shown(stands("""
        USUBJID | TRTSDT     | TRTEDT     | CARTSDT    | DTHDT
        1       | 2025-02-01 | 2025-02-08 | 2025-02-08 | 2025-03-10
        2       | 2025-02-01 | 2025-02-08 | 2025-02-08 | 2025-03-11
        3       | 2025-02-01 | 2025-02-01 | .          | 2025-01-31
        4       | 2025-02-01 | 2025-02-08 | 2025-02-08 | .
    """), """
        USUBJID | DTHADY | DTHCRTDY | LDDTHELD | LDDTHGR1
        1       | 38     | 30       | 30       | <=30 days
        2       | 39     | 31       | 31       | >30 days
        3       | -1     | .        | -1       | <=30 days
        4       | .      | .        | .        | .
    """)
    assert actual == expected


@pytest.mark.parametrize(("reason", "reported", "told"), [
    ("DEATH", "DEATH", None), ("OTHER", "MOVED ABROAD", "MOVED ABROAD"), ("COMPLETED", "ALL VISITS DONE", None),
])  # fmt: skip
def test_a_reason_as_reported_stands_where_it_says_more_than_its_term(reason, reported, told):
    made = stands(f"USUBJID | EOSDECOD | EOSTERM\n1 | {reason} | {reported}")["DCSREASP"].astype(object)
    assert made.where(made.notna(), None).tolist() == [told]
