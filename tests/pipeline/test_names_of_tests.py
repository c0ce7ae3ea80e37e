"""What a test is called: by the terminology, else by the sheet; a test without a name is one finding with its cure."""

from pathlib import Path

import pandas as pd
import pytest
from small_study import CONSENT, NO_CUT, STUDY, VISITS, grid, raw_form
from small_study import spec as small_spec

from pipeline.engine.schema import conform
from pipeline.study.specs import load_specs
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs

VARIABLES = "STUDYID text\nUSUBJID text\nXXSEQ integer\nXXTESTCD text XXTESTCD\nXXTEST text"
SHEET = "form | block | target | rule | source | where\nIE | | XXTESTCD | assign | CODE |\n"
TERMS = pd.DataFrame({"codelist": ["XXTESTCD"], "extensible": ["N"], "collected": [None], "submission": ["I01"],
                      "code": [None], "label": ["Age 12 to 70"]})  # fmt: skip


@pytest.mark.parametrize(("row", "names"), [
    ("", ["Age 12 to 70", None]), ("IE | | XXTEST | assign | TEXT |", ["Age 12 to 70", "Life expectancy"]),
], ids=["by the terminology", "else by the sheet"])  # fmt: skip
def test_the_name_of_a_test_is_that_of_the_terminology_else_what_the_sheet_says(row, names):
    raw = {"IE": raw_form("IE", "SUBJECT | CODE | TEXT\n0101 | I01 | Age\n0101 | I02 | Life expectancy"),
           "IC": raw_form("IC", CONSENT), "DTH": raw_form("DTH", "_SUBJECT | DTHDAT")}  # fmt: skip
    inputs = MappingInputs(STUDY, TERMS, small_spec(VARIABLES, "STUDYID USUBJID XXSEQ"), "2026-06-30", NO_CUT, VISITS,
                           30.4375, sheet_file="xx.csv")  # fmt: skip
    frame, *_ = mapped("xx", grid(SHEET + row), raw, inputs)
    assert frame["XXTEST"].astype("object").where(frame["XXTEST"].notna(), None).tolist() == names


def test_a_test_without_a_name_is_one_finding_that_names_the_file_and_column_to_fill():
    spec = load_specs(Path(__file__).parents[2], "iomab_act").datasets["ie"]
    frame = pd.DataFrame({name: ["X"] * 3 for name in spec.names}, dtype="str")
    frame = frame.assign(IESEQ=[1, 2, 3], VISITNUM=1.0, IETESTCD=["I01", "I01", "E02"], IETEST=None)
    _, found = conform(frame, spec, TERMS)
    assert found[["check", "field", "value"]].to_numpy().tolist() == [
        ["DATA-REQUIRED", "IETEST", "E02"], ["DATA-REQUIRED", "IETEST", "I01"]]  # fmt: skip
    assert found["message"].iloc[1] == (
        "IETEST of I01 is empty on 2 records: nothing says what the test is called. Add it to the study's "
        "codelists.csv, its name under label: IETESTCD,Y,,I01,,NAME; or map IETEST in mapping/ie.csv."
    )
