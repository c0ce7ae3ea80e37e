"""`trial validate` and `trial diff` as a data manager types them: exit codes, what is written, what is said."""

import shutil

import pytest
from click.testing import CliRunner
from mini_study import extract, files, project, vital

from pipeline.cli import trial

pytestmark = pytest.mark.slow

DAYS = ("2026-01-31", "2026-02-28", "2026-03-31")
CLEAN = [vital("1", "36.5")]
WRONG = [vital("1", "99")]  # one query of severity major


@pytest.fixture
def study(tmp_path):
    specs = project(tmp_path)
    for day, rows in zip(DAYS, (WRONG, WRONG, WRONG), strict=True):
        extract(tmp_path, day, files(rows))
    return specs


def said(study, *words):
    root = ["--root", str(study.root), "--study", "mini", "--out", str(study.root / "out")]
    return CliRunner().invoke(trial, ["validate", *root, *words])


@pytest.mark.parametrize(
    ("rows", "words", "code"),
    [
        (CLEAN, [], 0),
        (WRONG, [], 0),
        (CLEAN, ["--fail-on", "minor"], 0),
        (WRONG, ["--fail-on", "minor"], 1),
        (WRONG, ["--fail-on", "major"], 1),
        (WRONG, ["--fail-on", "critical"], 0),
        (WRONG, ["--fail-on", "grave"], 2),
        (WRONG, ["--extract", "nowhere"], 2),
    ],
)
def test_the_exit_code_says_whether_there_are_findings_or_nothing_could_be_read(tmp_path, rows, words, code):
    specs = project(tmp_path)
    extract(tmp_path, DAYS[0], files(rows))

    assert said(specs, *words).exit_code == code
    assert (tmp_path / "out" / "validation" / "queries.csv").exists() is (code != 2)


@pytest.mark.parametrize(
    ("words", "compared"),
    [
        ([], "compared with 2026-02-28, the extract before it in the same folder (--since none switches this off)"),
        (["--since", "none"], "compared with nothing"),
        (["--since", "all"], "compared with 2026-01-31, 2026-02-28\n"),
        (["--since", "2026-01-31"], "compared with 2026-01-31\n"),
    ],
)
def test_the_newest_extract_is_compared_with_the_one_before_unless_told_otherwise(study, words, compared):
    result = said(study, *words)

    assert "extract 2026-03-31" in result.output
    assert compared in result.output


def test_quiet_says_nothing(study):
    assert said(study, "--quiet").output == ""


def test_an_extract_without_an_essential_form_is_validated_all_the_same(study):
    contract = study.folder / "raw" / "vs.yaml"
    contract.write_text(contract.read_text().replace("label: Vital signs", "label: Vital signs\nneed: essential"))
    (study.root / "data" / "mini" / DAYS[2] / "VS.csv").unlink()
    result = said(study, "--fail-on", "critical")

    assert result.exit_code == 1
    assert "RAW-FORM,critical" in (study.root / "out" / "validation" / "queries.csv").read_text()


def test_a_file_that_is_no_csv_is_a_critical_query(study):
    (study.root / "data" / "mini" / DAYS[2] / "VS.csv").write_bytes(b"SUBJECT,SUBJECT\n1,2\n")
    said(study)

    assert "RAW-UNREADABLE,critical" in (study.root / "out" / "validation" / "queries.csv").read_text()


def test_a_folder_of_other_things_is_not_replaced(study):
    (study.root / "out" / "validation").mkdir(parents=True)
    (study.root / "out" / "validation" / "thesis.docx").write_text("x")

    assert said(study).exit_code == 2
    assert (study.root / "out" / "validation" / "thesis.docx").exists()


def test_diff_names_extracts_by_their_day_and_writes_where_asked(study, tmp_path):
    shutil.rmtree(tmp_path / "data" / "mini" / DAYS[2])
    extract(tmp_path, DAYS[2], files([vital("1", "36.9"), vital("5", "<b>")]))
    words = ["diff", DAYS[1], DAYS[2], "--root", str(tmp_path), "--study", "mini", "--out", str(tmp_path / "diff")]
    result = CliRunner().invoke(trial, words)

    assert result.exit_code == 0
    assert "99 -> 36.9" in result.output
    changes = (tmp_path / "diff" / "changes.csv").read_text().splitlines()
    assert changes[1:] == ["changed,VS,101,1010001,D1,1,TEMP,99,36.9,", "added,VS,101,1010001,D1,5,,,,"]
    assert "<b>" not in (tmp_path / "diff" / "difference.html").read_text().replace("<br>", "")
