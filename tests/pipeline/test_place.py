"""Products go to a place that is theirs, or nowhere: never over other things, never two runs at once."""

import errno
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from pipeline.engine.store import seal
from pipeline.ground.faults import EXIT_USER, TrialError
from pipeline.publish.place import check_target, held, in_words, older_exports
from pipeline.publish.standing import earlier_manifest

ROOT = Path(__file__).resolve().parents[2]
MADE = {"build": "x", "study": "MINI", "files": {"adam/adsl.parquet": "h", "findings.csv": "h"}}
OURS = json.dumps(MADE | {"seal": seal(MADE)})


def laid(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


TAKEN = {
    "an empty folder": {},
    "a log alone": {"log/trial.log": ""},
    "a validation alone": {"validation/queries.csv": ""},
    "our products": {"manifest.json": OURS, "adam/adsl.parquet": "", "findings.csv": "", "log/trial.log": ""},
    "with what systems leave lying": {"manifest.json": OURS, ".DS_Store": "", "adam/.DS_Store": "", "Thumbs.db": ""},
    "with a table open in Word": {"manifest.json": OURS, "tlf/~$t_14.rtf": "", "adam/adsl.parquet": ""},
    "a new disk": {"lost+found/x": ""},
    "our manifest cut by a power failure": {"manifest.json": OURS[:20], "adam/adsl.parquet": "", "log/trial.log": ""},
    "our manifest altered": {"manifest.json": OURS.replace("h", "g"), "adam/adsl.parquet": "", "tlf/x.rtf": ""},
    "our manifest gone": {"adam/adsl.parquet": "", "log/trial.log": ""},
}
REFUSED = {
    "somebody's work": ({"thesis.docx": "years of work"}, r"thesis\.docx"),
    "somebody's work beside a log": ({"thesis.docx": "years of work", "log/app.log": ""}, r"thesis\.docx"),
    "a project with a folder of results": ({"results/raw.csv": ""}, "results"),
    "an extract": ({"manifest.json": '{"files": []}', "AE.csv": ""}, r"AE\.csv"),
    "somebody's manifest": ({"manifest.json": '{"name": "app"}'}, r"manifest\.json"),
    "a note beside our products": ({"manifest.json": OURS, "notes.txt": ""}, r"notes\.txt"),
    "an annotated copy among our products": ({"manifest.json": OURS, "tlf/annotated.docx": ""}, r"annotated\.docx"),
}


@pytest.mark.parametrize("held_there", TAKEN)
def test_an_empty_folder_and_our_own_are_taken(tmp_path, held_there):
    check_target(laid(tmp_path, TAKEN[held_there]))


@pytest.mark.parametrize(
    ("held_there", "altered"),
    [
        ("an empty folder", []),
        ("a log alone", []),
        ("a validation alone", []),
        ("our products", ["adam/adsl.parquet", "findings.csv"]),
        ("our manifest cut by a power failure", ["manifest.json"]),
        ("our manifest altered", ["manifest.json"]),
        ("our manifest gone", ["manifest.json"]),
    ],
)
def test_products_whose_manifest_is_gone_or_damaged_are_told_as_altered(tmp_path, held_there, altered):
    assert earlier_manifest(laid(tmp_path, TAKEN[held_there]))[1] == altered


@pytest.mark.parametrize("held_there", REFUSED)
def test_a_folder_with_other_things_is_never_replaced(tmp_path, held_there):
    files, named = REFUSED[held_there]
    with pytest.raises(TrialError, match=named) as told:
        check_target(laid(tmp_path, files))

    assert told.value.exit_code == EXIT_USER and told.value.where and told.value.cure


@pytest.mark.parametrize(
    "out", [".", "..", "specs", "specs/mini", "data", "data/mini/2026-06-30/out", "adam", ".git/x", "data/mini", "far"]
)
def test_products_never_go_over_what_they_are_made_from(tmp_path, out):
    root = tmp_path / "project"
    extract = laid(root / "data" / "mini" / "2026-06-30", {"AE.csv": ""}) if out != "far" else tmp_path / "far" / "x"
    place = tmp_path / "far" if out == "far" else (root / out).resolve()
    with pytest.raises(TrialError, match="never go into or over"):
        check_target(place, root, extract)


@pytest.mark.parametrize(("name", "refused"), [("a.xlsx", True), ("A.PDF", True), ("out.2026", False), ("out", False)])
def test_a_folder_of_products_has_no_name_of_a_file_unless_it_stands(tmp_path, name, refused):
    with pytest.raises(TrialError, match="names a folder") if refused else nullcontext():
        check_target(tmp_path / name)
    (tmp_path / name).mkdir()
    check_target(tmp_path / name)


def test_products_of_another_study_are_not_replaced(tmp_path):
    laid(tmp_path, {"manifest.json": OURS})
    check_target(tmp_path, study="MINI")

    with pytest.raises(TrialError, match="holds the products of study MINI"):
        check_target(tmp_path, study="OTHER")


HOLDER = """
import sys, time
from contextlib import nullcontext
from pathlib import Path
from pipeline.publish.place import held
with held(Path(sys.argv[1]), "trial build"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_runs_never_write_to_one_place_and_a_killed_one_holds_nothing(tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-c", HOLDER, str(out)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(TrialError) as told, held(out, "trial validate"):
            pass
        other.kill()
        other.wait()

    assert f"made by trial build (process {other.pid} on " in told.value.what and " since 20" in told.value.what
    assert told.value.exit_code == EXIT_USER
    with held(out, "trial validate"):
        pass


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.ENOTDIR, "is a file"),
        (errno.EIO, "disk reports"),
    ],
)
def test_what_the_disk_refuses_is_told_in_words_with_place_and_cure(tmp_path, number, word):
    with pytest.raises(TrialError, match=word) as told, in_words(tmp_path):
        raise OSError(number, os.strerror(number), "/some/file")

    assert told.value.where == "/some/file" and told.value.cure and told.value.exit_code == EXIT_USER


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_disk(tmp_path):
    with pytest.raises(FileNotFoundError), in_words(tmp_path):
        raise FileNotFoundError(errno.ENOENT, "No such file", "x")


@pytest.mark.parametrize("name", ["out", "out/adam", ".out.cache", ".out.cache/trial.log"])
def test_a_place_of_the_products_that_cannot_be_made_is_the_disks_matter(tmp_path, name):
    with pytest.raises(TrialError, match="Nothing can be made here"), in_words(tmp_path / "out"):
        raise FileNotFoundError(errno.ENOENT, "No such file", str(tmp_path / name))


def test_exports_of_an_earlier_build_are_named(tmp_path):
    assert older_exports(tmp_path) == ""
    (tmp_path / "export" / "xpt").mkdir(parents=True)
    (tmp_path / "export" / ".xpt.77").mkdir()

    assert older_exports(tmp_path) == "; export/ (xpt) is of an earlier build: write it again (trial export)"
    (tmp_path / "submission").mkdir()
    assert older_exports(tmp_path).endswith("; submission/ is of an earlier build: make it again (trial submission)")
