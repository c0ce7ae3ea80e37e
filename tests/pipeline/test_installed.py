"""The program as who has no clone of it meets it: a wheel in an environment of its own, an empty folder."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.ground.source import GIVEN
from pipeline.new_study.project import differing

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = """FORM_OID,FORM_NAME,FIELD_OID,LABEL,DATA_TYPE,CODELIST,UNIT,REQUIRED,REPEATING_FORM,FOLDERS,CRF_VERSION
DM,Demographics,SUBJECT,Subject,text,,,Y,N,SCR,1.0
DM,Demographics,AGE,Age,integer,,years,Y,N,SCR,1.0
"""


def ran(place, *words, code=0):
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("TRIAL_", "PYTHON"))}
    done = subprocess.run([*map(str, words)], cwd=place, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def built(source, target, kind):
    ran(source, sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target)
    return next(target.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling", reason="builds of the wheel need hatchling (make test sets it up)")
    return built(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of `trial` in a new environment with the wheel; the libraries are those of this one."""
    home = tmp_path_factory.mktemp("installed")
    ran(home, sys.executable, "-m", "venv", home)
    ran(home, home / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel)
    inside = home / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    libraries = {str(Path(sys.modules[name].__file__).parents[1]) for name in ("pytest", "click", "pandas") if
                 name in sys.modules} | {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}  # fmt: skip
    (inside / "libraries.pth").write_text("".join(f"{path}\n" for path in sorted(libraries)), encoding="utf-8")
    return home / "bin"


@pytest.mark.slow
def test_the_wheel_of_the_source_archive_holds_what_the_wheel_of_the_repository_holds(wheel, tmp_path):
    archive = built(ROOT, tmp_path, "sdist")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    again = built(next((tmp_path / "source").iterdir()), tmp_path / "again", "wheel")

    names = sorted(zipfile.ZipFile(wheel).namelist())
    assert sorted(zipfile.ZipFile(again).namelist()) == names
    assert {"pipeline/py.typed", "pipeline/given/specs/standard/decisions.yaml", "pipeline/given/constraints.txt",
            "tlf/render/fonts/LiberationSans-Regular.ttf", "pipeline/verify/plan.sql"} <= set(names)  # fmt: skip
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_installed_program_begins_a_study_where_nothing_is(installed, tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    told = ran(tmp_path, installed / "trial", "new-study", "fresh", "--from", "dictionary.csv")

    assert "Began a project" in told and "trial lint-specs fresh" in told
    assert "0 errors" in ran(tmp_path, installed / "trial", "lint-specs", "fresh")


@pytest.mark.slow
def test_the_installed_program_lays_the_example_out_and_builds_of_it(installed, tmp_path):
    told = ran(tmp_path, installed / "trial", "init", "try_out").splitlines()
    folder, command = told[-1].removeprefix("  next      cd ").split(" && ")
    place = tmp_path / folder
    ran(place, installed / "trial", *command.split()[1:], "dm", "--quiet", "--no-review")

    assert [*(place / "output").glob("*/sdtm/dm.parquet")] != []
    assert "standard" in ran(place, installed / "trial", "init", "--standard")
    assert differing(place) == []


def test_without_a_project_the_command_that_begins_one_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.study.specs.project_around", lambda start: None)
    done = CliRunner().invoke(trial, ["build", "--root", str(tmp_path)])

    assert (done.exit_code, "trial new-study NAME, or trial init" in done.output) == (2, True)


def test_a_project_is_begun_in_an_empty_folder_and_what_was_there_stays(tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "Makefile").write_text("mine:\n", encoding="utf-8")
    words = ["new-study", "fresh", "--from", str(tmp_path / "dictionary.csv"), "--root", str(tmp_path)]
    done = CliRunner().invoke(trial, words)

    assert done.exit_code == 0, done.output
    assert "kept      Makefile, which was there" in done.output
    assert (tmp_path / "Makefile").read_text() == "mine:\n"
    assert {"README.md", "requirements.txt", "constraints.txt", ".gitignore", ".ci", "specs", "data"} <= {
        path.name for path in tmp_path.iterdir()}  # fmt: skip
    assert "@" not in (tmp_path / "README.md").read_text()


def test_a_project_is_begun_by_nothing_that_fails(tmp_path):
    words = ["new-study", "fresh", "--from", str(tmp_path / "none.csv"), "--root", str(tmp_path)]

    assert CliRunner().invoke(trial, words).exit_code == 2
    assert [*tmp_path.iterdir()] == []


def test_the_standard_of_a_project_becomes_that_of_the_program(tmp_path):
    CliRunner().invoke(trial, ["init", str(tmp_path)])
    standard = tmp_path / "specs" / "standard"
    (standard / "sets.yaml").write_text("changed", encoding="utf-8")
    (standard / "older.yaml").write_text("gone since", encoding="utf-8")
    (standard / "columns.yaml").unlink()

    assert differing(tmp_path) == ["columns.yaml", "older.yaml", "sets.yaml"]
    assert "3 files changed" in CliRunner().invoke(trial, ["init", str(tmp_path), "--standard"]).output
    assert differing(tmp_path) == []
    assert (standard / "sets.yaml").read_bytes() == (GIVEN / "specs" / "standard" / "sets.yaml").read_bytes()


def test_the_example_is_laid_out_once(tmp_path):
    assert CliRunner().invoke(trial, ["init", str(tmp_path)]).exit_code == 0
    again = CliRunner().invoke(trial, ["init", str(tmp_path)])

    assert (again.exit_code, "there already" in again.output) == (2, True)


def test_the_version_stands_in_one_place():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == told
    assert f"\n## {told}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
