"""units.csv: results of every findings domain, limits and doses in standard units; what has none is told."""

import pandas as pd
import pytest
from small_study import CONSENT, NO_CUT, STUDY, TERMS, VISITS, grid, raw_form, spec

from sdtm.findings import added_up, gathered
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs
from sdtm.units import in_standard_units, units_met

HEAD = "domain | test | from | to | factor | offset | decimals\n"
UNITS = grid(HEAD + """
    VS | WEIGHT | kg   | kg   | 1
    VS | WEIGHT | lb   | kg   | 0.45359237
    VS | TEMP   | C    | C    | 1
    VS | TEMP   | F    | C    | 0.555555555555556 | -17.777777777777778 | 2
    VS | RATIO  | .    | 1    | 1
    VS | .      | 10^8 | 10^6 | 100
    EX | .      | 10^8 | 10^6 | 100
    EX | CELLS  | 10^6 | 10^6 | 1
""")


def results(rows, units=UNITS, met=None):
    """--STRESC, --STRESN, --STRESU and the values found fault with, of VS records TEST, result, unit, sheet's unit."""
    frame = grid("VSTESTCD | VSORRES | VSORRESU | VSSTRESU | _UNIT_FIELD\n" + rows)
    frame = frame.assign(VSSTRESC=frame["VSORRES"], VSSTRESN=pd.to_numeric(frame["VSORRES"], errors="coerce"),
                         _FORM="V", _LINE=2, _RECORD="1", _SUBJECT="0101")  # fmt: skip
    made, findings = in_standard_units(frame, "VS", units, met)
    told = made[["VSSTRESC", "VSSTRESN", "VSSTRESU"]].astype("object").where(made.notna(), None)
    return told.to_numpy().tolist(), gathered(findings)[["field", "value"]].to_numpy().tolist()


# Pound and inch by definition (0.45359237 kg, 2.54 cm); 98.6 F is 37 C and 100.4 F is 38 C; -40 is the same in both.
@pytest.mark.parametrize(("record", "expected"), [
    ("WEIGHT | 201.3 | lb | kg | WTU", ["91.308144", 91.308144, "kg"]),
    ("WEIGHT | 201.3 | lb | . | WTU", ["91.308144", 91.308144, "kg"]),
    ("WEIGHT | 70.0 | kg | . | WTU", ["70.0", 70.0, "kg"]),
    ("TEMP | 98.6 | F | . | TU", ["37", 37.0, "C"]), ("TEMP | 100.4 | F | . | TU", ["38", 38.0, "C"]),
    ("TEMP | -40 | F | . | TU", ["-40", -40.0, "C"]), ("TEMP | <96.8 | F | . | TU", ["<36", None, "C"]),
    ("DOSE | 1.5 | 10^8 | . | U", ["150", 150.0, "10^6"]), ("RATIO | 1.1 | . | . | U", ["1.1", 1.1, "1"]),
    ("TEMP | not done | . | . | TU", ["not done", None, None]),
    ("PULSE | 70 | /min | . | .", ["70", 70.0, "/min"]), ("PULSE | 70 | . | /min | .", ["70", 70.0, "/min"]),
    ("SCORE | 3 | . | . | .", ["3", 3.0, None]), ("PULSE | 70 | /min | /min | PU", ["70", 70.0, "/min"]),
    ("PULSE | 70 | /min | . | PU", ["70", 70.0, "/min"]), ("SCORE | 3 | . | . | U", ["3", 3.0, None]),
])  # fmt: skip
def test_a_result_is_turned_by_its_row_or_stands_in_the_one_unit_there_is(record, expected):
    assert ([expected], []) == results(record)


@pytest.mark.parametrize(("record", "expected"), [
    ("WEIGHT | 14 | stone | kg | WTU", ["WTU", "stone"]), ("WEIGHT | 80 | . | kg | WTU", ["WTU", ""]),
    ("WEIGHT | 80 | . | . | WTU", ["WTU", ""]), ("WEIGHT | 80 | kg | lb | WTU", ["WTU", "kg"]),
    ("PULSE | 70 | /min | /h | .", ["VSORRESU", "/min"]),
    ("PULSE | <70 | /s | /min | PU", ["PU", "/s"]), ("TEMP | 5 | . | . | .", ["VSORRESU", ""]),
])  # fmt: skip
def test_a_unit_that_is_not_the_standard_one_and_has_no_row_is_a_finding_and_counts_nowhere(record, expected):
    assert ([[None, None, None]], [expected]) == results(record)


