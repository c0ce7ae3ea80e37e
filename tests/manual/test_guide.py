"""What the documentation types is run, page by page, as a reader would type it; what is not run says why."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from fences import RUN, SHOWN, fences, missing, script, shown, typing

from pipeline.cli import trial

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), *PAGES]
IN_A_PROJECT = ["data_manager.md", "submission.md", "scale.md", "from_sas.md", "python.md"]
IN_AN_EMPTY_FOLDER = ["new_study.md"]
FROM_THE_EXAMPLE = ["start.md"]
TYPED = re.compile(r"^ {4}(?:[\w=/.]+ )?(trial (?!A B)[a-z].*)$", re.MULTILINE)


def typed(page, place):
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TRIAL_")}
    program = Path(sys.executable).parent
    env = bare | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}", "TRIAL_WORKERS": "1"}
    words = ["bash", "-c", script((GUIDE / page).read_text(encoding="utf-8"))]
    done = subprocess.run(words, cwd=place, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    text = (GUIDE / page).read_text(encoding="utf-8")
    assert [line for block, told in shown(text, done.stdout) for line in missing(block, told)] == []
    return done.stdout


@pytest.mark.parametrize("page", IN_A_PROJECT)
def test_a_page_about_the_example_can_be_typed(project, page):
    assert ">>>" in typed(page, project)


@pytest.mark.parametrize("page", FROM_THE_EXAMPLE)
def test_who_starts_reaches_the_end_in_order(example_out, seeded, tmp_path, page):
    seeded(tmp_path / "try_out", example_out)
    told = typed(page, tmp_path)

    assert "Nothing is lacking." in told and "T-14.2.1" in told
    assert re.search(r"^iomab_act +stale .*\n +why +specs: specs/iomab_act/decisions.yaml\n +anew", told, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("page", IN_AN_EMPTY_FOLDER)
def test_a_study_of_ones_own_has_its_first_table(tmp_path, page):
    """Three subjects, entered by hand on the page: all enrolled, two infused; neutropenia in one of them."""
    told = typed(page, tmp_path)

    assert re.search(r"my_trial: 0 errors", told)
    assert re.search(r"Subjects and Analysis Sets(.*\n)+? +\(N=3\)(.*\n)+?Infused +2", told)
    assert re.search(r"Treatment-Emergent Adverse Events(.*\n)+? +\(N=2\)(.*\n)+? +Neutropenia +1\n", told)
    assert "from the first study treatment to 90 days after" in " ".join(told.split())
    assert "AE.csv line 3" in told


def test_every_page_that_types_something_is_run():
    found = [path.name for path in PAGES if typing(path.read_text(encoding="utf-8"))]

    assert found == sorted([*IN_A_PROJECT, *FROM_THE_EXAMPLE, *IN_AN_EMPTY_FOLDER])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_block_of_commands_is_left_unrun_without_a_reason(path):
    found = fences(path.read_text(encoding="utf-8"))
    left = [one for one in found if one.language not in SHOWN and not one.why]

    assert [one.body for one in left if path.parent != GUIDE or one.language not in RUN] == []


def commands_typed():
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        lines = [re.split(r" {2,}", line)[0] for line in TYPED.findall(text)]
        lines += [line for one in fences(text) if one.language == "sh" for line in one.body.splitlines()]
        yield from ((path.name, line) for line in lines if line.startswith("trial "))


@pytest.mark.parametrize(("page", "line"), sorted(set(commands_typed())))
def test_every_command_that_a_text_names_is_there_with_its_options(page, line):
    command, words = trial, line.split(" || ")[0].split()[1:]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0] in command.commands
        command = command.commands[words.pop(0)]
    known = {option for one in command.params for option in one.opts} | {"--help", "--version", "-h"}

    assert {word for word in words if word.startswith("--")} - known == set()
