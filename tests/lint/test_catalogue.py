"""Outputs taken from shared shells: an entry fills what its shell takes; each slip has file, line, column and cure."""

import shutil
from pathlib import Path

import pytest

from pipeline.ground.faults import TrialError
from pipeline.lint.report import lint
from pipeline.new_study import outputs
from pipeline.study.shapes import COLUMNS
from pipeline.study.specs import load_specs
from tlf.rows.kinds import Count
from tlf.shells import ShellColumn

ROOT = Path(__file__).parents[2]
SHELL = """shell: sexes
takes: [sex, columns]
family: categories
kind: table
title: [Sex]
population: {set: SAF}
datasets: [adsl]
decisions: [PERCENT_MIN_N]
rows:
  - {count: Those of sex <sex>, where: 'SEX == "<sex>"'}
  - {count: Not treated, option: left_out, where: 'SAFFL == "N"'}
  - {count: Old, id: old, where: 'AGE >= 65'}
footnotes:
  - {option: left_out, note: Also those not treated.}
  - Of sex <sex>.
"""
CATALOGUE = """- {output: T-2, shell: sexes, sex: M, columns: [TOTAL], with: [left_out], footnotes: [Ours.]}
- {output: T-3, shell: sexes, sex: F, columns: [TOTAL]}
- {output: T-4, shell: toxicity, toxicity: CRS, columns: [TOTAL]}
"""


@pytest.fixture
def study(tmp_path):
    """A project with the standard's specs, one shell more, and a small study whose outputs are all of shells."""
    shutil.copytree(ROOT / "specs" / "standard", tmp_path / "specs" / "standard")
    collected = "[ae, cm, dd, ds, dv, eg, ex, fa, ho, ie, lb, mh, mi, pc, pr, qs, rs, ss, tr, tu, vs]"
    files = {
        "standard/tlf/sexes.yaml": SHELL,
        "small/study.yaml": "study: S\nsubjects: DM\ndeath: DM.DTHDT\narm: {code: A, label: A}\n"
        f"not_collected: {collected}\n",
        "small/visits.csv": f"{','.join(COLUMNS['visits.csv'])}\n",
        "small/raw/dm.yaml": "form: DM\nsystem: false\nsubject: {column: PAT, site: '1'}\nrecord: [PAT]\nfields:\n"
        "  PAT: {type: text}\n  DTHDT: {type: date}\n  SEX: {type: coded, codelist: SEX, companion: false}\n",
        "small/mapping/dm.csv": "form,block,target,rule,source,where\nDM,,SITEID,assign,_SITE,\n"
        "DM,,SEX,assign_ct,SEX,\n",
        "small/raw/_codelists.csv": "CODELIST,CODED_VALUE,DECODE\nSEX,M,Male\nSEX,F,Female\n",
        "small/catalogue.yaml": CATALOGUE,
    }
    for name, text in files.items():
        path = tmp_path / "specs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_catalogue_in_order_has_no_problem(study):
    assert [p.text() for p in lint(study, "small")[0]] == []


def test_an_entry_fills_its_shell_and_says_the_rest_itself(study):
    men, women = (load_specs(study, "small").outputs[name].shell for name in ("t_2", "t_3"))
    assert [row.label for row in men.rows] == ["Those of sex M", "Not treated", "Old"]
    assert women.rows == (
        Count("Those of sex F", id="those_of_sex_f", where='SEX == "F"'), Count("Old", id="old", where="AGE >= 65"),
    )  # fmt: skip
    assert men.footnotes == ("Also those not treated.", "Of sex M.", "Ours.")
    assert women.footnotes == ("Of sex F.",)
    assert (men.output, men.population.id, men.population.where) == ("T-2", "SAF", 'SAFFL == "Y"')
    assert men.columns == (ShellColumn("TOTAL", "Total"),)


