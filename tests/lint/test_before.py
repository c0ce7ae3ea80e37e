"""Nothing is made of specs that have errors: what lint says, build and validate say, before anything is written."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from damage import damages
from lean_study import lean_project

from pipeline.cli import trial
from pipeline.engine.graph import build_graph
from pipeline.ground.faults import TrialError
from pipeline.lint import report
from pipeline.lint.before import check_specs
from pipeline.study.specs import load_specs

ROOT = Path(__file__).resolve().parents[2]
STUDY = "iomab_act"
pytestmark = pytest.mark.slow  # whole studies are laid out, or whole specs looked at, again and again


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project's specs, whole; each test puts back what it damages."""
    root = tmp_path_factory.mktemp("project")
    lean_project(root)
    return root


@pytest.fixture
def changed(project):
    """Writes one spec file otherwise (None: takes it away), and puts it back at the end."""
    before = {}

    def change(file, text):
        path = project / "specs" / file
        before[path] = path.read_bytes()
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        return project

    yield change
    for path, content in before.items():
        path.write_bytes(content)


def replaced(project, file, old, new):
    text = (project / "specs" / file).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


SLIPS = {
    "a word nobody reads": (f"{STUDY}/tlf/t_14_3_4.yaml", "footnotes:", "footnote:", "did you mean footnotes"),
    "a value of no codelist": (f"{STUDY}/tlf/t_14_3_4.yaml", 'AESER == "Y"', 'AESER == "y"', "did you mean Y?"),
    "a text for a number": (f"{STUDY}/tlf/t_14_3_4.yaml", "ATOXGRN >= 3", 'ATOXGRN >= "3"', "holds a number"),
    "a level nobody can have": (f"{STUDY}/tlf/t_14_1_2.yaml", "value: M", "value: Male", "SEX never is"),
    "code in a clause": (f"{STUDY}/tlf/t_14_1_1.yaml", 'ENRLFL == "Y"', '@pd.os.system("x") == 0', "cannot be read"),
    "a code no form has, in a check": (f"{STUDY}/checks/milestones.yaml", '== "Y"', '== "y"', "did you mean Y?"),
    "a value no form has, in a sheet": (f"{STUDY}/mapping/ae.csv", '""CRS""', '""crs""', "did you mean CRS?"),
    "a promise of another kind": ("standard/adam/adae.yaml", "made_by: subject", "made_by: site", "the word subject"),
    "a value the data cut never meets": ("standard/cut.csv", "FATAL", "FATALL", "did you mean FATAL"),
    "a misspelt word of a contract": (f"{STUDY}/raw/ae.yaml", "need:", "ned:", "did you mean need"),
    "a misspelt word of a dataset": ("standard/sdtm/ae.yaml", "structure:", "structur:", "did you mean structure"),
    "a text for a list": (f"{STUDY}/tlf/t_14_1_1.yaml", "title: [", "title: X # [", "must be a list"),
    "a part nobody has": (f"{STUDY}/study.yaml", "  A: Part A\n", "  C: Part A\n", "names the part A"),
    "a place that leads nowhere": (f"{STUDY}/study.yaml", "IC.ICDAT", "IC.ICDATE", "did you mean IC.ICDAT"),
    "a constant of no list": (f"{STUDY}/mapping/ae.csv", "hardcode,ONGOING", "hardcode,ONGOIN", "never is 'ONGOIN'"),
    "a column of a table": ("standard/units.csv", "factor", "faktor", "column factor is missing"),
    "a number of a table": ("standard/units.csv", ",10,", ",ten,", "Factor must be a number"),
    "an interval": (f"{STUDY}/tlf/t_14_2_1.yaml", "interval: exact", "interval: exakt", "did you mean exact"),
    "a width that is no number": (f"{STUDY}/tlf/t_14_1_1.yaml", "stub_width: ", "stub_width: x", "must be a number"),
    "a misspelt criterion": (f"{STUDY}/study.yaml", "toxicity:", "toxicty:", "did you mean toxicity"),
    "a misspelt standard": (f"{STUDY}/study.yaml", "sdtmct:", "sdmtct:", "did you mean sdtmct"),
    "a date nobody maps": (f"{STUDY}/mapping/ae.csv", "AE,,AESTDTC,", "AE,,SUPP.AEOTH,", "without AESTDTC"),
    "a cell too few": (f"{STUDY}/tlf/l_16_2_1.yaml", "cells: [", "cells: [NOSUCH, ", "cells for"),
    "a bound of a decision": ("standard/decisions.yaml", "default: 0.95", "default: 95", "at most 0.999"),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_stops_the_build_with_file_line_and_cure(project, changed, tmp_path, case):
    file, old, new, said = SLIPS[case]
    changed(file, replaced(project, file, old, new))
    with pytest.raises(TrialError) as error:
        check_specs(project, STUDY, tmp_path)
    assert said in error.value.text() and f"{Path(file).name}, line" in error.value.where


@pytest.mark.parametrize("command", ["build", "validate"])
def test_nothing_is_written_when_lint_finds_an_error(project, changed, tmp_path, command):
    changed(f"{STUDY}/mapping/ae.csv", None)
    words = [command, "--study", STUDY, "--root", str(project), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(trial, [*words, "--extract", str(ROOT / "data" / STUDY / "2026-06-30")])
    assert result.exit_code == 2, result.output
    assert "The domain AE has no mapping sheet" in result.output and "not_collected: [ae]" in result.output
    assert not (tmp_path / "out").exists()


def test_a_domain_that_nothing_else_is_made_of_needs_no_sheet_and_no_word(project, changed):
    changed(f"{STUDY}/mapping/ec.csv", None)
    assert "ec" not in {*load_specs(project, STUDY).mappings, *load_specs(project, STUDY).not_collected}
    assert build_graph(load_specs(project, STUDY))["ec_mapped"].needs == ()
    changed(f"{STUDY}/mapping/ex.csv", None)
    with pytest.raises(TrialError, match="EX has no mapping sheet"):
        build_graph(load_specs(project, STUDY))


def test_an_essential_form_that_nobody_maps_is_an_error(project, changed):
    text = replaced(project, f"{STUDY}/study.yaml", "country:", "not_collected: [ae]\ncountry:")
    changed(f"{STUDY}/study.yaml", text)
    changed(f"{STUDY}/mapping/ae.csv", None)
    told = [p.text() for p in report.lint(project, STUDY)[0]]
    assert any("the form AE is essential, but no mapping sheet uses it" in text for text in told), told


@pytest.mark.parametrize(("line", "said"), [
    ("not_collected: [dm]", "DM cannot be left uncollected"), ("not_collected: [vs]", "but has a mapping sheet"),
    ("not_collected: [vz]", "VZ cannot be left uncollected"), ("not_collected: vs", "must be a list"),
])  # fmt: skip
def test_what_is_not_collected_is_said_truly(project, changed, tmp_path, line, said):
    changed(f"{STUDY}/study.yaml", replaced(project, f"{STUDY}/study.yaml", "country:", line + "\ncountry:"))
    with pytest.raises(TrialError, match=said):
        check_specs(project, STUDY, tmp_path)


def test_a_sheet_without_rows_is_as_good_as_none(project, changed, tmp_path):
    changed(f"{STUDY}/mapping/vs.csv", "form,block,target,rule,source,where\n")
    with pytest.raises(TrialError, match="no rows"):
        check_specs(project, STUDY, tmp_path)


def test_what_lint_said_is_kept_until_specs_change_and_never_believed_when_altered(
    project, changed, tmp_path, monkeypatch
):
    said = []
    monkeypatch.setattr(report, "lint", lambda *words: said.append(words) or ([], []))
    for _ in range(2):
        assert check_specs(project, STUDY, tmp_path) == ""
    assert len(said) == 1
    (tmp_path / "lint.json").write_text(
        (tmp_path / "lint.json").read_text().replace('"problems": [[], null]', '"problems": [[{}], null]')
    )
    assert "lint.json in the cache was not as it was written" in check_specs(project, STUDY, tmp_path)
    assert len(said) == 2
    changed(f"{STUDY}/decisions.yaml", "DLT_DAYS: 31\n")
    assert check_specs(project, STUDY, tmp_path) == ""
    assert len(said) == 3
    (project / "specs" / STUDY / "mapping" / "zz.csv").mkdir()
    check_specs(project, STUDY, tmp_path)
    (project / "specs" / STUDY / "mapping" / "zz.csv").rmdir()
    assert len(said) == 4


def test_what_lint_said_beside_outputs_is_kept_while_outputs_alone_change(project, changed, tmp_path, monkeypatch):
    looked, told = [], report._before_outputs
    monkeypatch.setattr(report, "_before_outputs", lambda *words: looked.append(words[1]) or told(*words))
    file, old, new, said = SLIPS["an interval"]
    sheet, _, constant, never = SLIPS["a constant of no list"]

    warned = check_specs(project, STUDY, tmp_path)
    changed(file, replaced(project, file, "title: [", "title: [Anew, "))
    assert [check_specs(project, STUDY, tmp_path), len(looked)] == [warned, 1]
    changed(file, replaced(project, file, old, new))
    with pytest.raises(TrialError, match=said):
        check_specs(project, STUDY, tmp_path)
    assert [len(looked), looked[0].outputs] == [1, {}]
    changed(file, replaced(project, file, new, old))
    changed(sheet, replaced(project, sheet, "hardcode,ONGOING", constant))
    with pytest.raises(TrialError, match=never):
        check_specs(project, STUDY, tmp_path)
    assert len(looked) == 2


def test_damaged_specs_end_in_words(project, changed):
    """Seeded: a line lost or doubled, a word or value of another kind, the end cut away; never another exception."""
    files = [p for p in sorted((project / "specs").rglob("*")) if p.suffix in (".yaml", ".csv")]
    texts = {str(p.relative_to(project / "specs")): p.read_text(encoding="utf-8") for p in files}
    for file, way, text in damages(texts, 60, seed=7):
        path = project / "specs" / file
        try:
            path.write_text(text, encoding="utf-8")
            load_specs(project, STUDY)
        except TrialError as error:
            assert error.what and str(project) in error.where, (file, way)
        finally:
            path.write_text(texts[file], encoding="utf-8")
    for file, _, text in damages(texts, 4, seed=11):
        path = project / "specs" / file
        path.write_text(text, encoding="utf-8")
        assert all(p.what and p.line >= 1 for p in report.lint(project, STUDY)[0])
        path.write_text(texts[file], encoding="utf-8")
