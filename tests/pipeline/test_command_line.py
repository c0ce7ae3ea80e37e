"""What every command has in common: options by one name, one object for machines, exit codes; doctor and status."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline import doctor
from pipeline.cli import trial
from pipeline.ground.answer import facts_asked, json_text, tell_facts
from pipeline.ground.machine import versions
from pipeline.intake.cutoff import NoCutError
from pipeline.publish.build import prepare
from pipeline.publish.log import Log

ROOT = Path(__file__).resolve().parents[2]
OF_NO_STUDY = {"bench", "lint", "published", "init", "new-study", "pool", "doctor", "spec"}
OF_AN_EXTRACT = {"build", "validate", "trace", "impact", "profile", "sensitivity", "coverage", "export", "submission",
                 "status"}  # fmt: skip
TOLD_TO_MACHINES = {"validate", "status", "doctor", "impact", "trace", "compare", "conform", "verify", "lint-specs",
                    "coverage", "sensitivity", "diff", "published"}  # fmt: skip
COMMANDS = {name: {option for one in command.params for option in one.opts} for name, command in trial.commands.items()}


def asked(*words, **more):
    return CliRunner(**more).invoke(trial, [str(word) for word in words])


@pytest.mark.parametrize("name", sorted({*COMMANDS} - OF_NO_STUDY))
def test_a_command_on_a_study_takes_study_and_root(name):
    assert {"--study", "--root"} <= COMMANDS[name]


@pytest.mark.parametrize("name", sorted(OF_AN_EXTRACT))
def test_a_command_on_an_extract_takes_extract_and_out(name):
    assert {"--extract", "--out"} <= COMMANDS[name]


def test_what_prints_text_for_a_person_prints_json_for_a_machine():
    assert {name for name, options in COMMANDS.items() if "--json" in options} == TOLD_TO_MACHINES


def test_an_answer_for_machines_has_words_facts_fault_and_exit_code():
    told = json.loads(asked("lint-specs", "nobody", "--json", "--root", ROOT).output)

    assert (told["command"], told["exit_code"], told["lines"], told["facts"]) == ("lint-specs", 2, [], {})
    assert told["fault"]["what"] == "Unknown study 'nobody'."


def test_facts_are_kept_only_while_asked_for_and_tables_become_records():
    tell_facts(lost=1)
    with facts_asked() as facts:
        tell_facts(table=pd.DataFrame({"USUBJID": ["1"], "AVAL": [float("nan")]}), day=pd.Timestamp("2026-06-30"))

    assert json.loads(json_text(facts)) == {"table": [{"USUBJID": "1", "AVAL": None}], "day": "2026-06-30 00:00:00"}


def test_help_tells_the_exit_codes():
    said = asked("--help").output

    assert all(f"  {code}  " in said for code in ("0", "1", "2", "3", "130"))


def test_a_shell_completes_the_names_of_commands():
    env = os.environ | {"_TRIAL_COMPLETE": "bash_complete", "COMP_WORDS": "trial conf", "COMP_CWORD": "1"}
    program = Path(sys.executable).with_name("trial")
    told = subprocess.run([program], env=env, capture_output=True, text=True, check=False).stdout

    assert told.splitlines() == ["plain,conform"]


def test_pins_are_of_the_python_at_hand_and_hashes_are_no_part_of_them(tmp_path):
    path = tmp_path / "constraints.txt"
    path.write_text("# a word\nclick==8.5.1 \\\n    --hash=sha256:ab\nscipy==1 ; python_full_version < '3'\n"
                    "scipy==2 ; python_full_version >= '3'\n", encoding="utf-8")  # fmt: skip

    assert doctor.pins(path) == {"click": "8.5.1", "scipy": "2"}


def test_doctor_knows_what_the_program_rests_on_and_nothing_that_only_tests_need():
    needed = doctor.needs("trial-pipeline")

    assert {"pandas", "typst", "python-dateutil"} <= set(needed)
    assert not {"pytest", "ruff", "playwright"} & set(needed)


@pytest.mark.parametrize(
    ("pinned", "there", "state"),
    [({"pandas": "3"}, "3", "ok"), ({"pandas": "3"}, "2", "look"), ({"pandas": "3"}, "", "lacking")],
)
def test_doctor_tells_libraries_that_are_lost_or_other_than_tested(monkeypatch, pinned, there, state):
    monkeypatch.setattr(doctor, "pins", lambda path: pinned)
    monkeypatch.setattr(doctor, "needs", lambda program: ["pandas"])
    monkeypatch.setattr(doctor, "_version", lambda name: there)
    (told,) = doctor.libraries()

    assert (told.state, bool(told.cure)) == (state, state != "ok")


def test_doctor_ends_with_one_where_products_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "_may_write", lambda folder: False)
    done = asked("doctor", "--root", ROOT, "--out", tmp_path / "out")

    assert done.exit_code == 1
    assert "cannot be written" in done.output and "say another --out" in done.output


def test_doctor_tells_a_standard_that_is_other_than_the_programs(tmp_path):
    shutil.copytree(ROOT / "specs" / "standard", tmp_path / "specs" / "standard")
    (tmp_path / "specs" / "standard" / "sets.yaml").write_text("other", encoding="utf-8")
    told = {one.thing: one for one in doctor.project(tmp_path, tmp_path)}

    assert (told["specs/standard"].state, "sets.yaml" in told["specs/standard"].found) == ("look", True)


def test_status_tells_a_study_that_is_not_built(tmp_path):
    done = asked("status", "bsab12", "--root", ROOT, "--out", tmp_path)

    assert (done.exit_code, "not built" in done.output) == (1, True)


@pytest.fixture(scope="module")
def again(lean, tmp_path_factory):
    """The project of the lean study once more, to change its specs; its products are those of the lean study."""
    root = tmp_path_factory.mktemp("again")
    shutil.copytree(lean.root / "specs", root / "specs")
    (root / "data").symlink_to(lean.root / "data")
    return root


def status(lean, root):
    done = asked("status", "--root", root, "--study", "iomab_act", "--out", lean.out, "--json")
    (told,) = json.loads(done.output)["facts"]["studies"]
    return done.exit_code, told["state"], told["why"], told["anew"]


def test_status_tells_what_is_stale_and_why_and_makes_nothing(lean, again):
    before = {path: path.stat().st_mtime_ns for path in lean.out.parent.rglob("*") if path.is_file()}
    assert status(lean, again) == (0, "up to date", [], None)

    decisions = again / "specs" / "iomab_act" / "decisions.yaml"
    decisions.write_text("AGE_CUT: 60\n", encoding="utf-8")
    code, state, why, anew = status(lean, again)

    assert (code, state, why) == (1, "stale", ["specs: specs/iomab_act/decisions.yaml"])
    assert "adsl" in anew and "dm" not in anew
    assert {path: path.stat().st_mtime_ns for path in lean.out.parent.rglob("*") if path.is_file()} == before


def test_status_takes_the_cut_of_the_products_where_the_delivery_states_none(lean, again, monkeypatch):
    def stated(request, *rest):
        if not request.cutoff:
            raise NoCutError("No data cut is known.")
        return prepare(request, *rest)

    monkeypatch.setattr("pipeline.publish.build.prepare", stated)
    monkeypatch.setattr("pipeline.status.versions", lambda: versions() | {"numpy": "9"})

    assert status(lean, lean.root)[3] == []


def test_status_tells_other_versions_of_the_libraries(lean, monkeypatch):
    monkeypatch.setattr("pipeline.status.versions", lambda: versions() | {"numpy": "9"})

    assert status(lean, lean.root)[:3] == (1, "stale", ["versions: numpy"])


class Terminal:
    """A terminal of a width, which remembers what was written."""

    def __init__(self):
        self.said = ""

    def isatty(self):
        return True

    def write(self, text):
        self.said += text

    def flush(self):
        pass


@pytest.mark.parametrize("width", [40, 80])
def test_a_stage_says_what_runs_and_how_long_it_took_last_time(tmp_path, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    first = Log(tmp_path / "first.log")
    first.stage("SDTM", "76 made of 90,670 records", 60.54)
    again = Log(tmp_path / "second.log", earlier=first.close().decode())
    again.begins("SDTM", 76)
    again.close()

    assert "SDTM       76 to look at, last time 60.5 s"[: width - 3] in terminal.said
    assert max(map(len, terminal.said.replace("\r", "\n").splitlines())) <= max(width, 54)


def test_no_colour_is_no_colour(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    with_it = CliRunner().invoke(trial, ["lint-specs", "nobody", "--root", str(ROOT)], color=True)
    monkeypatch.delenv("NO_COLOR")
    without = CliRunner().invoke(trial, ["lint-specs", "nobody", "--root", str(ROOT)], color=True)

    assert ("\033[" in with_it.output, "\033[" in without.output) == (False, True)


