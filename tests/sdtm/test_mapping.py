"""From a sheet to records: blocks are stacked, records numbered, each knows its line; authors are told their slips."""

import pandas as pd
import pytest
from small_study import CONSENT, NO_CUT, STUDY, TERMS, VISITS, grid, map_small, raw_form, spec

from pipeline.ground.faults import TrialError
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs
from sdtm.mapping.sheet import read_sheet

VITALS = """STUDYID text
DOMAIN text
USUBJID text
XXSEQ integer
XXTESTCD text TESTS
XXTEST text
XXSTRESN number
XXDTC text"""
SHEET = """
    V | *     | XXDTC    | assign_datetime | DAT   |
    V | temp  |          | answered        | TEMP  |
    V | temp  | XXTESTCD | hardcode        | TEMP  |
    V | temp  | XXSTRESN | assign_number   | TEMP  |
    V | pulse |          | answered        | PULSE |
    V | pulse | XXTESTCD | hardcode        | PULSE |
    V | pulse | XXSTRESN | assign_number   | PULSE |
"""
RECORDS = """
    SUBJECT | DAT         | TEMP | PULSE
    0102    | 02 MAR 2025 | 36.6 | 70
    0101    | 03 MAR 2025 | 37.0 | .
    0101    | 01 MAR 2025 | 38.5 | 90
"""


def vitals(sheet=SHEET, records=RECORDS, variables=VITALS, **setting):
    keys = "STUDYID USUBJID XXTESTCD XXDTC XXSEQ"
    return map_small(sheet, {"V": records}, variables, setting.pop("keys", keys), **setting)


def test_each_block_of_a_form_makes_its_own_records_in_the_order_of_the_keys():
    frame, _ = vitals()
    columns = ["USUBJID", "XXSEQ", "XXTESTCD", "XXTEST", "XXSTRESN", "XXDTC"]
    expected = [
        ["ST-0101", 1, "PULSE", "Pulse Rate", 90.0, "2025-03-01"],
        ["ST-0101", 2, "TEMP", "Body Temperature", 38.5, "2025-03-01"],
        ["ST-0101", 3, "TEMP", "Body Temperature", 37.0, "2025-03-03"],
        ["ST-0102", 1, "PULSE", "Pulse Rate", 70.0, "2025-03-02"],
        ["ST-0102", 2, "TEMP", "Body Temperature", 36.6, "2025-03-02"],
    ]
    assert expected == frame[columns].values.tolist()
    assert frame.index.tolist() == [0, 1, 2, 3, 4]


def test_of_the_records_of_a_subject_those_without_a_date_are_numbered_first():
    frame, _ = vitals("V | | XXDTC | assign_datetime | DAT |", "SUBJECT | DAT\n0101 | 01 MAR 2025\n0101 | .",
                      keys="STUDYID USUBJID XXDTC XXSEQ")
    assert frame[["_RECORD", "XXSEQ"]].values.tolist() == [["R2", 1], ["R1", 2]]


def test_the_sequence_number_is_unique_within_a_subject():
    frame, _ = vitals()
    assert not frame.duplicated(["USUBJID", "XXSEQ"]).any()


def test_every_record_leads_back_to_its_line_of_the_extract():
    frame, _ = vitals()
    found = frame[["_FORM", "_FILE", "_LINE", "_RECORD"]].values.tolist()
    assert found[:3] == [["V", "V.csv", 4, "R3"], ["V", "V.csv", 4, "R3"], ["V", "V.csv", 3, "R2"]]


def test_the_order_of_the_extract_does_not_change_the_numbers():
    turned = "\n".join([RECORDS.strip().splitlines()[0], *reversed(RECORDS.strip().splitlines()[1:])])
    columns = ["USUBJID", "XXSEQ", "XXTESTCD", "XXDTC"]
    assert vitals()[0][columns].values.tolist() == vitals(records=turned)[0][columns].values.tolist()


def test_a_form_without_records_makes_an_empty_domain_with_all_its_variables():
    frame, found = vitals(records="SUBJECT | DAT | TEMP | PULSE")
    assert (len(frame), len(found)) == (0, 0)
    assert [str(frame[name].dtype) for name in ("XXSEQ", "XXSTRESN", "XXDTC")] == ["int64", "float64", "str"]


