"""Slips of arms, dose levels and dlt.yaml: each is told where it stands, with the nearest right word."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ground.faults import TrialError
from pipeline.lint.dlt import check_dlt
from pipeline.lint.levels import check_dose_finding, check_level_units, check_levels, with_study
from pipeline.lint.places import read_document
from pipeline.lint.values import ClauseField, slips
from pipeline.study.csv_text import load_table
from pipeline.study.settings import settings_of
from pipeline.study.specs import load_specs

ROOT = Path(__file__).parents[2]
STUDY = """study: S
treatments: {cells: {products: [XCEL]}}
arms:
  - {code: A1, label: Level 1, level: 1}
  - {code: A2, label: Level 2, level: 2, product: XCEL}
levels:
  1: {label: DL1, dose: 1, unit: U, low: 0.8, high: 1.2}
  2: {label: DL2, dose: 2.5, unit: U, low: 2, high: 3}
"""


@pytest.mark.parametrize(("old", "new", "said"), [
    ("", "", ""),
    ("arms:", "arm: {code: A, label: A}\narms:", "3:1 error: study.yaml has `arm:` and `arms:`; keep one of them"),
    ("code: A2", "code: A1", "5:5 error: the arm A1 stands twice"),
    ("level: 2,", "level: 22,", "the arm A2 is of level 22, which is none; did you mean 2?"),
    ("product: XCEL", "product: XCELL", "the arm A2 gives 'XCELL', which is no product; did you mean XCEL?"),
    ("  2: {", "  3: {", "8:3 error: dose level 3 follows 1; levels stand in ascending order, without a gap"),
    ("  2: {", "  DL2: {", "8:3 error: a dose level has a whole number, not 'DL2'"),
    ("dose: 2.5", "dose: 0.5", "8:19 error: level 2 has no higher dose than level 1; levels ascend by dose"),
    ("low: 2,", "low: 1.1,", "a dose of 1.1 is of level 1 and of level 2"),
    ("low: 2, ", "", "level 2 has one bound; say `low:` and `high:`"),
    ("low: 2,", "low: 4,", "the bounds of level 2 end before they begin"),
    ("unit: U, low: 2", "low: 2", "level 2 has bounds without `unit:`"),
])  # fmt: skip
def test_a_slip_of_arms_and_levels_is_told_with_its_place(tmp_path, old, new, said):
    path = tmp_path / "study.yaml"
    path.write_text(STUDY.replace(old, new) if old else STUDY)
    told = [problem.text() for problem in check_levels(read_document(path, "study.yaml"))]
    assert any(said in text for text in told) if said else told == []


def test_levels_below_the_first_are_called_minus_one(tmp_path):
    path = tmp_path / "study.yaml"
    levels = "levels: {-1: {label: DL-1}, 1: {label: DL1}, 2: {label: DL2}}\n"
    path.write_text(f"study: S\narm: {{code: A, label: A}}\n{levels}")
    assert list(check_levels(read_document(path, "study.yaml"))) == []


@pytest.mark.parametrize(("unit", "said"), [("mg", []), ("mgg", ["mgg"])])
def test_the_unit_of_a_planned_dose_is_a_term(tmp_path, unit, said):
    (tmp_path / "study.yaml").write_text(f"study: S\nlevels: {{1: {{label: DL1, dose: 1, unit: {unit}}}}}\n")
    ct = pd.DataFrame({"codelist": ["UNIT"], "submission": ["mg"]})
    told = [problem.text() for problem in check_level_units(read_document(tmp_path / "study.yaml", "study.yaml"), ct)]
    what = [f"error: the unit '{one}' is not in the codelist UNIT; did you mean mg?" for one in said]
    assert [text.partition(" ")[2] for text in told] == what


ROW = "{dose_finding: MTD, rule: BOIN, says: mtd, target: 0.25}"


@pytest.mark.parametrize(("text", "levels", "said"), [
    (f"rows: [{ROW}]\n", True, ""),
    (f"rows: [{ROW}]\n", False, "1:8 error: study.yaml has no `levels:`"),
    (f"sets: [{{label: x, rows: [{ROW}]}}]\n".replace("0.25", "0.8"), True, "no rate of BOIN is aimed at 0.8"),
    ("rows: [{count: Any, where: 'AGE > 1'}]\n", False, ""),
])  # fmt: skip
def test_dose_finding_needs_levels_and_a_target_that_can_be(tmp_path, text, levels, said):
    path = tmp_path / "t.yaml"
    path.write_text(text)
    study = settings_of({"levels": {"1": {"label": "DL1"}} if levels else {}})
    told = [problem.text() for problem in check_dose_finding(read_document(path, "t.yaml"), study)]
    assert [said in one for one in told] == [True] * bool(said)


@pytest.mark.parametrize(("clause", "said"), [
    ("DOSELVLA == 2", ""), ("DOSELVLA >= 9", ""), ("DOSELVLA == 4", "DOSELVLA never is 4"),
    ("DOSELVLA in [1, 3]", "DOSELVLA never is 3"), ('TRT01A == "Level 3"', 'TRT01A never is "Level 3"'),
    ('DOSLVLAC == "DL9"', 'DOSLVLAC never is "DL9"'), ('COHORT == "PART A"', 'COHORT never is "PART A"'),
])  # fmt: skip
def test_a_clause_asks_for_parts_arms_and_levels_that_the_study_has(clause, said):
    study = settings_of({
        "parts": {"A": "Part A"}, "levels": {"1": {"label": "DL1"}, "2": {"label": "DL2"}},
        "arms": [{"code": "A1", "label": "Level 1"}],
    })  # fmt: skip
    plain = {name: ClauseField() for name in ("TRT01A", "DOSLVLAC", "COHORT")}
    fields = with_study(plain | {"DOSELVLA": ClauseField("number")}, study)
    told = [what for what, _ in slips(clause, fields, {}, "ADSL")]
    assert [said in what for what in told] == [True] * bool(said)


ALLOWABLE = "AEDECOD,MAX_GRADE,MAX_DAYS\nPyrexia,3,3\n"
DLT = """events: 'RELFL == "Y" and ATOXGRN >= 3 and ASTDT >= CARTSDT'
allowable: {table: allowable_ae, begins: [AEMXDTC, AESTDTC], ends: [AEENDTC]}
observed: {until: [LSTALVDT, DTHDT], before: [FIRSTTX]}
among: 'COHORT == "A"'
days:
  - {where: 'COHORT == "B"', days: 42}
