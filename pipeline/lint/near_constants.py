"""Constants of mapping sheets that are nearly, but not quite, what derivations and specs ask for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.ground import source
from pipeline.lint.places import WARNING, Grid, Problem, read_grid
from pipeline.study.specs import Specs

QUOTED = re.compile(r"""["']([A-Z][A-Z0-9 /().,&-]{4,60})["']""")
CLOSE = 0.88


@cache
def _of_code() -> frozenset[str]:
    """The texts in capitals that code of domains and analysis datasets compares values with."""
    paths = [path for home in ("sdtm", "adam") for path in sorted((source.CODE / home).rglob("*.py"))]
    return frozenset(word for path in paths for word in QUOTED.findall(path.read_text(encoding="utf-8")))


def asked_for(specs: Specs) -> frozenset[str]:
    """All texts in capitals that code or a clause of the specs asks for."""
    return asked_by(specs.root / "specs" / "standard", specs.folder)


def asked_by(*homes: Path) -> frozenset[str]:
    """All texts in capitals that code or a clause of these folders asks for."""
    files = [path for home in homes for path in sorted(home.rglob("*.*")) if path.suffix in (".yaml", ".csv")]
    texts = [path.read_text(encoding="utf-8-sig") for path in files if path.parent.name not in ("terminology", "raw")]
    return _of_code().union(*(QUOTED.findall(text) for text in texts))


def check_constants(specs: Specs) -> Iterator[Problem]:
    """A constant (hardcode) that nobody asks for, and that a sign or two would make one that somebody does."""
    asked = asked_for(specs)
    for path in specs.mappings.values():
        grid = read_grid(path, str(path.relative_to(specs.root)))
        if isinstance(grid, Grid):
            yield from _of_sheet(grid, asked)


def _of_sheet(grid: Grid, asked: frozenset[str]) -> Iterator[Problem]:
    for line, row in grid.rows:
        value = row.get("source", "")
        if row.get("rule") != "hardcode" or value in asked or len(value) < 5:
            continue
        near = difflib.get_close_matches(value, asked, 1, CLOSE)
        if near:
            what = f"nobody asks for '{value}', but for '{near[0]}'"
            yield grid.problem(line, "source", WARNING, what, f"did you mean {near[0]}?")