def test_a_wrong_date_of_many_blocks_is_told_once():
    _, found = vitals(records="SUBJECT | DAT | TEMP | PULSE\n0101 | 31 FEB 2025 | 36.6 | 70")
    columns = ["check", "form", "record", "subject", "field", "value"]
    assert found[columns].values.tolist() == [["SDTM-DATE", "V", "R1", "0101", "DAT", "31 FEB 2025"]]


def test_supplemental_qualifiers_travel_beside_the_variables():
    frame, _ = vitals(sheet=SHEET + "V | temp | SUPP.WORSE | lookup | FLAG NY |",
                      records="SUBJECT | DAT | TEMP | PULSE | FLAG\n0101 | 01 MAR 2025 | 36.6 | 70 | yes")
    assert frame.loc[frame["XXTESTCD"] == "TEMP", "WORSE"].tolist() == ["Y"]
    assert frame.loc[frame["XXTESTCD"] == "PULSE", "WORSE"].isna().all()


def test_a_qualifier_whose_name_the_domain_has_as_a_variable_is_that_variable():
    frame, _ = vitals(sheet=SHEET + "V | * | SUPP.XXSEV | assign | FLAG |", variables=VITALS + "\nXXSEV text",
                      records="SUBJECT | DAT | TEMP | PULSE | FLAG\n0101 | 01 MAR 2025 | 36.6 | . | mild")
    assert frame["XXSEV"].tolist() == ["mild"]
    assert frame.columns.is_unique


def test_a_later_row_fills_what_an_earlier_one_left_empty():
    sheet = 'V | a | XXTESTCD | hardcode | HOT | TEMP == "39"\nV | a | XXTESTCD | hardcode | TEMP |'
    frame, _ = vitals(sheet=sheet, records="SUBJECT | DAT | TEMP | PULSE\n0101 | . | 39 | .\n0101 | . | 36 | .")
    assert {("R1", "HOT"), ("R2", "TEMP")} == set(zip(frame["_RECORD"], frame["XXTESTCD"], strict=True))


def test_a_row_of_every_block_fills_what_the_row_of_a_block_left_empty():
    sheet = """
        V | *     | XXDTC    | assign_datetime | DAT   |
        V | temp  |          | answered        | TEMP  |
        V | temp  | XXTESTCD | hardcode        | TEMP  |
        V | temp  | XXDTC    | assign_datetime | OTHER | OTHER != "01 JAN 2025"
    """
    records = "SUBJECT | DAT | OTHER | TEMP\n1 | 01 MAR 2025 | 05 MAR 2025 | 36\n1 | 02 MAR 2025 | . | 36\n" + (
        "1 | 03 MAR 2025 | 01 JAN 2025 | 36\n1 | . | 07 MAR 2025 | 36\n1 | . | . | 36")
    found = vitals(sheet, records)[0].set_index("_RECORD")["XXDTC"].fillna("")
    assert found.to_dict() == {"R1": "2025-03-05", "R2": "2025-03-02", "R3": "2025-03-03", "R4": "2025-03-07", "R5": ""}


def test_a_cancelled_sample_stands_beside_the_results_as_not_done_with_its_date():
    sheet = """
        V | *         | XXDTC    | assign_datetime | DAT         |
        V | *         | XXTESTCD | hardcode        | TEMP        |
        V | result    |          | reported        | TUBE STATUS |
        V | result    | XXSTRESN | assign_number   | TEMP        |
        V | cancelled |          | records         |             | STATUS == "Cancelled"
        V | cancelled | XXSTAT   | hardcode        | NOT DONE    |
    """
    records = "SUBJECT | DAT | TUBE | TEMP | STATUS\n1 | 01 MAR 2025 | A | 36 | Final\n1 | 01 MAR 2025 | A | 37 | " + (
        "Corrected\n1 | 05 MAR 2025 | B | . | Cancelled")
    frame, _ = vitals(sheet, records, VITALS + "\nXXSTAT text")
    found = frame[["_RECORD", "XXDTC", "XXSTRESN", "XXSTAT"]].astype("object")
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["R2", "2025-03-01", 37.0, None], ["R3", "2025-03-05", None, "NOT DONE"]]


