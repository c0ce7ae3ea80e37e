"""What is given to make reaches the program as text: no shell reads it, and a slip is refused."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
TOLD = """#!/bin/sh
env -0 | grep -z '^TRIAL_' | sort -z | tr '\\0' '\\n'
echo "arguments: $*"
"""
HOSTILE = {
    "a command in quotes": "\"; touch harmed; echo \"",
    "a command in single quotes": "'; touch harmed; echo '",
    "a command after a semicolon": "x; touch harmed",
    "backticks": "`touch harmed`",
    "a shell's substitution": "$(touch harmed)",
    "make's own shell": "$(shell touch harmed)",
    "make's own file": "$(file > harmed,x)",
    "a variable": "$HOME $$HOME ${HOME} $(HOME)",
    "blanks": "  two  blanks, ends with one ",
    "a pipe and a background": "x | touch harmed & touch harmed",
    "what looks like an option": "--help",
    "what looks like a variable": "x FOO=1 BAR=2",
    "a hash": "# no comment",
    "letters of all kinds": "Größe ✓ 研究",
    "a backslash": "C:\\data\\",
}


@pytest.fixture
def project(tmp_path):
    """The Makefile over a program that only tells what it was given."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    program = tmp_path / ".venv" / "bin" / "trial"
    program.parent.mkdir(parents=True)
    program.write_text(TOLD)
    program.chmod(0o755)
    for name in ("ready", "ready-dev"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


def make(project, *words):
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("TRIAL_", "MAKE"))}
    return subprocess.run(
        ["make", *words], cwd=project, env=bare | {"HOME": "/home/me"}, check=False, capture_output=True, text=True
    )


@pytest.mark.parametrize("name", ["EXTRACT", "STUDY", "OUT", "CUTOFF", "FAIL_ON", "SINCE"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_value_reaches_the_program_as_it_was_typed(project, name, kind):
    done = make(project, "tlf", f"{name}={HOSTILE[kind]}")

    assert f"TRIAL_{name}={HOSTILE[kind].lstrip()}\n" in done.stdout, done.stderr
    assert "arguments: build\n" in done.stdout
    assert not (project / "harmed").exists()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_dry_run_reads_no_value_either(project, kind):
    assert make(project, "-n", "validate", f"EXTRACT={HOSTILE[kind]}").stdout == ".venv/bin/trial validate\n"
    assert not (project / "harmed").exists()


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("EXTRAC", "Did you mean EXTRACT=?"),
        ("EXTRCT", "Did you mean EXTRACT=?"),
        ("extract", "Did you mean EXTRACT=?"),
        ("STUYD", "Did you mean STUDY=?"),
        ("CUT_OFF", "Did you mean CUTOFF=?"),
        ("OUTT", "Did you mean OUT=?"),
        ("FAILON", "Did you mean FAIL_ON=?"),
        ("COLOUR", "Known are: STUDY EXTRACT CUTOFF OUT"),
        ("a;b", "Known are:"),
    ],
)
def test_an_unknown_variable_is_refused_and_the_known_one_named(project, given, meant):
    done = make(project, "tlf", f"{given}=x")

    assert done.returncode == 2 and not done.stdout
    assert meant in done.stderr and "Unknown variable" in done.stderr
    assert not (project / "harmed").exists()


def test_what_the_environment_says_counts_too(project):
    command = ["make", "tlf"]
    done = subprocess.run(
        command, cwd=project, env=os.environ | {"EXTRACT": "a $(shell touch harmed)"}, capture_output=True, text=True
    )

    assert "TRIAL_EXTRACT=a $(shell touch harmed)\n" in done.stdout
    assert not (project / "harmed").exists()


def test_every_target_is_in_the_help(project):
    lines = (ROOT / "Makefile").read_text().splitlines()
    targets = [line.split(":")[0] for line in lines if ": " in line and " ## " in line]
    told = make(project, "help").stdout

    assert {"tlf", "validate", "test", "test-quick", "lint"} <= set(targets)
    assert [f"make {name} " in told for name in targets] == [True] * len(targets)
