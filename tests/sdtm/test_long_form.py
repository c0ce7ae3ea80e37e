"""A table of tests stands for rows of the mapping sheet: one line per test, the same records."""

import pytest
from small_study import CONSENT, NO_CUT, STUDY, TERMS, VISITS, grid, raw_form, spec

from pipeline.ground.faults import TrialError
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs
from sdtm.mapping.long_form import read_tests, rows_of_test
from sdtm.mapping.sheet import Known

VARIABLES = """STUDYID text
USUBJID text
XXSEQ integer
XXTESTCD text TESTS
XXTEST text
XXORRES text
XXORRESU text
XXSTRESC text
XXSTRESN number
XXSTRESU text
XXDTC text"""
HEAD, TESTS_HEAD = "form | block | target | rule | source | where\n", "form | field | test | list | unit | result\n"
SHARED = "V | * | XXDTC | assign_datetime | DAT |\n"
RECORDS = """
    SUBJECT | DAT         | TEMP | PULSE | WORSE | WORSE_STD
    0101    | 01 MAR 2025 | 36.6 | 70    | Yes   | Y
    0102    | 02 MAR 2025 | .    | 80    | .     | N
"""


def mapped_with(tests, sheet=SHARED, records=RECORDS):
    """Records of the domain XX by the sheet and, where there is one, the table of tests."""
    raw = {"V": raw_form("V", records), "IC": raw_form("IC", CONSENT), "DTH": raw_form("DTH", "_SUBJECT | DTHDAT")}
    inputs = MappingInputs(
        STUDY, TERMS, spec(VARIABLES, "STUDYID USUBJID XXTESTCD XXSEQ"), "2026-06-30", NO_CUT, VISITS, 30.4375,
        tests=grid(TESTS_HEAD + tests) if tests else None, sheet_file="xx.csv", tests_file="xx_tests.csv")
    return mapped("xx", grid(HEAD + sheet), raw, inputs)[0]


KNOWN = Known({"V": ["TEMP", "WORSE", "WORSE_STD"]}, {}, frozenset())
ANSWERED = (("", "answered", "TEMP"), ("XXTESTCD", "hardcode", "T"), ("XXORRES", "assign", "TEMP"))
STANDS_FOR = [
    ("V | TEMP | T | | | text", (*ANSWERED, ("XXSTRESC", "assign", "TEMP"))),
    ("V | TEMP | T | | | number",
     (*ANSWERED, ("XXSTRESC", "assign", "TEMP"), ("XXSTRESN", "assign_number", "TEMP"))),
    ("V | TEMP | T | | C | limited",
     (*ANSWERED, ("XXSTRESC", "assign", "TEMP"), ("XXSTRESN", "assign_result", "TEMP"),
      ("XXORRESU", "hardcode", "C"))),
    ("V | TEMP | T | | WORSE | limited",
     (*ANSWERED, ("XXSTRESC", "assign", "TEMP"), ("XXSTRESN", "assign_result", "TEMP"),
      ("XXORRESU", "assign", "WORSE"))),
    ("V | TEMP | T | | | date", (*ANSWERED, ("XXSTRESC", "assign_datetime", "TEMP"))),
    ("V | WORSE | T | NY | | text",
     (("", "answered", "WORSE WORSE_STD"), ("XXTESTCD", "hardcode", "T"), ("XXORRES", "assign", "WORSE"),
      ("XXSTRESC", "lookup", "WORSE NY"))),
    ("V | WORSE | T | NY | | code",
     (("", "answered", "WORSE WORSE_STD"), ("XXTESTCD", "hardcode", "T"), ("XXORRES", "assign_code", "WORSE"),
      ("XXSTRESC", "lookup", "WORSE NY"))),
    ("V | WORSE | T | NY | | number",
     (("", "answered", "WORSE WORSE_STD"), ("XXTESTCD", "hardcode", "T"), ("XXORRES", "assign", "WORSE"),
      ("XXSTRESC", "lookup", "WORSE NY"), ("XXSTRESN", "lookup", "WORSE NY"))),
]  # fmt: skip


@pytest.mark.parametrize(("test", "expected"), STANDS_FOR, ids=[test for test, _ in STANDS_FOR])
def test_one_line_stands_for_the_rows_of_a_block(test, expected):
    row = grid(TESTS_HEAD + test).fillna("").to_dict("records")[0]
    rows = rows_of_test(row, "XX", KNOWN, 2, "xx_tests.csv")
    assert expected == tuple((made.target, made.rule, " ".join(made.words)) for made in rows)
    assert {(made.form, made.block, made.where, made.line, made.file) for made in rows} == {
        ("V", "T", "", 2, "xx_tests.csv")}