def test_a_number_that_a_block_leaves_empty_is_filled_as_a_number():
    sheet = "V | * | XXSTRESN | hardcode | 37.5 |\nV | a | XXTESTCD | hardcode | TEMP |\n" + (
        "V | a | XXSTRESN | assign_number | TEMP |")
    frame, _ = vitals(sheet, "SUBJECT | DAT | TEMP | PULSE\n1 | . | 36 | .\n1 | . | . | .")
    assert frame.set_index("_RECORD")["XXSTRESN"].to_dict() == {"R1": 36.0, "R2": 37.5}


def test_a_domain_of_one_record_per_subject_takes_the_first_and_tells_of_the_second():
    variables = "STUDYID text\nUSUBJID text\nAGE number"
    frame, found = vitals(sheet="V | | AGE | assign_number | TEMP |", variables=variables, keys="STUDYID USUBJID",
                          records="SUBJECT | TEMP\n0101 | 59\n0101 | 60\n0102 | 61")
    assert (frame["AGE"].tolist(), found["check"].tolist()) == ([59.0, 61.0], ["SDTM-REPEAT"])
    assert found["subject"].tolist() == ["0101"]
    assert frame.index.tolist() == [0, 1]


def test_rows_of_every_block_make_one_block_where_there_is_no_other():
    frame, _ = vitals("V | * | XXTESTCD | hardcode | TEMP |")
    assert frame["XXTESTCD"].tolist() == ["TEMP"] * 3


def test_a_second_record_is_told_in_a_sentence():
    variables, records = "STUDYID text\nUSUBJID text\nAGE number", "SUBJECT | TEMP\n0101 | 59\n0101 | 6"
    _, found = vitals("V | | AGE | assign_number | TEMP |", records, variables, keys="STUDYID USUBJID")
    assert found[["severity", "field", "message"]].values.tolist() == [
        ["major", "", "XX has a second record R2 of this subject; the first is used. Inactivate one of them."]]


def test_a_record_knows_its_study_its_domain_and_its_subject():
    frame, _ = vitals()
    assert frame[["STUDYID", "DOMAIN"]].drop_duplicates().values.tolist() == [["ST", "XX"]]
    assert vitals(variables=VITALS + "\nSUBJID text")[0]["SUBJID"].tolist() == ["0101"] * 3 + ["0102"] * 2
    assert frame.columns.tolist() == [line.split()[0] for line in VITALS.splitlines()] + [
        "WORSE", "_FORM", "_FILE", "_LINE", "_RECORD"]


@pytest.mark.parametrize(("row", "where", "cure"), [
    ("V | | XXDTC | assign | |", "line 2 (V XXDTC)", "see the rules in docs/specs/mapping.md"),
    ("V | | XXDTC | assign_ct | DAT |", "line 2 (V XXDTC)", "use assign, or lookup and name the codelist"),
    ("V | | XXSTRESN | hardcode | warm |", "line 2 (V XXSTRESN)", "write a number"),
    ("V | | XXDTC | part | DAT / 0 |", "line 2 (V XXDTC)", "as in 1"),
    ("V | | XXDTC | part | DAT / 100 |", "line 2 (V XXDTC)", "as in 1"),
    ("V | | XXDTC | part | DAT / 2 3 |", "line 2 (V XXDTC)", "see the rules in docs/specs/mapping.md"),
    ("V | | | records | TEMP |", "line 2 (V records)", "see the rules in docs/specs/mapping.md"),
    ("V | | | answered | TEMP HEAT |", "line 2 (V records)", "known are: _FILE, _FORM, _LINE, _RECORD, _SITE"),
])
def test_a_slip_is_told_with_its_place_and_cure(row, where, cure):
    with pytest.raises(TrialError) as error:
        vitals(sheet=row)
    assert error.value.where == f", {where}"
    assert error.value.cure.startswith(cure) or "HEAT" in row


@pytest.mark.parametrize("number", ["5", "-5", "0.5", "12.25"])
def test_a_number_may_be_written_into_the_sheet(number):
    frame, _ = vitals(sheet=f"V | | XXSTRESN | hardcode | {number} |")
    assert frame["XXSTRESN"].tolist() == [float(number)] * 3


def test_a_part_may_be_the_first_to_the_ninety_ninth():
    for nth, expected in ((1, "36"), (2, "6"), (99, None)):
        frame, _ = vitals(sheet=f"V | | XXDTC | part | TEMP . {nth} |", records="SUBJECT|DAT|TEMP|PULSE\n0101|.|36.6|.")
        assert frame["XXDTC"].astype(object).where(frame["XXDTC"].notna(), None).tolist() == [expected]


