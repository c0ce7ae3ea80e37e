"""A clause on records of any dataset is said once, in conditions.yaml, and named wherever a clause of them is read."""

import shutil
from pathlib import Path

import pytest

from pipeline.engine.graph import build_graph
from pipeline.lint.report import lint
from pipeline.study.specs import load_specs

ROOT = Path(__file__).parents[2]
TTG, BLOOD = 'PCTESTCD == "CARTTG" and PCSPEC == "BLOOD"', 'PCSPEC == "BLOOD"'
CONDITIONS = """\
INBLOOD: {label: In blood, of: pc, where: 'PCSPEC == "BLOOD"'}
INTTG: {label: Transgene in blood, of: pc, where: 'PCTESTCD == "CARTTG" and INBLOOD == "Y"'}
FRESH: {label: Before a new therapy, of: records, where: 'NACTDT == "" or ADT < NACTDT'}
BIGDOSE: {label: More than one, of: ex, where: EXDOSE > 1}
COUNTS: {label: Counts, of: assessments, where: 'POSTFL == "Y"', among: 'FRESH == "Y"'}
OLDFL: {label: Old Flag, of: subjects, where: AGE > 65}
TTGFL: {label: Transgene Flag, of: adsl, from: pc, where: 'INTTG == "Y" and FRESH == "Y" and CARTDY > 0'}
"""
FILES = {
    "conditions.yaml": CONDITIONS,
    "sets.yaml": "CK: {label: K, flag: CKFL, from: pc, where: 'INBLOOD == \"Y\"', reason: CKRSN,\n"
    "  reasons: {OLD: 'OLDFL == \"Y\"', NO: ''}}\n"
    "ESC: {label: Esc, where: 'CKFL == \"Y\" and COHORT == \"A\"'}\n",
    "endpoints/sources.yaml": "BLOOD: {of: pc, where: 'INBLOOD == \"Y\" and ESC == \"Y\"', says: Blood}\n"
    "RATED: {of: assessments, where: 'COUNTS == \"N\"', says: Rated}\n",
    "doses.yaml": "BIG: {label: Big, role: cells, measure: dose, where: 'BIGDOSE == \"Y\"'}\n",
    "alive.yaml": "blood: {of: pc, date: PCDTC, where: 'INBLOOD == \"Y\"'}\n",
    "baseline.yaml": "TTGBL: {label: Transgene, of: pc, value: PCSTRESN, where: 'INTTG == \"Y\"'}\n",
    "dlt.yaml": "among: 'OLDFL == \"N\" and CONDSDT != \"\"'\n",
    "toxicities.yaml": "CRS: {parameters: {maximum: {among: 'ESC == \"Y\"'}}}\n",
    "columns.yaml": "OLD: {label: Old, where: 'OLDFL == \"Y\" and SAF == \"Y\"'}\n",
}  # fmt: skip
OUTPUT = """output: T-99
family: categories
kind: table
title: [Samples]
population: {set: ESC}
datasets: [adsl, pc, adae]
decisions: [PERCENT_MIN_N]
columns: [OLD]
rows:
  - {count: Blood, of: pc, where: 'INTTG == "Y"', per: record}
  - {count: Serious, of: adae, where: 'AESER == "Y" and ESC == "Y"'}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project whose study names clauses in every kind of file."""
    home = tmp_path_factory.mktemp("named")
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, home / "specs" / name)
    (home / "data").symlink_to(ROOT / "data")
    folder = home / "specs" / "iomab_act"
    for name, text in (FILES | {"tlf/t_99.yaml": OUTPUT}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        before = (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else ""
        (folder / name).write_text(before + text, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def specs(root):
    return load_specs(root, "iomab_act")


def test_conditions_and_sets_are_read_as_if_the_clause_stood_there(specs):
    known = specs.declared.by_name
    assert known["TTGFL"].where == f'({TTG}) and (NACTDT == "" or ADT < NACTDT) and CARTDY > 0'
    assert (known["CK"].where, known["CK"].reasons["OLD"]) == (BLOOD, "AGE > 65")
    assert known["ESC"].chosen_by == 'CKFL == "Y" and COHORT == "A"'


@pytest.mark.parametrize(("word", "said"), [
    ("baselines", TTG), ("doses", "EXDOSE > 1"), ("alive_sources", BLOOD),
    ("dlt", 'not (AGE > 65) and CONDSDT != ""'), ("toxicities", 'CKFL == "Y" and COHORT == "A"'),
])  # fmt: skip
def test_so_is_every_other_file_of_specs_and_is_remade_with_conditions_yaml(specs, word, said):
    told = specs.inputs[word]
    assert said in str(told.value(specs.decisions)).replace("\\'", "'")
    assert "conditions.yaml" in {path.name for path in told.files}


def test_rows_columns_and_populations_name_sets_and_clauses(specs):
    shell = specs.outputs["t_99"].shell
    assert [row.where for row in shell.rows] == [TTG, 'AESER == "Y" and (CKFL == "Y" and COHORT == "A")']
    assert shell.columns[0].where == 'AGE > 65 and SAFFL == "Y"'
    assert shell.population.where == 'CKFL == "Y" and COHORT == "A"'
    assert "conditions.yaml" in {path.name for path in specs.outputs["t_99"].written.files}


def test_nothing_of_it_is_stored_and_the_graph_holds(specs):
    assert not {"INBLOOD", "INTTG", "FRESH"} & set(specs.datasets["pc"].names)
    assert {"pc", "subjects"} <= set(build_graph(specs)["adsl_ttgfl"].needs)


def test_all_of_it_is_in_order(root):
    assert [p.text() for p in lint(root, "iomab_act")[0] if p.kind == "error"] == []


SLIPS = {
    "an unknown name": ("alive.yaml", "INBLOOD ==", "INBLOD ==", "PC has no variable INBLOD; did you mean INBLOOD"),
    "a name of another dataset": ("doses.yaml", "BIGDOSE", "INBLOOD", "EX has no variable INBLOOD"),
    "a row with another's": ("tlf/t_99.yaml", "AESER ==", "INBLOOD ==", "ADAE has no variable PCSPEC"),
    "what it never is": ("alive.yaml", '"Y"', '"Yes"', 'INBLOOD never is "Yes": conditions.yaml does not have it'),
    "a number": ("alive.yaml", 'INBLOOD == "Y"', "INBLOOD > 1", "INBLOOD holds a text, 1 is a number"),
    "records where they are not seen": ("doses.yaml", "BIGDOSE", "FRESH", "FRESH asks for ADT, which EX does not have"),
    "a value of a name": ("dlt.yaml", "among:", "values: {X: {from: pc, value: INTTG}}\namong:",
                          "PC has no variable INTTG"),
    "a variable": ("conditions.yaml", "BIGDOSE:", "EXTRT:", "EXTRT is a variable of EX; give your clause another"),
    "a set": ("conditions.yaml", "BIGDOSE:", "SAF:", "SAF is the name of the set SAF; give your clause another"),
    "a circle": ("conditions.yaml", "EXDOSE > 1", "'BIGDOSE == \"Y\"'", "in a circle: BIGDOSE needs BIGDOSE"),
    "a value kept": ("conditions.yaml", "of: ex, where: EXDOSE > 1", "of: ex, take: first, value: EXDOSE",
                     "BIGDOSE is a clause by name, of which no value is kept; of a subject's records say `of: adsl`"),
    "other records": ("conditions.yaml", "of: ex, where", "of: ex, from: pc, where", "EX keeps no value"),
    "no clause": ("conditions.yaml", ", where: EXDOSE > 1", "", "BIGDOSE has no clause; say `where:`"),
    "a field misspelt": ("conditions.yaml", "EXDOSE > 1", "EXDOSES > 1", "EX has no variable EXDOSES; did you mean"),
    "a dataset misspelt": ("conditions.yaml", "of: ex", "of: exx", "unknown dataset 'exx'"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_where_it_stands(root, tmp_path, name):
    file, right, wrong, message = SLIPS[name]
    shutil.copytree(root / "specs", tmp_path / "specs")
    path = tmp_path / "specs" / "iomab_act" / file
    text = path.read_text(encoding="utf-8")
    at = text.rindex(right)
    path.write_text(text[:at] + wrong + text[at + len(right) :], encoding="utf-8")
    found = [p.text() for p in lint(tmp_path, "iomab_act")[0] if p.kind == "error"]
    assert [p for p in found if message in p and p.startswith(f"specs/iomab_act/{file}:")], found
