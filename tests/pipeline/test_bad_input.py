"""What a user does wrong gets a plain message (what, where, what to do), the right exit code, and changes no output."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from mini_extract import ROOT, example_copy, remanifest

from pipeline.cli import trial

FEW = ["dm"]
pytestmark = pytest.mark.slow  # whole studies are laid out, or whole specs looked at, again and again


def run_trial(*words):
    return CliRunner().invoke(trial, ["build", "--quiet", *map(str, words)])


def specs_copy(tmp_path):
    """A project of its own: specs to be damaged by a test."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "specs", root / "specs")
    return root


@pytest.fixture
def begun(lean, tmp_path) -> Path:
    """Where to build: what the lean study was made of is known there, so that only what is damaged is made."""
    shutil.copytree(lean.known, tmp_path / ".out.cache")
    return tmp_path / "out"


@pytest.fixture
def damaged(begun, tmp_path):
    """A copy of the example extract, damaged by `edit(folder)`, and a build of DM from it."""

    def build(edit, *targets, honest=True):
        folder = example_copy(tmp_path)
        edit(folder)
        if honest:
            remanifest(folder)
        result = run_trial("--extract", folder, "--out", begun, *(targets or FEW))
        findings = begun / "findings.csv"
        return result, pd.read_csv(findings, dtype="str", keep_default_na=False) if findings.exists() else None

    return build


def edit_cells(file, change):
    """An edit that changes the CSV as text lines; `change(header, rows)` works on lists of cells."""
    import csv

    def edit(folder):
        path = folder / file
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        changed = change(rows[0], rows[1:])
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(changed)

    return edit


def rename(old, new):
    return lambda header, rows: [[new if n == old else n for n in header], *rows]


def set_cell(field, value):
    def change(header, rows):
        rows[0][header.index(field)] = value
        return [header, *rows]

    return change


STOPS = {
    "a form without which no analysis is possible is gone": (
        lambda f: (f / "AE.csv").unlink(),
        ("ae",),
        "The form AE is missing",
        "AE.csv",
    ),
    "an essential column was renamed": (
        edit_cells("AE.csv", rename("AESTDAT", "AESTARTDAT")),
        ("ae",),
        "The column AESTDAT is missing",
        "AESTARTDAT",
    ),
    "an essential file is empty": (lambda f: (f / "AE.csv").write_bytes(b""), ("ae",), "missing from AE", "AE.csv"),
    "the manifest is no JSON": (
        lambda f: (f / "manifest.json").write_text("{"),
        ("dm",),
        "manifest cannot be read",
        "manifest.json",
    ),
}


@pytest.mark.parametrize("case", STOPS)
def test_what_makes_an_analysis_impossible_stops_the_run(damaged, tmp_path, case):
    edit, targets, what, where = STOPS[case]
    result, _ = damaged(edit, *targets, honest="manifest" not in what)

    assert result.exit_code == 2, result.output
    assert what in result.output
    assert where in result.output
    assert "cure:" in result.output
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["log"]
    assert what in (tmp_path / "out" / "log" / "trial.log").read_text()


GOES_ON = {
    "a supportive form is gone": (lambda f: (f / "QPCR.csv").unlink(), ("pc",), "RAW-FORM", "QPCR"),
    "a supportive column was renamed": (
        edit_cells("PETC.csv", rename("OVERALL", "OVERALL_RESPONSE")),
        ("rs",),
        "RAW-COLUMN",
        "PETC",
    ),
    "a column nobody knows": (
        edit_cells("DM.csv", lambda h, r: [[*h, "EXTRA"], *[[*x, "1"] for x in r]]),
        ("dm",),
        "RAW-COLUMN",
        "DM",
    ),
    "a file nobody knows": (lambda f: (f / "NOTES.csv").write_text("NOTE\nx\n"), ("dm",), "RAW-FILE", "NOTES"),
    "a value outside its codelist": (edit_cells("DM.csv", set_cell("SEX_STD", "Q")), ("dm",), "RAW-CODELIST", "DM"),
    "a date no calendar has": (edit_cells("IC.csv", set_cell("ICDAT", "31 FEB 2025")), ("dm",), "RAW-DATE", "IC"),
    "a subject nobody knows": (edit_cells("IC.csv", set_cell("SUBJECT", "9990001")), ("dm",), "RAW-SUBJECT", "IC"),
    "a record twice": (edit_cells("IC.csv", lambda h, r: [h, *r, r[0]]), ("dm",), "RAW-DUPLICATE", "IC"),
    "a line broken off": (
        lambda f: (f / "HOSP.csv").write_bytes((f / "HOSP.csv").read_bytes()[:-25]),
        ("ho",),
        "RAW-BROKEN",
        "HOSP",
    ),
}


@pytest.mark.parametrize("case", GOES_ON)
def test_the_rest_is_a_finding_and_the_run_goes_on(damaged, case):
    edit, targets, check, form = GOES_ON[case]
    result, findings = damaged(edit, *targets)

    assert result.exit_code == 0, result.output
    hits = findings[(findings["check"] == check) & (findings["form"] == form)]
    assert len(hits) >= 1
    assert hits["message"].str.len().min() > 20


