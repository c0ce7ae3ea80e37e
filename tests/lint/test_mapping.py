"""Rows of mapping sheets against contracts and terminology: numbers without quotes, known states of results."""

import pytest

from pipeline.lint.report import lint

SHEET = "specs/small/mapping/dm.csv"
LISTS = "raw/_codelists.csv"


def told(small, written, wrong):
    path = small / SHEET
    path.write_text(path.read_text().replace(written, wrong))
    return [problem.text() for problem in lint(small, "small")[0] if problem.file == SHEET]


@pytest.mark.parametrize(("where", "said"), [
    ("AGE >= 18", []),
    ("AGE in [18, 65.5]", []),
    ('AGE != ""', []),
    ("AGE < AGE", []),
    ('AGE == "18"', ['4:27 warning: AGE holds a number, "18" is a text; write 18 without quotes']),
    ('AGE == "old"', ['4:27 error: AGE holds a number, "old" is a text; text stands in quotes, a number does not']),
    ("PAT >= 18", ["4:27 error: PAT holds a text, 18 is a number; text stands in quotes, a number does not"]),
    ("AGE > PAT", ["4:27 error: AGE holds a number, PAT is a text; compare two numbers, or two texts"]),
])  # fmt: skip
def test_a_number_of_the_contract_is_compared_with_a_number(small, where, said):
    cell = 'DM,,AGE,assign_number,AGE,"' + where.replace('"', '""') + '"'
    assert told(small, "DM,,AGE,assign_number,AGE,", cell) == [f"{SHEET}:{one}" for one in said]


@pytest.mark.parametrize(("values", "said"), [
    ("STAT,1,Final\nSTAT,2,Amended\nSTAT,3,Cancelled\n", []),
    ("STAT,F,Valid\nSTAT,X,Void\n", []),
    ("STAT,1,Done\nSTAT,2,Final\n", [
        f"{SHEET}:5:15 warning: RESSTAT has no term for 1 of STATE (list STAT); add it to the study's codelists.csv: "
        "RESSTAT,N,1,SUBMISSION VALUE,,"]),
])  # fmt: skip
def test_a_state_of_results_that_the_codelist_does_not_know_is_told(small, values, said):
    folder = small / "specs" / "small"
    (folder / LISTS).write_text((folder / LISTS).read_text() + values)
    contract = (folder / "raw" / "dm.yaml").read_text()
    (folder / "raw" / "dm.yaml").write_text(contract + "  STATE: {type: coded, codelist: STAT, companion: false}\n")
    row = "DM,,AGE,assign_number,AGE,\nDM,,,reported,PAT STATE,\n"
    assert told(small, "DM,,AGE,assign_number,AGE,\n", row) == said