def test_a_sheet_without_one_of_its_columns_is_told_what_the_header_is():
    with pytest.raises(TrialError) as error:
        read_sheet(grid("form | block | target | rule | source\nV | | XXDTC | assign | DAT"), None, "sheet.csv")
    assert error.value.what == "The sheet lacks the column where."
    assert error.value.where == "sheet.csv, line 1"
    assert error.value.cure == "the header is form,block,target,rule,source,where"


@pytest.mark.parametrize(("row", "what", "cure"), [
    ("W | | XXDTC | assign | DAT |", "unknown form W", "known are: DTH, IC, V"),
    ("V | | XXDTX | assign | DAT |", "the target XXDTX is not in the domain's spec", "XXDTC"),
    ("V | | XXDTC | asign | DAT |", "unknown rule asign", "did you mean assign"),
    ("V | | XXDTC | assign | DAY |", "V has no field DAY", "DAT"),
    ("V | | XXDTC | assign | |", "the rule assign takes field as source", "docs/specs/mapping.md"),
    ("V | | XXTESTCD | lookup | TEMP TEST |", "unknown codelist TEST", "TESTS"),
    ("V | | XXDTC | assign_ct | DAT |", "XXDTC has no codelist", "lookup"),
    ("V | | XXDTC | part | DAT / x |", "takes a number from 1 to 99, not x", "as in 1"),
    ("V | | XXSTRESN | hardcode | warm |", "XXSTRESN holds numbers, not 'warm'", "a number"),
    ("V | | XXSTRESN | hardcode | 1 2 |", "XXSTRESN holds numbers, not '1 2'", "a number"),
    ("V | | XXSEQ | hardcode | warm |", "XXSEQ holds numbers, not 'warm'", "a number"),
    ("V | | | record | |", "unknown rule record", "did you mean records"),
    ('V | | XXDTC | assign | DAT | TMP == "1"', "names the unknown field TMP", "TEMP"),
    ("V | | XXDTC | assign | DAT | TEMP + 1 > 2", "cannot be read", "what needs more is a function"),
    ("V | | XXDTC | assign | DAT | TEMP ==", "cannot be read", 'FIELD == "VALUE"'),
    ("V | | XXDTC | assign | DAT | open('x')", "cannot be read", 'FIELD == "VALUE"'),
])  # fmt: skip
def test_a_slip_in_a_sheet_names_the_line_the_word_and_the_cure(row, what, cure):
    with pytest.raises(TrialError) as error:
        vitals(sheet=row)
    assert "line 2" in error.value.where and what.casefold() in error.value.what.casefold() and cure in error.value.cure


def test_the_mapping_leaves_the_raw_records_as_they_are():
    raw = {"V": raw_form("V", RECORDS), "IC": raw_form("IC", "_SUBJECT | ICDAT")}
    raw |= {"DTH": raw_form("DTH", "_SUBJECT | DTHDAT")}
    before = {name: rows.copy() for name, rows in raw.items()}
    inputs = MappingInputs(STUDY, TERMS, spec(VITALS, "STUDYID USUBJID XXSEQ"), "2026-06-30", NO_CUT, VISITS, 30.4375)
    mapped("XX", grid("form | block | target | rule | source | where" + SHEET), raw, inputs)
    for name, rows in raw.items():
        pd.testing.assert_frame_equal(before[name], rows)


@pytest.mark.parametrize(("files", "where"), [
    ({}, ", line 1"), ({"tests_file": "xx_tests.csv"}, "xx_tests.csv, line 1"),
])  # fmt: skip
def test_a_table_of_tests_without_one_of_its_columns_is_told_with_its_file(files, where):
    raw = {name: raw_form(name, text) for name, text in (("V", RECORDS), ("IC", CONSENT), ("DTH", "_SUBJECT | DTHDAT"))}
    inputs = MappingInputs(STUDY, TERMS, spec(VITALS, "STUDYID USUBJID XXSEQ"), "2026-06-30", NO_CUT, VISITS, 30.4375,
                           tests=grid("form | field\nV | TEMP"), **files)  # fmt: skip
    with pytest.raises(TrialError) as error:
        mapped("XX", grid("form | block | target | rule | source | where" + SHEET), raw, inputs)
    assert (error.value.what, error.value.where) == ("The table of tests lacks the column test.", where)
