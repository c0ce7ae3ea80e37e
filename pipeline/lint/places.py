"""Where things stand in a spec file: the line and column of every YAML value and of every CSV cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.study.csv_text import load_text, sheet_of
from pipeline.study.yaml_text import load_yaml, places

ERROR, WARNING, OPEN = "error", "warning", "open"
PLACE = re.compile(r"\b(line|column) (\d+)")


@dataclass(frozen=True)
class Problem:
    """One thing to mend (error), to look at (warning) or to decide (open), where it stands, and the cure."""

    file: str
    line: int
    column: int
    kind: str
    what: str
    cure: str = ""

    def text(self) -> str:
        """As printed: specs/x/study.yaml:4:1 error: what; cure."""
        cure = f"; {self.cure}" if self.cure else ""
        return f"{self.file}:{self.line}:{self.column} {self.kind}: {self.what}{cure}"


@dataclass(frozen=True)
class Document:
    """A YAML file: its content (all scalars text) and the place of every key and list item, by path."""

    path: Path
    name: str
    content: Any
    places: Mapping[tuple[Any, ...], tuple[int, int]]

    def problem(self, where: tuple[Any, ...], kind: str, what: str, cure: str = "") -> Problem:
        """A problem at a path of the document, or at the nearest parent that has a place."""
        while where and where not in self.places:
            where = where[:-1]
        line, column = self.places.get(where, (1, 1))
        return Problem(self.name, line, column, kind, what, cure)


def read_document(path: Path, name: str) -> Document | Problem:
    """A YAML file with its places, or the problem that keeps it from being read."""
    try:
        content = load_yaml(path)
    except TrialError as error:
        return problem_of(error, name)
    return Document(path, name, content, places(path))


@dataclass(frozen=True)
class Grid:
    """A CSV file: its header, its rows as dictionaries with their line, and the column at which each cell starts."""

    name: str
    header: list[str]
    rows: list[tuple[int, dict[str, str]]]
    lines: list[str]

    def problem(self, line: int, column: str, kind: str, what: str, cure: str = "") -> Problem:
        """A problem in one cell."""
        return Problem(self.name, line, self.starts(line, column), kind, what, cure)

    def starts(self, line: int, column: str) -> int:
        """The character at which a cell starts, from 1; 1 for a column that is not there."""
        if column not in self.header or line > len(self.lines):
            return 1
        wanted, seen, quoted = self.header.index(column), 0, False
        for at, sign in enumerate(self.lines[line - 1], start=1):
            if seen == wanted:
                return at
            quoted ^= sign == '"'
            seen += sign == "," and not quoted
        return len(self.lines[line - 1]) + 1

    def lacks(self, *columns: str) -> list[Problem]:
        """An error for every column that must be there and is not."""
        missing = [c for c in columns if c not in self.header]
        cure = f"the header is {','.join(columns)}"
        return [Problem(self.name, 1, 1, ERROR, f"the column {c} is missing", cure) for c in missing]


def read_grid(path: Path, name: str) -> Grid | Problem:
    """A CSV file with its places, each row with the line it starts on; or the problem that keeps it from being read."""
    try:
        return Grid(name, *_cells(path, load_text(path)))
    except TrialError as error:
        return problem_of(error, name)


@lru_cache(maxsize=1024)
def _cells(path: Path, text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]], list[str]]:
    """The header, rows and lines of a text of this file; the same text is read once."""
    sheet = sheet_of(path, text)
    rows = [(line, dict(zip(sheet.header, cells, strict=True))) for line, cells in sheet.rows if any(cells)]
    return sheet.header, rows, text.splitlines()


def problem_of(error: TrialError, name: str) -> Problem:
    """An error of a reader as a problem of its file; the place is the `line L, column C` that it says."""
    numbers = {word: int(number) for word, number in PLACE.findall(error.where)}
    return Problem(name, numbers.get("line", 1), numbers.get("column", 1), ERROR, error.what.rstrip("."), error.cure)
