"""ADFA: what was recorded once of a subject, as text and where it is one as a number."""

import pytest
from tables import given, shown

from adam.adfa import adfa

HEADER = "USUBJID | FACAT | FATESTCD | FATEST | FASTRESC | FASTRESN | FADTC | FASEQ\n"


@pytest.mark.parametrize(("text", "number", "value"), [
    ("3", ".", "3"), ("3.0 or so", "3.1", "3.1"), ("high", ".", "."),
])  # fmt: skip
def test_a_result_keeps_its_text_and_is_a_number_where_it_is_one(text, number, value):
    made = adfa(given("fa", f"{HEADER}1 | DISEASE HISTORY | IPI | IPI score | {text} | {number} | 2025-02 | 7"))
    actual, expected = shown(made.assign(AESEQ=made["SRCSEQ"]), f"""
        USUBJID | PARCAT1         | PARAMCD | PARAM     | AVALC  | AVAL    | ADT        | ASEQ | SRCVAR   | AESEQ
        1       | DISEASE HISTORY | IPI     | IPI score | {text} | {value} | 2025-02-01 | 7    | FASTRESC | 7
    """)
    assert (actual, made["SRCDOM"].tolist()) == (expected, ["FA"])


def test_the_first_record_of_a_subject_category_and_test_is_flagged_and_daily_assessments_are_left_out():
    made = adfa(given("fa", HEADER + """
        1 | DISEASE HISTORY  | IPI | . | 3 | . | . | 5
        1 | DISEASE HISTORY  | IPI | . | 2 | . | . | 4
        1 | RECORDED OUTCOME | IPI | . | 2 | . | . | 6
        1 | DISEASE HISTORY  | COO | . | 2 | . | . | 7
        2 | DISEASE HISTORY  | IPI | . | 2 | . | . | 1
        2 | CRS ASSESSMENT   | IPI | . | 2 | . | . | 2
        2 | ICANS ASSESSMENT | IPI | . | 2 | . | . | 3
    """))  # fmt: skip
    assert made["ANL01FL"].fillna(".").tolist() == [".", "Y", "Y", "Y", "Y"]
