"""Enrolled, intent to treat, conditioned, safety and infused sets (clarifications 1, 2), with the reasons."""

import pytest
from tables import declared, given, shown

from adam.sets import declared as made

SUBJECTS = """
    USUBJID   | ENRDECOD | ENRLDT     | SFDECOD        | SFREAS                | LEUKSEQ | LEUKDT     | CONDSDT    | CARTSDT    | TRTSDT
    infused   | ENTERED INTO TRIAL | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | 2025-01-20 | 2025-01-26 | 2025-01-20
    cellsonly | ENTERED INTO TRIAL | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | .          | 2025-01-26 | 2025-01-26
    condonly  | ENTERED INTO TRIAL | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | 2025-01-20 | .          | 2025-01-20
    leukonly  | ENTERED INTO TRIAL | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | .          | .          | .
    enrolled  | ENTERED INTO TRIAL | 2025-01-01 | .              | .                     | .       | .          | .          | .          | .
    undated   | ENTERED INTO TRIAL | .          | .              | .                     | 1       | .          | .          | .          | .
    failed    | .        | .          | SCREEN FAILURE | Withdrawal of consent | .       | .          | .          | .          | .
    unsaid    | .        | .          | SCREEN FAILURE | .                     | .       | .          | .          | .          | .
    waiting   | .        | .          | .              | .                     | .       | .          | .          | .          | .
"""  # noqa: E501


def sets(name, subjects=SUBJECTS, **records):
    """The set of that name, made after those that it names."""
    known = declared().of_subjects
    people, named = given("subjects", subjects), dict(records)
    for before in [one for one in known if one.endswith("_set")]:
        if known[before].source in ("", *records):
            of = {known[before].source} - {""}
            flags = {word: frame for word, frame in named.items() if word not in records or word in of}
            named[before] = made(known[before], people, **flags)
    return named[name]


def test_enrolled_is_what_the_enrolment_form_says_of_which_nothing_after_the_cut_is_kept():
    actual, expected = shown(sets("enrolled_set"), """
        USUBJID  | ENRLFL | ENREXRSN
        enrolled | Y      | .
        undated  | Y      | .
        unsaid   | N      | SCREEN FAILURE
        failed   | N      | SCREEN FAILURE: WITHDRAWAL OF CONSENT
        waiting  | N      | NOT ENROLLED BY THE DATA CUT
    """)
    assert expected == actual


def test_intent_to_treat_is_leukapheresis_performed():
    actual, expected = shown(sets("itt_set"), """
        USUBJID  | ITTFL | ITTEXRSN
        leukonly | Y     | .
        undated  | Y     | .
        enrolled | N     | NO LEUKAPHERESIS
        failed   | N     | NOT ENROLLED
    """)
    assert expected == actual


def test_safety_is_any_conditioning_or_any_cells():
    actual, expected = shown(sets("safety_set"), """
        USUBJID   | SAFFL | SAFEXRSN
        infused   | Y     | .
        cellsonly | Y     | .
        condonly  | Y     | .
        leukonly  | N     | NOT TREATED
        enrolled  | N     | NO LEUKAPHERESIS
        waiting   | N     | NOT ENROLLED
    """)
    assert expected == actual


def test_conditioned_is_any_conditioning():
    actual, expected = shown(sets("conditioned_set"), """
        USUBJID   | CONDFL
        infused   | Y
        cellsonly | N
        condonly  | Y
        leukonly  | N
        failed    | N
    """)
    assert expected == actual


def test_infused_is_any_cells():
    actual, expected = shown(sets("infused_set"), """
        USUBJID   | INFFL | INFEXRSN
        infused   | Y     | .
        cellsonly | Y     | .
        condonly  | N     | CONDITIONING WITHOUT CELLS
        leukonly  | N     | NOT TREATED
        enrolled  | N     | NO LEUKAPHERESIS
        failed    | N     | NOT ENROLLED
    """)
    assert expected == actual


@pytest.mark.parametrize("best", ["CR", "CRh", "CRi", "PR"])  # CRh and CRi are remissions of leukaemia
def test_responders_have_a_best_overall_response_of_remission_or_partial_response(best):
    adrs = given("adrs", f"USUBJID PARAMCD AVALC\ninfused BOR {best}\ncellsonly BOR SD")
    actual, expected = shown(sets("responder_set", adrs=adrs), """
        USUBJID   | RESPFL
        infused   | Y
        cellsonly | N
        condonly  | N
    """)
    assert expected == actual
