"""Slips in the sheet of reference ranges, and forms of no subject that are taken for records of subjects."""

from pathlib import Path

import pytest

from pipeline.lint.reference_ranges import check_ranges
from pipeline.manual.example import lay_out
from pipeline.study.specs import load_specs

ROOT = Path(__file__).parents[2]
CONTRACT = """
form: NR
file: NR.csv
system: false
subject: none
record: [TEST]
fields: {TEST: {type: text}, LOW: {type: text}}
"""
HEAD = "form,block,target,rule,source,where\n"
TEST, LOW = "NR,,LBTESTCD,assign_ct,TEST,\n", "NR,,LBORNRLO,assign,LOW,\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    home = tmp_path_factory.mktemp("ranges")
    folder = lay_out(ROOT, home)
    (folder / "raw" / "nr.yaml").write_text(CONTRACT)
    return home, folder


NO_TEST = "2:5 error: the ranges of NR have no LBTESTCD: no result would take a limit from them; add the row "
NO_LIMIT = NO_TEST.replace("LBTESTCD", "LBORNRLO or LBORNRHI")
NOBODY = "2:1 error: NR is of no subject: no records of MI can be made of it; map it in mapping/reference_ranges.csv, "


@pytest.mark.parametrize(("sheet", "rows", "said"), [
    ("reference_ranges.csv", TEST + LOW, []),
    ("reference_ranges.csv", LOW, [NO_TEST + "NR,,LBTESTCD,RULE,FIELD,"]),
    ("reference_ranges.csv", TEST, [NO_LIMIT + "NR,,LBORNRLO,RULE,FIELD,"]),
    ("mi.csv", "NR,,MITESTCD,assign,TEST,\n", [NOBODY + "or say whose it is"]),
])  # fmt: skip
def test_a_range_names_its_test_and_a_limit_and_is_nobodys_record(study, sheet, rows, said):
    home, folder = study
    path = folder / "mapping" / sheet
    path.write_text(HEAD + rows)
    try:
        problems = [one.text() for one in check_ranges(load_specs(home, "example"))]
    finally:
        path.unlink()

    assert [text.removeprefix(f"specs/example/mapping/{sheet}:") for text in problems] == said
