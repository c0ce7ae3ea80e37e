"""The investigator's time points: which results belong together, and which of them count (clarifications 6, 7, 19)."""

import pytest
from tables import as_text, given, table

from adam.response.assessments import POINT, assessments, in_words_of_the_plan, time_points

RS = "USUBJID | RSSEQ | RSEVAL | RSTESTCD | RSSTRESC | VISIT | RSDTC | RSLNKGRP\n"
NO_WORDS = table("codelist collected submission")
OVERALL = "1 | {} | INVESTIGATOR | OVRLRESP | {} | V1 | {} | L1"


def points(rows, lesions="", bor_newtx="BEFORE", cells="2025-01-01", therapy="."):
    """The time points of subject 1, each named column as text."""
    people = given("subjects", f"USUBJID CARTSDT NACTDT\n1 {cells} {therapy}")
    tr = given("tr", f"USUBJID TRGRPID TRTESTCD TRSTRESC VISIT\n{lesions}")
    made = assessments(given("rs", RS + rows, RSCAT="LUGANO"), tr, people, NO_WORDS, bor_newtx)
    return {name: as_text(made[name]).tolist() for name in made}


def flags(*dated, **known):
    """POSTFL, ADEQFL, BORFL and PDDT of the time points given as date and response."""
    rows = "\n".join(OVERALL.format(n, *reversed(pair)) for n, pair in enumerate(dated, start=1))
    made = points(rows, **known)
    return ["".join(made[name][n] for name in ("POSTFL", "ADEQFL", "BORFL")) for n in range(len(dated))], made["PDDT"]


def test_the_results_of_a_visit_and_date_stand_beside_its_overall_response():
    made = points("""
        1 | 1 | INVESTIGATOR | OVRLRESP | CR  | V1 | 2025-02-01 | L1
        1 | 2 | INVESTIGATOR | METBRESP | CMR | V1 | 2025-02-01 | L1
        1 | 3 | INVESTIGATOR | ANATRESP | PR  | V1 | 2025-02-01 | L1
        1 | 4 | INVESTIGATOR | NEWLIND  | N   | V1 | 2025-02-01 | L1
        1 | 5 | INVESTIGATOR | METBRESP | PMD | V2 | 2025-02-01 | L2
        1 | 6 | INVESTIGATOR | METBRESP | PMR | V1 | 2025-02-02 | L1
        1 | 7 | READER       | OVRLRESP | PD  | V1 | 2025-02-01 | L1
    """)
    names = ("RSSEQ", "OVERALL", "METABOL", "ANATOMIC", "NEWLES", "LNKGRP", "ADT", "ADTF", "CARTDY")
    assert [made[name] for name in names] == [
        ["1"], ["CR"], ["CMR"], ["PR"], ["N"], ["L1"], ["2025-02-01"], ["."], ["31"]]


def test_what_was_read_on_the_pet_alone_is_not_beside_the_overall_response():
    rs = given("rs", """
        USUBJID | RSSEQ | RSCAT  | RSSCAT         | RSEVAL       | RSTESTCD | RSSTRESC | VISIT | RSDTC
        1       | 1     | LUGANO | PET ASSESSMENT | INVESTIGATOR | METBRESP | PMR      | V1    | 2025-02-01
        1       | 2     | LUGANO | .              | INVESTIGATOR | METBRESP | CMR      | V1    | 2025-02-01
        1       | 3     | LUGANO | .              | INVESTIGATOR | OVRLRESP | CR       | V1    | 2025-02-01
    """)
    assert time_points(rs, [*POINT])[["OVERALL", "METABOL"]].values.tolist() == [["CR", "CMR"]]


def test_a_term_of_sdtm_is_the_word_of_the_plan_in_the_analysis():
    words = "RSPWORD | CRi | CRI\nRSPWORD | RELAPSED DISEASE | REL\nNY | CR | X"
    ct = table(f"codelist | collected | submission\n{words}")
    rs = given("rs", "USUBJID | RSSTRESC\n1 | CRi\n1 | RELAPSED DISEASE\n1 | CR\n1 | .")
    assert as_text(in_words_of_the_plan(rs, ct)["RSSTRESC"]).tolist() == ["CRI", "REL", "CR", "."]


def test_two_assessments_of_one_visit_and_date_keep_their_own_results():
    made = points("""
        1 | 4 | INVESTIGATOR | METBRESP | PMR | V1 | . | L1
        1 | 1 | INVESTIGATOR | OVRLRESP | CR  | V1 | . | L1
        1 | 3 | INVESTIGATOR | OVRLRESP | PR  | V1 | . | L1
        1 | 2 | INVESTIGATOR | METBRESP | CMR | V1 | . | L1
    """)
    assert [made[name] for name in ("RSSEQ", "OVERALL", "METABOL")] == [["1", "3"], ["CR", "PR"], ["CMR", "PMR"]]


@pytest.mark.parametrize(("lesion", "proven"), [
    ("1 NEW FDGAVID Y V1", "Y"), ("1 NEW NEWCONF Y V1", "Y"), ("1 NEW NEWCONF N V1", "N"),
    ("1 TARGET NEWCONF Y V1", "N"), ("1 NEW LDIAM Y V1", "N"), ("1 NEW NEWCONF Y V2", "N"), ("2 NEW NEWCONF Y V1", "N"),
    ("", "N"),
])  # fmt: skip
def test_a_new_lesion_of_the_visit_may_be_avid_or_proven(lesion, proven):
    assert points(OVERALL.format(1, "PD", "2025-02-01"), lesion)["AVIDNEW"] == [proven]


@pytest.mark.parametrize(("response", "expected"), [
    ("CR", "YYY"), ("PR", "YYY"), ("SD", "YYY"), ("PD", "YYY"), ("NE", "YNY"), ("ND", "YNN"), (".", "YNN"),
])  # fmt: skip
def test_an_adequate_response_was_evaluable_and_one_that_counts_was_done(response, expected):
    assert flags(("2025-01-02", response))[0] == [expected]
    assert flags(("2025-01-01", response))[0] == ["NNN"]  # on the day of the cells it is not after them
    assert flags(("2025-01-02", response), cells=".")[0] == ["NNN"]


def test_after_the_first_progression_nothing_counts_but_what_was_seen_that_day():
    dates = ("2025-02-01", "2025-01-15", "2025-01-15", "2025-01-16", "2024-12-31")
    seen = zip(dates, ("PD", "PD", "SD", "CR", "PD"), strict=True)
    assert flags(*seen) == (["YYN", "YYY", "YYY", "YYN", "NNN"], ["2025-01-15"] * 5)


@pytest.mark.parametrize(("bor_newtx", "day", "counts"), [
    ("BEFORE", "2025-02-28", "Y"), ("BEFORE", "2025-03-01", "N"), ("ONBEFORE", "2025-03-01", "Y"),
    ("ONBEFORE", "2025-03-02", "N"),
])  # fmt: skip
def test_a_new_therapy_ends_what_counts(bor_newtx, day, counts):
    assert flags((day, "SD"), bor_newtx=bor_newtx, therapy="2025-03-01")[0] == [f"YY{counts}"]
