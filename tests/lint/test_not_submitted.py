"""What goes to no domain is listed with its reason; a slip in that list is told with its place and cure."""

import pytest

from pipeline.lint.report import lint

TABLE, CONTRACT = "specs/small/not_submitted.csv", "specs/small/raw/fu.yaml"


@pytest.mark.parametrize(("row", "said"), [
    ("FU,CAUSE,told on another page", []),
    ("FU,*,pages of another study", ["2:4 error: FU is mapped (specs/small/mapping/dd.csv); take it out of one of "
                                     "the two"]),
    ("NOTES.csv,*,a note", []),
    ("FUP,CAUSE,x", ["2:1 error: there is no form FUP; did you mean FU?; a file that no contract knows goes by its "
                     "name: NOTES.csv"]),
    ("FU,CAUS,x", ["2:4 error: FU has no field CAUS; did you mean CAUSE?"]),
    ("*,STATE,kept by the database", []),
    ("*,CAUSE,x", ["2:3 error: no column CAUSE stands in every form; known are: STATE"]),
    ("FU,CAUSE,", ["2:10 error: a field is not submitted for a reason; say it"]),
    ("FU,DTHDT,x", ["2:4 error: FU DTHDT is mapped (specs/small/mapping/dd.csv); take it out of one of the two"]),
    ("FU,CAUSE,x\nFU,CAUSE,y", ["3:1 error: FU CAUSE stands on line 2 too; keep one of them"]),
])  # fmt: skip
def test_a_row_names_a_field_that_nobody_maps_and_says_why(small, row, said):
    (small / TABLE).write_text(f"FORM,FIELD,REASON\n{row}\n")
    (small / "specs/small/raw/_system.yaml").write_text("columns:\n  STATE: {label: State, type: text}\n")
    vs = "form: VS\nfields:\n  TEMP: {type: decimal}\nsubject: {column: STATE}\nrecord: [STATE]\n"
    (small / "specs/small/raw/vs.yaml").write_text(vs)
    study = small / "specs/small/study.yaml"
    study.write_text(study.read_text().replace("dd, ", ""))
    (small / "specs/small/mapping/dd.csv").write_text(
        "form,block,target,rule,source,where\nFU,,DDTESTCD,hardcode,PRCDTH,\nFU,,DDORRES,hardcode,X,\n"
        "FU,,DDSTRESC,hardcode,X,\nFU,,DDDTC,assign_datetime,DTHDT,\n")
    found = [problem.text() for problem in lint(small, "small")[0]]
    assert [one for one in found if one.startswith(TABLE)] == [f"{TABLE}:{one}" for one in said], found


def test_a_field_listed_there_is_not_told_as_mapped_to_nothing(small):
    (small / TABLE).unlink()
    assert CONTRACT in [problem.file for problem in lint(small, "small")[0]]
    (small / TABLE).write_text("FORM,FIELD,REASON\nFU,CAUSE,told on another page\n")
    assert CONTRACT not in [problem.file for problem in lint(small, "small")[0]]
