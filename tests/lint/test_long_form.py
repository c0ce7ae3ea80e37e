"""Each kind of slip in a table of tests is said with file, line, column and cure, before anything is built."""

import pytest

from pipeline.engine.mapping_sheets import domain_forms
from pipeline.lint.report import lint
from pipeline.study.specs import load_specs

SHEET = "form,block,target,rule,source,where\nVIT,*,VSDTC,assign_datetime,VISDAT,\n"
TESTS = """form,field,test,list,unit,result
VIT,TEMP,TEMP,,C,number
VIT,PULSE,HR,,beats/min,number
"""
CONTRACT = """form: VIT
system: false
subject: {column: PAT}
record: [PAT]
fields:
  PAT: {type: text}
  VISDAT: {type: date}
  TEMP: {type: decimal}
  PULSE: {type: integer}
  SICK: {type: coded, codelist: SICK, companion: false}
"""


@pytest.fixture
def vitals(small):
    """The small study with a domain of two tests; the table of tests is given by each test."""
    folder = small / "specs" / "small"
    study = folder / "study.yaml"
    study.write_text(study.read_text().replace(", vs]", "]"))
    (folder / "raw" / "vit.yaml").write_text(CONTRACT)
    lists = folder / "raw" / "_codelists.csv"
    lists.write_text(lists.read_text() + "SICK,Y,Yes\nSICK,N,No\nSICK,P,Perhaps\n")
    (folder / "mapping" / "vs.csv").write_text(SHEET)

    def said(tests, sheet=SHEET):
        (folder / "mapping" / "vs.csv").write_text(sheet)
        (folder / "mapping" / "vs_tests.csv").write_text(tests)
        told = [p.text().removeprefix("specs/small/mapping/") for p in lint(small, "small")[0]]
        return [text for text in told if "mapped to nothing" not in text]

    return said


def test_a_table_in_order_raises_nothing_and_its_fields_are_covered(vitals, small):
    assert vitals(TESTS) == []
    assert "  VIT         4 of   5 fields; not used: SICK" in lint(small, "small")[1]
    assert domain_forms(load_specs(small, "small"), "vs") == ["VIT"]


SLIPS = {
    "a lost column": ("form,field,test,list,unit,result", "form,field,test,list,unit,results",
                      "vs_tests.csv:1:1 error: the column result is missing; the header is form,field,test"),
    "an unknown form": ("VIT,TEMP", "VID,TEMP", "vs_tests.csv:2:1 error: unknown form VID; did you mean VIT?"),
    "an unknown field": ("VIT,TEMP", "VIT,TEMPO", "vs_tests.csv:2:5 error: VIT has no field TEMPO; did you mean TEMP?"),
    "an unknown test": ("TEMP,TEMP", "TEMP,TEMPP",
                        "vs_tests.csv:2:10 error: the test 'TEMPP' is not in the codelist VSTESTCD; did you mean TEMP"),
    "no test": ("TEMP,TEMP", "TEMP,", "vs_tests.csv:2:10 error: the row names no test; write the code"),
    "an unknown unit": ("beats/min", "beats/mn",
                        "vs_tests.csv:3:15 error: the unit 'beats/mn' is not in the codelist VSRESU; did you mean"),
    "an unknown list": ("VIT,PULSE,HR,", "VIT,PULSE,HR,GRADE01",
                        "vs_tests.csv:3:14 error: unknown codelist GRADE01; did you mean"),
    "an unknown result": ("C,number", "C,numbers",
                          "vs_tests.csv:2:18 error: unknown result 'numbers'; did you mean number?"),
    "a list of a date": ("VIT,PULSE,HR,,beats/min,number", "VIT,VISDAT,HR,NY,,date",
                         "vs_tests.csv:3:15 error: a date has no list; leave the list empty"),
    "a list without numbers": ("VIT,PULSE,HR,,beats/min,number", "VIT,SICK,HR,NY,,number",
                               "vs_tests.csv:3:5 error: VSSTRESN holds numbers, but the codelist NY has"),
    "a test on two lines": ("VIT,PULSE,HR", "VIT,PULSE,TEMP",
                            "vs_tests.csv:3:11 error: the test TEMP of VIT stands on line 2 too; keep one of them"),
    "a value of no term": ("VIT,PULSE,HR,,beats/min,number", "VIT,SICK,HR,NY,,text",
                           "vs_tests.csv:3:5 warning: NY has no term for Perhaps of SICK (list SICK); add it to the"),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_said_with_file_line_column_and_cure(vitals, case):
    before, after, expected = SLIPS[case]
    assert before in TESTS
    said = vitals(TESTS.replace(before, after))
    assert any(text.startswith(expected) for text in said), said


def test_a_target_that_the_sheet_makes_too_is_an_error_of_the_table(vitals):
    said = vitals(TESTS, SHEET + "VIT,TEMP,VSTESTCD,hardcode,TEMP,\n")
    assert any(text.startswith("vs_tests.csv:2:10 error: VSTESTCD of VIT TEMP stands in") for text in said), said


def test_a_table_of_tests_without_its_sheet_is_an_error(vitals, small):
    assert vitals(TESTS) == []
    (small / "specs" / "small" / "mapping" / "vs.csv").unlink()
    study = small / "specs" / "small" / "study.yaml"
    study.write_text(study.read_text().replace("tu]", "tu, vs]"))
    said = [p.text().removeprefix("specs/small/mapping/") for p in lint(small, "small")[0]]
    assert any("The tests of VS have no mapping sheet beside them" in text for text in said), said


def test_a_row_of_empty_cells_raises_nothing(vitals):
    assert vitals(TESTS + ",,,,,\n") == []


def test_a_table_without_rows_is_an_error(vitals):
    assert any("has no rows" in text for text in vitals(TESTS.splitlines()[0] + "\n"))
