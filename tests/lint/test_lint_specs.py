"""Each kind of mistake in a study's folder is said with file, line and column; a folder in order raises nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.lint.report import lint
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
HEAD = "codelist,extensible,collected,submission,code,label\n"


def test_a_folder_in_order_has_no_problems_and_says_what_it_covers(small):
    problems, covered = lint(small, "small")
    assert [p.text() for p in problems] == []
    assert "  DM          3 of   3 fields" in covered
    assert any(line.endswith("; not used: CAUSE") for line in covered)  # PAT is the subject, DTHDT stands in study.yaml


def test_codes_that_differ_by_case_and_text_are_two_codes(small):
    lists = small / "specs" / "small" / "raw" / "_codelists.csv"
    lists.write_text(lists.read_text() + "LBUNIT,g/L,g/L\nLBUNIT,G/L,G/L\n")

    assert [p.text() for p in lint(small, "small")[0]] == []


# file, what is written for what, and the message with its place
MISTAKES = {
    "a misspelt word of study.yaml": (
        "study.yaml",
        "cutoff:",
        "cutof:",
        "study.yaml:4:1 error: The file has the unknown word 'cutof'; did you mean cutoff?",
    ),
    "a place that leads nowhere": (
        "study.yaml",
        "FU.DTHDT",
        "FU.DTHDAT",
        "study.yaml:3:1 error: death names FU.DTHDAT, which no raw contract has",
    ),
    "a missing word": ("study.yaml", "arm: {code: A, label: Arm}", "", "study.yaml:1:1 error: study.yaml lacks `arm:`"),
    "broken YAML": ("study.yaml", "study: S", "study: [S", "study.yaml:2"),
    "a misspelt decision": (
        "decisions.yaml",
        "MISSED_VISITS",
        "MISED_VISITS",
        "decisions.yaml:1:1 error: unknown decision 'MISED_VISITS'; did you mean MISSED_VISITS",
    ),
    "a decision of the wrong type": (
        "decisions.yaml",
        ": 3",
        ": some",
        "decisions.yaml:1:1 error: Decision MISSED_VISITS cannot be 'some'; it is of type integer",
    ),
    "a misspelt type": (
        "raw/dm.yaml",
        "type: integer",
        "type: interger",
        "raw/dm.yaml:8:9 error: unknown type 'interger' of AGE; did you mean integer?",
    ),
    "an unknown list": (
        "raw/dm.yaml",
        "codelist: SEX",
        "codelist: SEKS",
        "raw/dm.yaml:7:22 error: the codelist SEKS of SEX is not in raw/_codelists.csv",
    ),
    "a coded field without a list": (
        "raw/dm.yaml",
        "codelist: SEX, ",
        "",
        "raw/dm.yaml:7:3 error: SEX is coded without a codelist",
    ),
    "a range the wrong way round": (
        "raw/dm.yaml",
        "[18, 99]",
        "[99, 18]",
        "raw/dm.yaml:8:24 error: the range of AGE must be two numbers",
    ),
    "a record key nobody has": (
        "raw/dm.yaml",
        "record: [PAT]",
        "record: [PATNO]",
        "raw/dm.yaml:4:10 error: record names the column PATNO",
    ),
    "a misspelt word of a field": (
        "raw/dm.yaml",
        "companion:",
        "companian:",
        "raw/dm.yaml:7:37 error: `fields.SEX` has the unknown word 'companian'; did you mean companion",
    ),
    "a code twice": (
        "raw/_codelists.csv",
        "SEX,F,Female",
        "SEX,M,Female",
        "raw/_codelists.csv:3:5 error: SEX has the code M twice",
    ),
    "a form of dates that nobody knows": (
        "raw/fu.yaml",
        "system: false",
        "system: false\ndate_format: Gregorian",
        "raw/fu.yaml:3:1 error: the form of dates 'Gregorian' is not known",
    ),
    "an order that is none": (
        "raw/fu.yaml",
        "DTHDT: {type: date}",
        "DTHDT: {type: date, dates: MYD}",
        "raw/fu.yaml:7:23 error: `dates: MYD` of DTHDT is no order of day, month and year",
    ),
    "a code twice in another case": (
        "raw/_codelists.csv",
        "SEX,F,Female",
        "SEX,m,Mann",
        "raw/_codelists.csv:3:5 error: SEX has the code m twice",
    ),
    "an unknown rule": (
        "mapping/dm.csv",
        "assign_number",
        "assign_numbr",
        "mapping/dm.csv:4:9 error: unknown rule assign_numbr; did you mean assign_number",
    ),
    "an unknown target": (
        "mapping/dm.csv",
        "DM,,AGE",
        "DM,,AGEE",
        "mapping/dm.csv:4:5 error: the target AGEE is not in the domain's spec",
    ),
    "an unknown field": (
        "mapping/dm.csv",
        "assign_ct,SEX",
        "assign_ct,SEKS",
        "mapping/dm.csv:3:19 error: DM has no field SEKS",
    ),
    "an unknown form": ("mapping/dm.csv", "DM,,AGE", "DN,,AGE", "mapping/dm.csv:4:1 error: unknown form DN"),
    "a required variable without a row": (
        "mapping/dm.csv",
        "DM,,SEX,assign_ct,SEX,\n",
        "",
        "mapping/dm.csv:2:5 error: DM makes records of DM without SEX",
    ),
    "a value without a submission term": ("codelists.csv", "SEX,N,MANN,M,,Male\n", "", None),
    "a target filled twice": (
        "mapping/dm.csv",
        "DM,,AGE,assign_number,AGE,\n",
        "DM,,AGE,assign_number,AGE,\nDM,,AGE,assign_number,AGE,\n",
        "mapping/dm.csv:5:5 error: AGE of DM is filled from line 4 already",
    ),
    "a collected value with two meanings": (
        "codelists.csv",
        "SEX,N,MANN,M,,Male\n",
        "SEX,N,MANN,M,,Male\nSEX,N,MANN,F,,Female\n",
        "codelists.csv:3:12 error: MANN of SEX is M and F",
    ),
    "a window that ends before it begins": (
        "visits.csv",
        "30,25,35",
        "30,35,25",
        "visits.csv:2:23 error: the window of DAY 30 ends before it begins",
    ),
    "an unknown anchor": (
        "visits.csv",
        "CELLS",
        "CEELS",
        "visits.csv:2:14 error: unknown anchor 'CEELS'; did you mean CELLS?",
    ),
    "an unknown family": (
        "tlf/t_1.yaml",
        "categories",
        "categorys",
        "tlf/t_1.yaml:2:1 error: unknown family 'categorys'; did you mean categories",
    ),
    "an unknown variable": ("tlf/t_1.yaml", "SEX ==", "SEKS ==", "tlf/t_1.yaml:9:18 error: ADSL has no variable SEKS"),
    "a clause that cannot be read": (
        "tlf/t_1.yaml",
        "SEX ==",
        "SEX =",
        "tlf/t_1.yaml:9:18 error: The condition 'SEX = \"M\"' cannot be read",
    ),
    "a decision that is not listed": (
        "tlf/t_1.yaml",
        "count: Men",
        "count: Men @AGE_CUT",
        "tlf/t_1.yaml:9:6 error: @AGE_CUT is not under `decisions:`",
    ),
    "a headline that addresses no row": (
        "study.yaml",
        "cutoff: none",
        "headline: [{label: Men, output: T-1, row: men, column: ALL, show: '{n:x}'}]\ncutoff: none",
        "study.yaml:4:38 error: no row of T-1 has the id 'men'; give it one",
    ),
    "a headline that addresses no level": (
        "study.yaml",
        "cutoff: none",
        "headline: [{label: X, output: T-1, row: sex, level: M, column: ALL, show: '{n:x}'}]\ncutoff: none",
        "study.yaml:4:46 error: no level of T-1 has the id 'M'; give it one",
    ),
    "a level twice": (
        "tlf/t_1.yaml",
        "{count: Men, where: 'SEX == \"M\"'}",
        "{levels: Sex, variable: SEX, values: [M, {value: F, id: M}]}",
        "tlf/t_1.yaml:9:46 error: the level 'M' stands twice; give it an id of its own",
    ),
    "a level without a label": (
        "tlf/t_1.yaml",
        "{count: Men, where: 'SEX == \"M\"'}",
        "{levels: Sex, variable: SEX, values: [M, {where: 'SEX == \"F\"'}]}",
        "tlf/t_1.yaml:9:46 error: the level has no label; say `label:`",
    ),
    "two levels of one label": (
        "tlf/t_1.yaml",
        "{count: Men, where: 'SEX == \"M\"'}",
        "{levels: Sex, variable: SEX, values: [M, {value: F, label: M}]}",
        "tlf/t_1.yaml:9:46 error: two levels are called 'M'; give them labels that differ",
    ),
    "two rows of one label": (
        "tlf/t_1.yaml",
        "rows:\n",
        "rows:\n  - {count: Men, id: m, where: 'SEX == \"M\"'}\n",
        "tlf/t_1.yaml:10:5 error: two rows are called 'Men'; give them labels (and ids) that differ",
    ),
    "no rows": (
        "tlf/t_1.yaml",
        "rows:\n  - {count: Men, where: 'SEX == \"M\"'}",
        "notes: []",
        "tlf/t_1.yaml:1:1 error: an output of family categories needs `rows:`; add it",
    ),
    "a column the published table does not have": (
        "tlf/t_1.yaml",
        "rows:\n",
        "tables: [units]\npublished: {table: units, where: 'tets == \"HGB\"'}\nrows:\n",
        "tlf/t_1.yaml:9:27 error: The table units has no variable tets; did you mean test",
    ),
    "a clause on the published table that cannot be read": (
        "tlf/t_1.yaml",
        "rows:\n",
        "tables: [units]\npublished: {table: units, where: test}\nrows:\n",
        "tlf/t_1.yaml:9:27 error: The condition 'test' cannot be read",
    ),
    "no dataset": (
        "tlf/t_1.yaml",
        "datasets: [adsl]",
        "datasets: []",
        "tlf/t_1.yaml:1:1 error: the output lacks `datasets:`; add it",
    ),
    "a decision listed twice": (
        "tlf/t_1.yaml",
        "[PERCENT_MIN_N]",
        "[PERCENT_MIN_N, PERCENT_MIN_N]",
        "tlf/t_1.yaml:6:28 error: 'PERCENT_MIN_N' stands twice; take one of them away",
    ),
    "a set twice": (
        "tlf/t_1.yaml",
        "rows:\n",
        "sets: [{set: SAF}, {set: SAF}]\nrows:\n",
        "tlf/t_1.yaml:8:20 error: the set 'Safety Analysis Set' stands twice; give each its own label and id",
    ),
    "ticks that do not ascend": (
        "tlf/t_1.yaml",
        "rows:\n",
        "ticks: ['0', '6', '3']\nrows:\n",
        "tlf/t_1.yaml:8:19 error: the tick 3 is not above the one before it; months from 0 on, ascending",
    ),
    "a published table that is not listed": (
        "tlf/t_1.yaml",
        "rows:\n",
        "published: {table: review}\nrows:\n",
        "tlf/t_1.yaml:8:13 error: the table review is not under `tables:`; list it there",
    ),
    "a column called by its label": (
        "tlf/t_1.yaml",
        "where: 'SEX == \"M\"'}",
        "where: 'SEX == \"M\"', columns: [All]}",
        "tlf/t_1.yaml:9:39 error: unknown column 'All'; did you mean all?",
    ),
    "a word of another kind of row": (
        "tlf/t_1.yaml",
        "{count: Men, ",
        "{count: Men, at: '3', ",
        "tlf/t_1.yaml:9:18 error: `rows[1]` has the unknown word 'at'",
    ),
    "a row that says no kind": (
        "tlf/t_1.yaml",
        "{count: Men, ",
        "{label: Men, ",
        "tlf/t_1.yaml:9:6 error: `rows[1]` begins with 'label', which is no kind of row here",
    ),
    "a paper nobody has": (
        "study.yaml",
        "study:",
        "paper: a4\nstudy:",
        "study.yaml:1:1 error: paper is 'a4'; it must be Letter or A4; did you mean A4?",
    ),
    "a status that is none": (
        "study.yaml",
        "study:",
        "status: finl\nstudy:",
        "study.yaml:1:1 error: status is 'finl'; it must be draft or final; did you mean final?",
    ),
    "an unknown dictionary": (
        "study.yaml",
        "study:",
        "dictionaries: {medra: '27.1'}\nstudy:",
        "study.yaml:1:16 error: unknown dictionary 'medra'; did you mean meddra?",
    ),
    "a number that is not the file's": (
        "tlf/t_1.yaml",
        "output: T-1",
        "output: T-2",
        "tlf/t_1.yaml:1:1 error: T-2 is in t_1.yaml; the file's name must be t_2.yaml",
    ),
}


@pytest.mark.parametrize("case", [name for name, mistake in MISTAKES.items() if mistake[3]])
def test_a_mistake_is_said_with_file_line_and_column(small, case):
    file, before, after, expected = MISTAKES[case]
    path = small / "specs" / "small" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    problems, _ = lint(small, "small")
    said = [p.text().removeprefix("specs/small/") for p in problems]
    assert any(text.startswith(expected) for text in said), said


def test_a_value_without_a_submission_term_is_a_warning_with_the_line_to_add(small):
    (small / "specs" / "small" / "raw" / "_codelists.csv").write_text("CODELIST,CODED_VALUE,DECODE\nSEX,X,Divers\n")
    problems, _ = lint(small, "small")
    assert [(p.kind, p.file, p.line) for p in problems] == [("warning", "specs/small/mapping/dm.csv", 3)]
    assert "SEX has no term for Divers of SEX" in problems[0].what
    assert "SEX,N,Divers,SUBMISSION VALUE" in problems[0].cure


def test_open_points_are_listed_and_are_no_errors(small):
    folder = small / "specs" / "small"
    study = folder / "study.yaml"
    study.write_text(study.read_text() + "country: ''  # OPEN: which country?\n")
    sheet = folder / "mapping" / "dm.csv"
    sheet.write_text(sheet.read_text() + ",OPEN,,,FU.CAUSE,Cause: no target yet\n")
    result = CliRunner().invoke(trial, ["lint-specs", "small", "--root", str(small)])
    assert result.exit_code == 0, result.output
    assert "specs/small/study.yaml:7:16 open: which country?" in result.output
    assert "specs/small/mapping/dm.csv:5:9 open: FU.CAUSE has no target yet" in result.output
    assert "0 errors, 0 warnings, 2 open points" in result.output


def test_errors_end_with_their_exit_code(small):
    (small / "specs" / "small" / "visits.csv").unlink()
    result = CliRunner().invoke(trial, ["lint-specs", "small", "--root", str(small)])
    assert result.exit_code == 2
    assert "visits.csv is missing" in result.output


def test_an_unknown_study_is_said_plainly(small):
    result = CliRunner().invoke(trial, ["lint-specs", "smal", "--root", str(small)])
    assert result.exit_code == 2
    assert "did you mean small?" in result.output


@pytest.mark.parametrize("study", studies(ROOT))
def test_the_studies_of_this_project_are_in_order(study):
    problems, _ = lint(ROOT, study)
    assert [p.text() for p in problems if p.kind != "open"] == []
