"""The first new anticancer therapy: from which day it counts, and which record is named (analysis plan F0-9)."""

import pytest
from tables import as_text, conformed, given

from adam.course.new_therapies import new_therapies
from adam.course.new_therapy import new_therapy

NAMES = ("NACTDT", "NACTDTF", "NACTHSCT", "NACTDOM", "NACTSEQ", "FIRSTTX", "HSCTDT")
NOTHING = ". . . . . . ."


def first_therapy(cm="", pr="", treated="2025-03-04 2025-03-10", hsct_newtx=True):
    """What is known of subject 1, by start dates of drugs, and category and start of procedures; "" of nothing."""
    drugs = [f"1 | SUBSEQUENT ANTICANCER THERAPY | {date}" for date in cm.split()]
    others = [f"1 | SUBSEQUENT ANTICANCER THERAPY | {line.replace(' ', ' | ')}" for line in pr.split(", ") if line]
    every = new_therapies(
        given("cm", "\n".join(["USUBJID | CMCAT | CMSTDTC", *drugs])),
        given("pr", "\n".join(["USUBJID | PRCAT | PRSCAT | PRSTDTC", *others])),
        given("exposure", f"USUBJID TRTSDT CARTSDT\n1 {treated}"), hsct_newtx)  # fmt: skip
    made = new_therapy(conformed("new_therapies", every), given("exposure", f"USUBJID TRTSDT CARTSDT\n1 {treated}"))
    assert made["STUDYID"].tolist() == ["S"] * len(made)
    return " ".join(as_text(made[name])[0] for name in NAMES) if len(made) else ""


@pytest.mark.parametrize(("cm", "pr", "expected"), [
    ("2025-06-02 2025-06-01", "", "2025-06-01 . N CM 2 2025-06-01 ."),
    ("2025-06-01", "RADIOTHERAPY 2025-05-01", "2025-05-01 . N PR 1 2025-05-01 ."),
    ("2025-06-01", "HSCT 2025-06-01", "2025-06-01 . Y PR 1 2025-06-01 2025-06-01"),  # of one day the transplant
    ("2025-06-01", "HSCT 2025-07-02, HSCT 2025-07-01", "2025-06-01 . N CM 1 2025-06-01 2025-07-01"),
    ("2025-03-10", "", "2025-03-10 . N CM 1 2025-03-10 ."),  # on the day of the cells
    ("2025-03-09", "", ". . . . . 2025-03-09 ."),            # before them, under treatment
    ("2025-03-04", "", ". . . . . 2025-03-04 ."),
    ("2025-03-03", "", NOTHING),
    ("", "HSCT 2025-03-03", NOTHING),                        # a transplant of before stands in the wrong log
    ("", "HSCT 2025-03-03, HSCT 2025-07-01", "2025-07-01 . Y PR 2 2025-07-01 2025-07-01"),
    ("2025-03", "", "2025-03-10 D N CM 1 2025-03-10 ."),     # may be the day of the cells
    ("2025", "", "2025-03-10 M N CM 1 2025-03-10 ."),
    ("2025-02", "", NOTHING),
    (".", "", ""),                                           # no date shows nothing
])  # fmt: skip
def test_a_therapy_is_new_from_the_day_of_the_first_cells(cm, pr, expected):
    assert first_therapy(cm, pr) == expected


@pytest.mark.parametrize(("treated", "cm", "expected"), [
    ("2025-03-04 .", "2025-03-04", "2025-03-04 . N CM 1 2025-03-04 ."),
    ("2025-03-04 .", "2025-03", "2025-03-04 D N CM 1 2025-03-04 ."),
    ("2025-03-04 .", "2025-03-03", NOTHING),
    (". .", "2020-01-01", NOTHING),
])  # fmt: skip
def test_never_infused_it_is_new_from_the_first_treatment_and_never_treated_there_is_none(treated, cm, expected):
    assert first_therapy(cm, treated=treated) == expected


def test_where_a_transplant_is_no_new_therapy_it_is_still_dated():
    assert first_therapy("", "HSCT 2025-06-01", hsct_newtx=False) == ". . . . . . 2025-06-01"
    assert first_therapy("2025-07-01", "HSCT 2025-06-01", hsct_newtx=False) == (
        "2025-07-01 . N CM 1 2025-07-01 2025-06-01")
