"""Enrolled, intent to treat, conditioned, safety and infused sets (clarifications 1, 2), with the reasons."""

from tables import given, shown

from adam.sets import conditioned_set, enrolled_set, infused_set, itt_set, responder_set, safety_set

CUTOFF = "2026-06-30"
SUBJECTS = """
    USUBJID   | ENRDECOD | ENRLDT     | SFDECOD        | SFREAS                | LEUKSEQ | LEUKDT     | CONDSDT    | CARTSDT    | TRTSDT
    infused   | ENROLLED | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | 2025-01-20 | 2025-01-26 | 2025-01-20
    cellsonly | ENROLLED | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | .          | 2025-01-26 | 2025-01-26
    condonly  | ENROLLED | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | 2025-01-20 | .          | 2025-01-20
    leukonly  | ENROLLED | 2025-01-01 | .              | .                     | 1       | 2025-01-05 | .          | .          | .
    enrolled  | ENROLLED | 2025-01-01 | .              | .                     | .       | .          | .          | .          | .
    late      | ENROLLED | 2026-07-01 | .              | .                     | .       | .          | .          | .          | .
    thatday   | ENROLLED | 2026-06-30 | .              | .                     | .       | .          | .          | .          | .
    undated   | ENROLLED | .          | .              | .                     | 1       | .          | .          | .          | .
    failed    | .        | .          | SCREEN FAILURE | Withdrawal of consent | .       | .          | .          | .          | .
    unsaid    | .        | .          | SCREEN FAILURE | .                     | .       | .          | .          | .          | .
    waiting   | .        | .          | .              | .                     | .       | .          | .          | .          | .
"""  # noqa: E501


def sets(recipe):
    subjects = given("subjects", SUBJECTS)
    return recipe(subjects, enrolled_set(subjects, CUTOFF))


def test_enrolled_is_what_the_enrolment_form_says_on_or_before_the_data_cut():
    actual, expected = shown(enrolled_set(given("subjects", SUBJECTS), CUTOFF), """
        USUBJID  | ENRLFL | ENREXRSN
        enrolled | Y      | .
        thatday  | Y      | .
        undated  | Y      | .
        late     | N      | NOT ENROLLED BY THE DATA CUT
        unsaid   | N      | SCREEN FAILURE
        failed   | N      | SCREEN FAILURE: WITHDRAWAL OF CONSENT
        waiting  | N      | NOT ENROLLED BY THE DATA CUT
    """)
    assert expected == actual


def test_intent_to_treat_is_leukapheresis_performed():
    actual, expected = shown(sets(itt_set), """
        USUBJID  | ITTFL | ITTEXRSN
        leukonly | Y     | .
        undated  | Y     | .
        enrolled | N     | NO LEUKAPHERESIS
        failed   | N     | NOT ENROLLED
    """)
    assert expected == actual


def test_safety_is_any_conditioning_or_any_cells():
    actual, expected = shown(sets(safety_set), """
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
    actual, expected = shown(sets(conditioned_set), """
        USUBJID   | CONDFL | CONEXRSN
        infused   | Y      | .
        cellsonly | N      | NO CONDITIONING
        condonly  | Y      | .
        leukonly  | N      | NO CONDITIONING
        enrolled  | N      | NO LEUKAPHERESIS
        failed    | N      | NOT ENROLLED
    """)
    assert expected == actual


def test_infused_is_any_cells():
    actual, expected = shown(sets(infused_set), """
        USUBJID   | INFFL | INFEXRSN
        infused   | Y     | .
        cellsonly | Y     | .
        condonly  | N     | CONDITIONING WITHOUT CELLS
        leukonly  | N     | NOT TREATED
        enrolled  | N     | NO LEUKAPHERESIS
        failed    | N     | NOT ENROLLED
    """)
    assert expected == actual


def test_responders_have_a_best_overall_response_of_cr_or_pr():
    adrs = given("adrs", "USUBJID PARAMCD AVALC\ninfused BOR PR\ncellsonly BOR SD")
    actual, expected = shown(responder_set(given("subjects", SUBJECTS), adrs), """
        USUBJID   | RESPFL | RESEXRSN
        infused   | Y      | .
        cellsonly | N      | BEST RESPONSE SD
        condonly  | N      | NOT INFUSED
    """)
    assert expected == actual