@pytest.mark.parametrize(("records", "standing", "found"), [
    ("TCM | 5 | % | . | U\nTCM | <1 | % | . | U\nTEM | 7 | /uL | . | U", [["5", 5.0, "%"], ["<1", None, "%"],
                                                                     ["7", 7.0, "/uL"]], []),
    ("TCM | 5 | % | . | U\nTCM | 7 | . | . | U", [["5", 5.0, "%"], [None, None, None]], [["U", ""]]),
    ("TCM | 5 | % | . | U\nTCM | 7 | /uL | . | U", [[None, None, None]] * 2, [["U", "%"], ["U", "/uL"]]),
    ("TCM | 5 | % | . | .\nTCM | 7 | /uL | . | .", [[None, None, None]] * 2, [["VSORRESU", "%"], ["VSORRESU", "/uL"]]),
    ("TCM | 5 | 10^8 | . | U\nTCM | 7 | 10^6 | . | U", [["500", 500.0, "10^6"], ["7", 7.0, "10^6"]], []),
], ids=["one unit each", "one unit, and none said", "two units", "two units that sheets say", "one unit once turned"])
def test_a_test_that_no_one_gives_a_standard_unit_stands_in_the_only_unit_it_has(records, standing, found):
    assert results(records) == (standing, found)


def test_a_domain_without_records_has_no_results_and_nothing_is_asked_of_it():
    assert results("") == ([], [])


def test_a_result_in_the_standard_unit_needs_no_row_of_its_own():
    only_fahrenheit = UNITS[(UNITS["from"] != "C")]
    assert results("TEMP | 37.2 | C | . | TU", only_fahrenheit) == ([["37.2", 37.2, "C"]], [])


def doses(rows, domain="EX"):
    """Dose, unit and planned dose, and values found fault with, of records treatment, dose, unit, planned dose."""
    test = {"EX": "EXTRT", "CM": "CMDECOD"}[domain]
    frame = grid(f"{test} | {domain}DOSE | {domain}DOSU | PLANDOSE | _UNIT_FIELD\n" + rows)
    frame[f"{domain}DOSE"] = pd.to_numeric(frame[f"{domain}DOSE"])
    frame = frame.assign(_FORM="F", _LINE=2, _RECORD="1", _SUBJECT="0101")
    made, findings = in_standard_units(frame, domain, UNITS)
    told = made[[f"{domain}DOSE", f"{domain}DOSU", "PLANDOSE"]].astype("object").where(made.notna(), None)
    return told.to_numpy().tolist(), gathered(findings)["value"].tolist()


@pytest.mark.parametrize(("record", "expected"), [
    ("CELLS | 1.2 | 10^8 | 2.0 | U", ([[120.0, "10^6", "200"]], [])),
    ("CELLS | 80 | 10^6 | 100 | U", ([[80.0, "10^6", "100"]], [])),
    ("CELLS | 2 | 10^6/kg | . | U", ([[None, "10^6/kg", None]], ["10^6/kg"])),  # per weight is no amount
    ("FLUDARABINE | 50 | mg | 60.0 | .", ([[50.0, "mg", "60.0"]], [])),
    ("OTHER | 1 | mg | . | U\nOTHER | 1 | g | . | U", ([[1.0, "mg", None], [1.0, "g", None]], ["g"])),
])  # fmt: skip
def test_doses_are_turned_and_those_that_cannot_be_added_are_told(record, expected):
    assert expected == doses(record)


