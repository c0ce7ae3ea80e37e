"""Commands that look into a build take its data cut where nobody says one; a build itself never does."""

import json
from pathlib import Path

import pytest

from pipeline.intake.cutoff import LATEST, NoCutError, checked
from pipeline.publish import build
from pipeline.publish.build import Request, as_built


@pytest.fixture
def cuts(monkeypatch):
    """`prepare` of a study whose delivery states no data cut: it tells the one it was given."""
    monkeypatch.setattr(build, "prepare", lambda request, specs, out: checked(request.cutoff))


def built(out: Path) -> Path:
    (out / "manifest.json").write_text(json.dumps({"study": "S", "cutoff": "2026-09-30", "build": "1"}), "utf-8")
    return out


def test_the_cut_of_the_products_is_taken(cuts, tmp_path):
    assert as_built(Request(), None, built(tmp_path)) == "2026-09-30"


def test_a_cut_that_is_said_wins(cuts, tmp_path):
    assert as_built(Request(cutoff="2026-06-30"), None, built(tmp_path)) == "2026-06-30"


def test_without_products_the_cut_is_asked_for_with_the_option_that_says_it(cuts, tmp_path):
    with pytest.raises(NoCutError) as error:
        as_built(Request(), None, tmp_path)
    assert error.value.cure.startswith("say --cutoff 2026-06-30")


def test_what_a_decision_decides_needs_no_cut(cuts, tmp_path):
    assert as_built(Request(), None, tmp_path, undated=True) == LATEST