def test_a_toxicity_is_filled_in_by_its_name(study):
    catalogue = study / "specs" / "small" / "catalogue.yaml"
    rows = {}
    for name in ("CRS", "ICANS"):
        catalogue.write_text(f"- {{output: T-4, shell: toxicity, toxicity: {name}, columns: [TOTAL]}}\n")
        shell = load_specs(study, "small").outputs["t_4"].shell
        rows[name] = {(row.label, row.where) for row in shell.rows if isinstance(row, Count)}
    had = '(AVAL >= 1 or AVAL == "" and SRCSEQ != "")'
    assert ("Any CRS", f'PARAMCD == "CRSMAXGR" and {had}') in rows["CRS"]
    assert ("Tocilizumab, of subjects with ICANS", 'PARAMCD == "ICANSTOC" and AVALC == "Y"') in rows["ICANS"]


C, S = "specs/small/catalogue.yaml", "specs/standard/tlf/sexes.yaml"
# file, what is written for what, line and column, what is told, the cure
SLIPS = {
    "an unknown shell": (C, "shell: sexes, sex: M", "shell: sexs, sex: M", "1:17",
        "unknown shell 'sexs'", "did you mean sexes"),
    "an argument nobody takes": (C, "sex: M,", "sex: M, sexx: M,", "1:39",
        "T-2 says 'sexx', which the shell sexes does not take", "did you mean sex"),
    "a lost argument": (C, "sex: M, ", "", "1:3", "T-2 lacks `sex:`, which the shell sexes takes", "add it"),
    "no columns": (C, "sex: F, columns: [TOTAL]", "sex: F", "2:3",
        "T-3 lacks `columns:`, which the shell sexes takes", "add it"),
    "a number twice": (C, "output: T-3", "output: T-2", "2:4",
        "the number T-2 stands in catalogue.yaml too", "give each output a number of its own"),
    "a number that is none": (C, "output: T-3", "output: ../T-3", "2:4",
        "'../T-3' is no number of an output", "such as"),
    "an unknown toxicity": (C, "toxicity: CRS", "toxicity: CSR", "3:34", "unknown toxicity 'CSR'", "did you mean CRS"),
    "an unknown option": (C, "[left_out]", "[leftout]", "1:64",
        "the shell sexes has no option 'leftout'", "did you mean left_out"),
    "an unknown column": (C, "columns: [TOTAL], with", "columns: [TOTL], with", "1:49",
        "Unknown column 'TOTL'", "did you mean TOTAL"),
    "an unknown set": (C, "toxicity: CRS", "population: {set: SAFE}, toxicity: CRS", "3:47",
        "Unknown set 'SAFE'", "did you mean SAF"),
    "an entry without a shell": (C, "shell: sexes, sex: F", "sex: F", "2:3",
        "`[2]` lacks `shell:`", "add it"),
    "a column of nobody": (C, "sex: F, columns: [TOTAL]",
        "sex: F, columns: [{label: A, where: 'COHRT == \"A\"'}]", "2:60",
        "ADSL has no variable COHRT (in T-3)", "did you mean COHORT"),
    "an argument that is no value": (C, "sex: M,", "sex: Male,", "10:33", "SEX never is \"Male\"", "known are: F"),
    "what no argument is": (S, 'SEX == "<sex>"', 'SEX == "<sx>"', "10:33",
        "the shell sexes takes no <sx>", "did you mean sex"),
    "another name": (S, "shell: sexes", "shell: sex", "1:1",
        "the shell sex is in sexes.yaml", "the file's name must be sex.yaml"),
    "a word of another kind": (S, "count: Old, id", "count: Old, at: '3', id", "12:18",
        "`rows[3]` has the unknown word 'at'", "known are: also, columns, count"),
    "no kind": (S, "{count: Old", "{label: Old", "12:6",
        "`rows[3]` begins with 'label', which is no kind of row", "known are"),
    "a row without its clause": (S, ", where: 'AGE >= 65'", "", "12:5", "`rows[3]` lacks `where:`", "add one of them"),
    "an unknown variable": (S, "AGE >= 65", "AGEE >= 65", "12:27",
        "ADSL has no variable AGEE (in T-2)", "did you mean AGE"),
    "a clause that computes": (S, "AGE >= 65", "AGE * 2 >= 65", "12:27",
        "The condition 'AGE * 2 >= 65' cannot be read", ""),
    "a statistic of nobody": (S, "id: old,", "id: old, show: '{nn:x}',", "12:27",
        "unknown statistic 'nn' (in T-2)", "did you mean n"),
    "an id twice": (S, "count: Not treated, option", "count: Not treated, id: old, option", "12:18",
        "the id 'old' stands twice (in T-2)", "an id addresses one"),
    "a word of a shell": (S, "footnotes:", "footnote:", "13:1",
        "The file has the unknown word 'footnote'", "did you mean footnotes"),
    "a sentence without words": (S, ", note: Also those not treated.", "", "14:5",
        "`footnotes[1]` lacks `note:`", "add it"),
    "an unknown dataset": (S, "datasets: [adsl]", "datasets: [adls]", "7:12",
        "unknown dataset 'adls'", "did you mean adsl"),
    "an unlisted decision": (S, "Of sex <sex>.", "Of @AGE_CUT.", "15:5",
        "@AGE_CUT is not under `decisions:`", "list it there"),
}  # fmt: skip