values:
  IPIBL: {from: adfa, where: 'PARAMCD == "IPI"', value: AVAL}
reasons:
  - {reason: DLT, where: DLTN >= 1, in: true}
  - {reason: COMPLETE, where: DLTOBS == DLTLEN and IPIBL < 3, in: true}
  - {reason: "<@DLT_EVAL_FRAC"}
"""
SLIPS = {
    "none": ("", "", ""),
    "a variable of no event": ("ATOXGRN >=", "AETOXGN >=", "1:1 error: ADAE has no variable AETOXGN; did you mean"),
    "a subject's variable": ("CARTSDT'", "CARTSDTT'", "ADAE has no variable CARTSDTT; did you mean CARTSDT"),
    "a value outside the codelist": ('RELFL == "Y"', 'RELFL == "Yes"', 'RELFL never is "Yes"'),
    "a part that is none": ('among: \'COHORT == "A"', 'among: \'COHORT == "DL9"', '4:1 error: COHORT never is "DL9"'),
    "a date that is none": ("[LSTALVDT, DTHDT]", "[LSTALVD, DTHDT]", "3:20 error: a subject has no date LSTALVD"),
    "no date at all": ("[FIRSTTX]", "[COHORT]", "a subject has no date COHORT"),
    "a variable of allowance": ("[AEENDTC]", "[AEENDT2]", "2:69 error: ADAE has no variable AEENDT2"),
    "the dataset of a form": ("events:", "of: faa\nevents:", "1:1 error: unknown dataset 'faa'"),
    "a variable of a form": ("events:", "of: fa\nevents:", "2:1 error: FA has no variable RELFL"),
    "a group": ('where: \'COHORT == "B"', 'where: \'COHRT == "B"', "6:6 error: SUBJECTS has no variable COHRT"),
    "a dataset": ("from: adfa", "from: adfaa", "unknown dataset 'adfaa'; did you mean adfa"),
    "a value's variable": ("value: AVAL", "value: AVALL", "ADFA has no variable AVALL; did you mean AVAL"),
    "a value's name": ("IPIBL: {", "COHORT: {", "COHORT is a variable of the subject already"),
    "a reason's variable": ("DLTOBS ==", "DLTOBSS ==", "the DLT evaluation has no variable DLTOBSS"),
    "a text for a number": ("IPIBL < 3", 'IPIBL == "3"', 'IPIBL holds a number, "3" is a text'),
    "a decision": ("@DLT_EVAL_FRAC", "@DLT_EVAL_FRC", "unknown decision 'DLT_EVAL_FRC'; did you mean DLT_EVAL_FRAC"),
    "a reason twice": ("reason: COMPLETE", "reason: DLT", "the reason 'DLT' stands twice"),
    "a reason never reached": (", where: DLTN >= 1", "", "no reason after 'DLT' is ever given"),
    "no event told": ("events: 'RELFL == \"Y\" and ATOXGRN >= 3 and ASTDT >= CARTSDT'", "events: ''",
                      "1:1 error: `events:` is empty: every event would be a DLT"),
    "nobody in": (", in: true}", "}", "no reason puts a subject in the DLT set"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    home = tmp_path_factory.mktemp("levels")
    shutil.copytree(ROOT / "specs", home / "specs")
    return home


def problems(project, text, allowable=ALLOWABLE):
    folder = project / "specs" / "iomab_act"
    (folder / "dlt.yaml").write_text(text)
    (folder / "allowable_ae.csv").write_text(allowable)
    specs = load_specs(project, "iomab_act")
    ct = pd.concat([load_table(path) for path in specs.table_files("ct")])
    return [problem.text() for problem in check_dlt(project, specs, ct)]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_of_dlt_yaml_is_told_with_its_place(project, old, new, said):
    told = problems(project, DLT.replace(old, new) if old else DLT)
    assert any(said in text for text in told) if said else told == []


@pytest.mark.parametrize(("table", "said"), [
    ("AEDECOD,GRADE,MAX_DAYS\nPyrexia,3,3\n", "needs the column MAX_GRADE"),
    (ALLOWABLE + "PYREXIA,2,\n", "The term PYREXIA stands on line 2 too"),
    ("AEDECOD,MAX_GRADE,MAX_DAYS\nPyrexia,6,3\n", "MAX_GRADE of Pyrexia cannot be '6'"),
    ("AEDECOD,MAX_GRADE,MAX_DAYS\nPyrexia,3,3 days\n", "MAX_DAYS of Pyrexia cannot be '3 days'"),
])  # fmt: skip
def test_a_table_of_allowable_events_is_whole(project, table, said):
    with pytest.raises(TrialError, match=said) as told:
        problems(project, DLT, table)
    assert "allowable_ae.csv, line" in told.value.where


def test_a_table_of_allowable_events_that_is_not_there_is_told(project):
    with pytest.raises(TrialError, match="'alowable_ae' is not there") as told:
        problems(project, DLT.replace("table: allowable_ae", "table: alowable_ae"))
    assert ("dlt.yaml" in told.value.where, told.value.cure) == (True, "did you mean allowable_ae?")


def test_a_study_that_empties_the_reasons_is_told(project):
    assert any("gives no reasons: nobody is in the set" in text for text in problems(project, "reasons: []\n"))