DOSES = """EXTRT | EXDOSE | EXDOSU | _UNIT_FIELD | _FORM | _LINE | _SUBJECT
X | 1 | g | BU | B | 2 | 1
Y | 1 | mg | AU | A | 2 | 1
X | . | pint | AU | A | 3 | 1
X | 1 | mg | AU | A | 9 | 2
X | 1 | mg | AU | A | 4 | 3
X | 1 | mg | BU | B | 3 | 4
X | 1 | g | AU | A | 5 | 5"""
MIXED = ("SDTM-UNIT", "A", "", "AU", "g",
         "Doses of X are in g and mg, which cannot be added. Correct the unit, or add a row to units.csv: "
         "EX,X,g,mg,FACTOR,,. (5 records, first A4, A5, A9)")  # fmt: skip


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_doses_in_several_units_are_told_once_of_all_subjects_and_forms_in_however_many_parts(parts):
    rows = grid(DOSES)
    rows = rows.assign(EXDOSE=pd.to_numeric(rows["EXDOSE"]), _LINE=rows["_LINE"].astype("int64"))
    rows["_RECORD"] = rows["_FORM"] + rows["_LINE"].astype("str")
    pieces = [piece for _, piece in rows.groupby(rows["_SUBJECT"].astype("int64") % parts)]
    met = pd.concat([units_met(piece, "EX", UNITS) for piece in pieces])
    found = added_up(gathered(in_standard_units(piece, "EX", UNITS, met)[1]) for piece in pieces)

    assert [tuple(row) for row in found[["check", "form", "record", "field", "value", "message"]].to_numpy()] == [MIXED]
    pd.testing.assert_frame_equal(found, added_up(in_standard_units(rows, "EX", UNITS)[1]))


def test_a_medication_in_several_units_is_natural():
    assert doses("X | 1 | mg | . | U\nX | 1 | g | . | U", "CM") == ([[1.0, "mg", None], [1.0, "g", None]], [])


VARIABLES = """STUDYID text
USUBJID text
XXSEQ integer
XXTESTCD text TESTS
XXTEST text
XXORRES text
XXORRESU text
XXSTRESC text
XXSTRESN number
XXSTRESU text"""


@pytest.mark.parametrize(("unit", "expected", "found"), [
    ("F", ["98.6", "37", 37.0], []),  # the unit itself
    ("TU", ["98.6", "37", 37.0], []),  # the field that holds it
])  # fmt: skip
def test_the_unit_of_a_table_of_tests_is_a_unit_or_the_field_that_holds_it(unit, expected, found):
    raw = {"V": raw_form("V", "SUBJECT | TEMP | TU\n0101 | 98.6 | F"), "IC": raw_form("IC", CONSENT),
           "DTH": raw_form("DTH", "_SUBJECT | DTHDAT")}  # fmt: skip
    tests = grid(f"form | field | test | list | unit | result\nV | TEMP | TEMP | . | {unit} | number")
    inputs = MappingInputs(
        STUDY, TERMS, spec(VARIABLES, "STUDYID USUBJID XXTESTCD XXSEQ"), "2026-06-30", NO_CUT, VISITS, 30.4375,
        tests=tests, units=UNITS.assign(domain="XX"), sheet_file="xx.csv", tests_file="xx_tests.csv")  # fmt: skip
    sheet = grid("form | block | target | rule | source | where")
    made, findings, _ = mapped("xx", sheet, raw, inputs)

    assert expected == made.iloc[0][["XXORRES", "XXSTRESC", "XXSTRESN"]].tolist()
    assert found == findings["value"].tolist()


# PULSE has no standard unit: it stands in the only unit that its results have, here and in other parts of the subjects.
@pytest.mark.parametrize(("met", "expected"), [
    ("PULSE | /min", ["70", 70.0, "/min"]), ("PULSE | /min\nPULSE | /s", [None, None, None]),
    ("OTHER | /min\nOTHER | /s\nPULSE | /min", ["70", 70.0, "/min"]),
])  # fmt: skip
def test_what_the_units_of_a_test_are_is_told_by_all_subjects_where_these_are_some(met, expected):
    assert results("PULSE | 70 | /min | . | PU", met=grid("TEST | UNIT\n" + met))[0] == [expected]


@pytest.mark.parametrize(("record", "expected"), [
    ("PULSE | 70 | /min | . | PU", ["PULSE", "/min", True]), ("WEIGHT | 70 | lb | . | WTU", ["WEIGHT", "kg", False]),
    ("PULSE | not done | /min | . | PU", ["PULSE", None, True]),
])  # fmt: skip
def test_the_units_met_are_those_of_counted_results_after_they_were_turned(record, expected):
    frame = grid("VSTESTCD | VSORRES | VSORRESU | VSSTRESU | _UNIT_FIELD\n" + record)
    number = pd.to_numeric(frame["VSORRES"], errors="coerce")
    met = units_met(frame.assign(VSSTRESC=frame["VSORRES"], VSSTRESN=number), "VS", UNITS)

    assert met.astype("object").where(met.notna(), None).to_numpy().tolist() == [expected]
