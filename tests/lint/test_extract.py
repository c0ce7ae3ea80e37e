"""lint-specs --extract: files, columns, visits and units delivered beside the specs; other values are the gate's."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from read_once import specs_of

from pipeline.cli import trial
from pipeline.lint.extract import check_extract
from pipeline.manual.example import lay_out
from pipeline.study.specs import load_specs

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "iomab_act" / "2026-06-30"


@pytest.fixture(scope="module")
def specs():
    return specs_of("iomab_act")


@pytest.fixture
def extract(tmp_path):
    """Every form with its header alone, as agreed."""
    for path in DATA.glob("*.csv"):
        if path.name not in ("MISC_NOTES.csv", "PETC.csv"):
            (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n")
    shutil.copy(DATA.parent / "2026-03-31" / "PETC.csv", tmp_path / "PETC.csv")
    return tmp_path


def told(specs, extract):
    return [p.text().removeprefix("specs/iomab_act/") for p in check_extract(specs, str(extract))]


def test_files_and_columns_as_agreed_are_not_told(specs, extract):
    assert told(specs, extract) == []


@pytest.mark.parametrize(("visit", "said"), [
    ("SCR1", []), ("scr1", []), ("", []),
    ("SE.SCR1", ["mapping/vs.csv:2:24 warning: FOLDER of VS has visits that visits.csv does not know: SE.SCR1; did"]),
])  # fmt: skip
def test_a_visit_that_is_delivered_under_another_name_is_told(specs, extract, visit, said):
    header = (extract / "VS.csv").read_text().splitlines()[0]
    row = ",".join(visit if name == "FOLDER" else "" for name in header.split(","))
    (extract / "VS.csv").write_text(f"{header}\n{row}\n")
    problems = told(specs, extract)
    assert [True] * len(said) == [text.startswith(want) for want, text in zip(said, problems, strict=True)], problems


def renamed(extract, file, old, new):
    text = (extract / file).read_text()
    assert old in text
    (extract / file).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(("old", "new", "said"), [
    (",AELLT,", ",AE_LLT,", ["warning: AE.csv has no column AELLT; AE_LLT is new; if it is the same, write `alias:",
                             "warning: AE.csv has columns that no field names: AE_LLT"]),
    (",AELLT,", ",", ["warning: AE.csv has no column AELLT; no column is new"]),
    (",AESTDAT,", ",AESTARTDAT,", ["error: AE.csv has no column AESTDAT; AESTARTDAT is new", "warning: AE.csv has"]),
    (",AELLT,", ",AELLT,EXTRA,", ["warning: AE.csv has columns that no field names: EXTRA; they are not used"]),
])  # fmt: skip
def test_a_column_that_is_lost_or_new_is_told_with_the_near_one(specs, extract, old, new, said):
    renamed(extract, "AE.csv", old, new)
    problems = told(specs, extract)
    assert all(text.startswith("raw/ae.yaml:") for text in problems)
    assert [True] * len(said) == [want in text for want, text in zip(said, problems, strict=True)], problems


def test_a_file_that_nobody_knows_or_that_did_not_come_is_told(specs, extract):
    (extract / "VS.csv").rename(extract / "VITALS.csv")
    problems = told(specs, extract)
    assert any("the file VS.csv of VS was not delivered" in text for text in problems)
    assert any("the file VITALS.csv is delivered, and no raw contract knows it; write raw/vitals.yaml" in text
               for text in problems)  # fmt: skip


def test_the_command_tells_it_too(extract):
    (extract / "NEW.csv").write_text("A\n")
    done = CliRunner().invoke(trial, ["lint-specs", "iomab_act", "--extract", str(extract), "--root", str(ROOT)])
    assert done.exit_code == 0 and "the file NEW.csv is delivered" in done.output
    assert "iomab_act: 0 errors, 1 warnings" in done.output


@pytest.mark.parametrize(("unit", "said"), [
    ("kg", []),
    ("st", ["specs/example/mapping/vs_tests.csv:2:19 error: results of WEIGHT in 'st' (2 of them) would count nowhere: "
            "units.csv has no factor for them; add the row VS,WEIGHT,st,STANDARD UNIT,FACTOR,, to it"]),
])  # fmt: skip
def test_a_delivered_unit_that_nothing_turns_is_told_at_the_test_that_names_its_field(unit, said, tmp_path):
    lay_out(ROOT, tmp_path)
    extract = tmp_path / "data" / "example" / "2026-04-15"
    text = (extract / "VS.csv").read_text()
    (extract / "VS.csv").write_text(text.replace(",82.5,kg,", f",82.5,{unit},"))
    problems = [p.text() for p in check_extract(load_specs(tmp_path, "example"), str(extract))]

    assert [text for text in problems if "units.csv" in text] == said
