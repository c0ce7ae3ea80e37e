"""The example study of the manual (docs/specs/example): laid out as a project, and what lint says of a slip in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.lint.kept import Kept, says_outputs_alone
from pipeline.lint.places import ERROR, Problem
from pipeline.lint.report import look

EXAMPLE = Path("docs") / "specs" / "example"
NAME = "example"
CURE = "mend docs/specs/slips.csv"


def lay_out(root: Path, place: Path) -> Path:
    """A project at `place` with the standard's specs and the example as its study; the folder of the study's specs."""
    shutil.copytree(root / "specs" / "standard", place / "specs" / "standard")
    shutil.copytree(root / EXAMPLE, place / "specs" / NAME)
    (place / "data").mkdir()
    (place / "specs" / NAME / "data").rename(place / "data" / NAME)
    return place / "specs" / NAME


def said_of(root: Path, slip: Mapping[str, str]) -> str:
    """What the linter says first when a text of a file (`file`, `written`) is replaced by a `slip`.

    Raises TrialError where the file has no such text, or the linter finds nothing.
    """
    return _said(root, slip["file"], slip["written"], slip["slip"])


@cache
def _project(root: Path) -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    """The folder of the example's specs, laid out once for all slips; it goes with the process."""
    place = tempfile.TemporaryDirectory()
    return lay_out(root, Path(place.name)), place


@cache
def _of_no_output(root: Path) -> list[Problem] | None:
    """What the linter says of the example, but of its outputs: it says it again whatever an output says."""
    kept = Kept()
    look(Path(_project(root)[1].name), NAME, kept)
    return kept.now


@cache
def _said(root: Path, file: str, written: str, slip: str) -> str:
    folder, place = _project(root)
    path = folder / file
    whole = path.read_bytes()
    text = whole.decode("utf-8")
    if written not in text:
        raise TrialError(f"The example has no '{written}'.", file, CURE)
    kept = Kept(_of_no_output(root)) if says_outputs_alone(path) else None
    path.write_text(text.replace(written, slip, 1), encoding="utf-8")
    try:
        found = look(Path(place.name), NAME, kept).problems
    finally:
        path.write_bytes(whole)
    found = sorted(found, key=lambda one: (one.kind != ERROR, one.file, one.line, one.column))
    told = [one.text() for one in found]
    if not told:
        raise TrialError(f"The linter finds no slip in '{slip}'.", file, CURE)
    return told[0]