def slipped(study, case):
    """The small study with one slip in one file; that file."""
    file, right, wrong, *_ = SLIPS[case]
    path = study / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_told_with_file_line_column_and_cure(study, case):
    slipped(study, case)
    file, _, _, at, told, cure = SLIPS[case]
    place = f"{S if 'no value' in case else file}:{at}"  # what an argument makes of a row stands in the shell
    said = [(f"{p.file}:{p.line}:{p.column}", p.what, p.cure) for p in lint(study, "small")[0]]
    assert any(where == place and told in what and cure in mended for where, what, mended in said), said


@pytest.mark.parametrize("case", ["an unknown shell", "a lost argument", "a number twice", "what no argument is"])
def test_what_lint_tells_of_an_entry_stops_the_reading_too(study, case):
    path = slipped(study, case)
    with pytest.raises(TrialError) as caught:
        load_specs(study, "small")
    line, column = SLIPS[case][3].split(":")
    assert caught.value.where == f"{path}, line {line}, column {column}"


def test_an_argument_is_of_the_shape_of_the_word_it_stands_at(study):
    shell, catalogue = (study / "specs" / name for name in ("standard/tlf/sexes.yaml", "small/catalogue.yaml"))
    shell.write_text(SHELL.replace("AGE >= 65'", "AGE >= 65', p0: <p0>").replace("[sex,", "[sex, p0,"), "utf-8")
    text = CATALOGUE.replace("sex: M,", "sex: M, p0: some,").replace("sex: F,", 'sex: F, p0: "0.2",')
    catalogue.write_text(text, "utf-8")
    (told,) = lint(study, "small")[0]
    assert (told.line, told.column) == (1, 39)
    assert told.what == "T-2: `rows[3].p0` must be a number, or @ and a decision, not a text"


def test_a_shell_that_asks_a_toxicity_for_what_it_has_not_is_told_at_the_entry(study):
    shell = study / "specs" / "standard" / "tlf" / "toxicity.yaml"
    shell.write_text(shell.read_text(encoding="utf-8").replace("<toxicity.onset>", "<toxicity.onst>"), encoding="utf-8")
    told = [p.text() for p in lint(study, "small")[0]]
    assert told == [f"{C}:3:34 error: the toxicity CRS has no onst, which the shell toxicity asks for; "
                    "did you mean onset?"]  # fmt: skip


def test_a_number_that_the_study_writes_itself_is_not_taken_again(study):
    (study / "specs" / "small" / "tlf").mkdir()
    own = study / "specs" / "small" / "tlf" / "t_3.yaml"
    men = SHELL.replace("shell: sexes\ntakes: [sex, columns]", "output: T-3\ncolumns: [TOTAL]").replace("<sex>", "M")
    lines = [line.replace("option: left_out, ", "") for line in men.splitlines() if "note:" not in line]
    own.write_text("\n".join(lines))
    (problem,) = lint(study, "small")[0]
    assert problem.text() == (
        f"{C}:2:4 error: the number T-3 stands in tlf/t_3.yaml too; give each output a number of its own"
    )


def test_a_new_study_is_shown_the_shells_there_are_and_takes_none(study):
    text = outputs.catalogue(study / "specs" / "standard", {})
    assert "# - {output: T-..., shell: sexes, sex: '...', columns: [TOTAL]}" in text
    (study / C).write_text(text)
    assert load_specs(study, "small").outputs == {}
    assert [p.text() for p in lint(study, "small")[0] if p.kind != "open"] == []
