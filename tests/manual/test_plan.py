"""What the page `plan.md` writes for a plan is in order when it is laid over the example."""

import re
from pathlib import Path

import pytest
import yaml

from pipeline.lint.report import lint
from pipeline.manual.example import NAME, lay_out
from pipeline.publish.build import Request, run
from pipeline.study.decisions import load_decisions

ROOT = Path(__file__).parents[2]
PIECE = re.compile(r"^```(?:yaml|csv) (?P<file>[\w/.]+)\n(?P<text>.*?)^```$", re.M | re.S)


def lay_over(folder):
    """Every piece over the file it names: words of YAML win, entries of lists and lines of CSV are added."""
    pieces = PIECE.finditer((ROOT / "docs" / "specs" / "plan.md").read_text(encoding="utf-8"))
    for path, text in [(folder / piece["file"], piece["text"]) for piece in pieces]:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            path.write_text(before + text, encoding="utf-8")
            continue
        old, new = (yaml.load(one, yaml.BaseLoader) for one in (before, text))
        both = [*(old or []), *new] if isinstance(new, list) else {**(old or {}), **new}
        path.write_text(yaml.safe_dump(both, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("plan")
    lay_over(lay_out(ROOT, place))
    return place


def test_every_decision_that_the_page_names_is_one():
    text = (ROOT / "docs" / "specs" / "plan.md").read_text(encoding="utf-8")
    known = load_decisions(ROOT / "specs" / "standard", ROOT / "nowhere")

    assert {*re.findall(r"\b[A-Z]+\d?_[A-Z0-9_]+\b", text)} - {*known, "MAX_GRADE", "MAX_DAYS"} == set()


def test_every_piece_of_the_plan_page_is_in_order(place):
    assert [problem.text() for problem in lint(place, NAME)[0]] == []


@pytest.mark.slow
def test_the_example_runs_with_all_of_them(place):
    assert run(Request(root=str(place), study=NAME, out=str(place / "out"), quiet=True)) == 0