def test_the_code_of_a_result_is_its_number_where_it_is_one():
    records = "SUBJECT | GRADE | GRADE_STD\n0101 | Grade III | 3\n0101 | None | NA\n0102 | Grade 0 | 0"
    frame = mapped_with("V | GRADE | TEMP | | | code", "V | TEMP | XXTEST | hardcode | T |", records)
    values = frame[["XXORRES", "XXSTRESC", "XXSTRESN"]].astype("object")
    assert values.where(values.notna(), None).to_numpy().tolist() == [
        ["3", "Grade III", 3.0], ["NA", "None", None], ["0", "Grade 0", 0.0]]


def test_the_records_are_those_of_the_rows_written_out():
    written = """
        V | TEMP  |          | answered        | TEMP  |
        V | TEMP  | XXTESTCD | hardcode        | TEMP  |
        V | TEMP  | XXORRES  | assign          | TEMP  |
        V | TEMP  | XXORRESU | hardcode        | C     |
        V | TEMP  | XXSTRESC | assign          | TEMP  |
        V | TEMP  | XXSTRESN | assign_number   | TEMP  |
        V | TEMP  | XXSTRESU | hardcode        | C     |
        V | PULSE |          | answered        | PULSE |
        V | PULSE | XXTESTCD | hardcode        | PULSE |
        V | PULSE | XXORRES  | assign          | PULSE |
        V | PULSE | XXSTRESC | assign          | PULSE |
        V | PULSE | XXSTRESN | assign_number   | PULSE |
    """
    made = mapped_with("V | TEMP | TEMP | | C | number\nV | PULSE | PULSE | | | number")
    assert made.equals(mapped_with("", SHARED + written))
    assert made[["USUBJID", "XXTESTCD", "XXTEST", "XXORRES", "XXSTRESN", "XXDTC"]].values.tolist() == [
        ["ST-0101", "PULSE", "Pulse Rate", "70", 70.0, "2025-03-01"],
        ["ST-0101", "TEMP", "Body Temperature", "36.6", 36.6, "2025-03-01"],
        ["ST-0102", "PULSE", "Pulse Rate", "80", 80.0, "2025-03-02"],
    ]


def test_a_row_of_empty_cells_is_no_test():
    text = "V | TEMP | TEMP | | C | number"
    assert mapped_with(f". | . | . | . | . | .\n{text}").equals(mapped_with(text))


def test_the_block_of_a_test_in_the_sheet_adds_to_the_test():
    frame = mapped_with("V | TEMP | TEMP | | C | number", SHARED + "V | TEMP | SUPP.WORSE | lookup | WORSE NY |")
    assert frame[["XXTESTCD", "WORSE"]].values.tolist() == [["TEMP", "Y"]]


@pytest.mark.parametrize(("tests", "sheet", "where", "what"), [
    ("V | TEMP | TEMP | | | numbers", SHARED, "line 2 (V TEMP)", "Unknown result 'numbers'."),
    ("V | TEMP | TEMP | NY | | limited", SHARED, "line 2 (V TEMP)", "A number that may be a limit has no list."),
    ("V | HEAT | TEMP | | | text", SHARED, "line 2 (V records)", "V has no field HEAT."),
    ("V | TEMP | TEMP | | | text\nV | PULSE | TEMP | | | text", SHARED, "line 3 (V records)",
     "The choice of records of V TEMP stands in xx_tests.csv, line 2 (V records) too."),
    ("V | TEMP | TEMP | | | text", SHARED + "V | TEMP | XXORRES | assign | PULSE |", "line 2 (V XXORRES)",
     "XXORRES of V TEMP stands in xx.csv, line 3 (V XXORRES) too."),
])  # fmt: skip
def test_a_slip_in_a_table_of_tests_is_told_with_its_place(tests, sheet, where, what):
    with pytest.raises(TrialError) as error:
        mapped_with(tests, sheet)
    assert (error.value.where, error.value.what) == (f"xx_tests.csv, {where}", what)


def test_a_table_without_one_of_its_columns_is_told_what_the_header_is():
    tests = grid("form | field | test | list | unit\nV | TEMP | TEMP | | ")
    with pytest.raises(TrialError) as error:
        read_tests(tests, "XX", KNOWN, [], "xx_tests.csv")
    assert error.value.where == "xx_tests.csv, line 1"
    assert error.value.what == "The table of tests lacks the column result."
    assert error.value.cure == "the header is form,field,test,list,unit,result"
