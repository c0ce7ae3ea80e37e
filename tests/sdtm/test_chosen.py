"""Which raw records a condition takes: numbers are compared as numbers though a delivery is text."""

import pytest
from small_study import raw_form

from pipeline.ground.faults import TrialError
from sdtm.mapping.chosen import meets

RECORDS = raw_form("F", """
    SUBJECT | MRD      | LLOQ | BAG | WORD
    1       | 0.01     | 10   | 01  | A
    1       | 9        | 10   | 1   | A
    1       | 5.09E+03 | 500  | 2   | B
    1       | 1e-2     | .    | .   | .
    1       | <0.01    | 1    | 1.0 | 1
    1       | .        | 1    | x   | 2
""")
NUMBERS = ("MRD", "LLOQ", "BAG")


@pytest.mark.parametrize(("where", "taken"), [
    ("MRD >= 0.01", "123 4"),  # a decimal, a power of ten; "<0.01" is no number
    ("MRD > 0.01", "23"),
    ("MRD < 10", "124"),  # as text 9 were above 10
    ("MRD == 5090", "3"),
    ("MRD in [9, 0.01]", "124"),
    ("MRD != 9", "13456"),  # what is no number or missing is not 9
    ("MRD not in [9, 0.01]", "356"),
    ("MRD >= LLOQ", "3"),  # two numbers: as text 9 were above 10
    ("MRD < LLOQ", "12"),
    ("BAG == 1", "125"),
    ('BAG == "1"', "2"),  # in quotes the text as collected
    ('MRD == "" or MRD > 5000', "36"),
    ('MRD == "<0.01" or MRD >= 9 and WORD == "A"', "25"),  # one field as text and as number
    ("1 <= MRD <= 100", "2"),
    ('not (MRD >= 0.01) and MRD != ""', "5"),
])  # fmt: skip
def test_numbers_are_compared_as_numbers_and_texts_as_texts(where, taken):
    met = meets(RECORDS, where, numbers=NUMBERS)
    assert [int(record[1:]) for record in RECORDS.loc[met, "_RECORD"]] == [int(n) for n in taken.replace(" ", "")]


def test_two_fields_that_nobody_declared_numbers_are_compared_as_text():
    assert meets(RECORDS, "MRD > LLOQ").tolist() == [False, True, False, False, True, False]


def test_a_condition_that_names_what_is_not_there_is_told():
    with pytest.raises(TrialError, match="unknown field MRDD"):
        meets(RECORDS, "MRDD >= 0.01", "fa.csv, line 2", NUMBERS)