def test_a_file_that_does_not_match_its_manifest_is_a_critical_finding(damaged):
    result, findings = damaged(edit_cells("DM.csv", set_cell("AGE", "60")), honest=False)

    assert result.exit_code == 0
    assert findings.loc[findings["check"] == "RAW-MANIFEST", ["severity", "form"]].to_numpy().tolist() == [
        ["critical", "DM"]
    ]


def test_another_encoding_is_a_finding(damaged):
    def recode(folder):
        path = folder / "IC.csv"
        path.write_bytes(path.read_text(encoding="utf-8").replace("1.1", "1.1 \u00e9").encode("cp1252"))

    result, findings = damaged(recode)

    assert result.exit_code == 0
    assert "RAW-ENCODING" in set(findings["check"])


WORDS = {
    "an extract folder that is not there": (["--extract", "no/such/folder"], "does not exist"),
    "a file for an extract folder": (["--extract", str(ROOT / "Makefile")], "is a file"),
    "an unknown study": (["--study", "iomab_atc"], "did you mean iomab_act?"),
    "an unknown target": (["adrz"], "did you mean adtr or adrs"),
    "a data cut that is no date": (["--cutoff", "30.09.2026"], "write it as 2026-09-30"),
    "a data cut of two readings": (["--cutoff", "05/06/2026"], "write it as 2026-06-05 or 2026-05-06"),
    "a data cut in words": (["--cutoff", "end of June"], "write it as YYYY-MM-DD"),
    "a data cut no calendar has": (["--cutoff", "2026-06-31"], "is no date"),
    "an unknown severity": (["dm", "--fail-on", "bad"], "one of critical"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_wrong_word_is_answered_with_the_right_one(tmp_path, case):
    words, cure = WORDS[case]
    result = run_trial("--root", ROOT, "--out", tmp_path / "out", *words)

    assert result.exit_code == 2
    assert cure in result.output
    assert "Traceback" not in result.output


def test_an_output_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    result = run_trial("--out", tmp_path, *FEW)

    assert result.exit_code == 2
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


SPECS = {
    "malformed YAML": ("standard/decisions.yaml", lambda t: "- id: [\n" + t, "decisions.yaml, line"),
    "a mapping row with an unknown field": (
        "iomab_act/mapping/dm.csv",
        lambda t: t.replace(",BRTHYR,", ",BRTHYEAR,"),
        "did you mean BRTHYR?",
    ),
    "a mapping row with an unknown rule": (
        "iomab_act/mapping/dm.csv",
        lambda t: t.replace("assign_number", "asign_number"),
        "assign_number",
    ),
    "a mapping row of an unknown form": (
        "iomab_act/mapping/dm.csv",
        lambda t: t.replace("\nDM,", "\nDMM,"),
        "did you mean DM",
    ),
    "a decision nobody knows": ("iomab_act/decisions.yaml", lambda t: "DLT_MEDD: ANY\n", "did you mean DLT_MED"),
    "a decision with a wrong choice": ("iomab_act/decisions.yaml", lambda t: "DLT_MED: SOME\n", "choose one of"),
}


@pytest.mark.parametrize("case", SPECS)
def test_a_wrong_spec_is_named_with_its_file(tmp_path, case):
    file, change, told = SPECS[case]
    root = specs_copy(tmp_path)
    path = root / "specs" / file
    before = path.read_text(encoding="utf-8")
    assert change(before) != before
    path.write_text(change(before), encoding="utf-8")
    extract = sorted((ROOT / "data" / "iomab_act").glob("2*"))[-1]
    result = run_trial("--root", root, "--extract", extract, "--out", tmp_path / "out", *FEW)

    assert result.exit_code == 2, result.output
    assert told in result.output
    assert Path(file).name in result.output
    assert "Traceback" not in result.output


def test_fail_on_stops_before_the_outputs_with_exit_code_1(begun):
    result = run_trial("--root", ROOT, "--out", begun, "--fail-on", "critical", *FEW, "qs", "pc")

    assert result.exit_code == 1
    assert "critical or worse" in result.output


def test_a_failed_run_leaves_the_earlier_outputs_as_they_were(begun, tmp_path):
    assert run_trial("--root", ROOT, "--out", begun, *FEW).exit_code == 0
    before = json.loads((begun / "manifest.json").read_text())
    folder = example_copy(tmp_path)
    (folder / "DM.csv").unlink()
    assert run_trial("--root", ROOT, "--extract", folder, "--out", begun, *FEW).exit_code == 2

    assert json.loads((begun / "manifest.json").read_text()) == before
    assert (begun / "sdtm" / "dm.parquet").exists()


@pytest.mark.parametrize(("words", "code"), [(["build", "nosuch"], 2), (["no-such-command"], 2), (["--help"], 0)])
def test_the_process_ends_with_the_exit_code(tmp_path, words, code):
    command = [sys.executable, "-m", "pipeline.cli", *words]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert process.returncode == code
    assert "Traceback" not in process.stderr
