"""Where things stand in a spec file: the line and column of every YAML value and of every CSV cell."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.ground.words import did_you_mean

ERROR, WARNING, OPEN = "error", "warning", "open"


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
    places: dict[tuple[Any, ...], tuple[int, int]]

    def problem(self, where: tuple[Any, ...], kind: str, what: str, cure: str = "") -> Problem:
        """A problem at a path of the document, or at the nearest parent that has a place."""
        while where and where not in self.places:
            where = where[:-1]
        line, column = self.places.get(where, (1, 1))
        return Problem(self.name, line, column, kind, what, cure)

    def unknown_words(self, where: tuple[Any, ...], content: Any, known: tuple[str, ...], thing: str) -> list[Problem]:
        """An error for every key of a mapping that nobody reads."""
        words = [word for word in (content if isinstance(content, dict) else {}) if word not in known]
        what = "{} has the unknown word '{}'"
        return [self.problem((*where, w), ERROR, what.format(thing, w), did_you_mean(w, known)) for w in words]


def read_document(path: Path, name: str) -> Document | Problem:
    """A YAML file with its places, or the problem that keeps it from being read."""
    from pipeline.ground.faults import TrialError
    from pipeline.yaml_text import load_yaml

    try:
        content = load_yaml(path)
    except TrialError as error:
        numbers = [int(word) for word in error.where.replace(",", " ").split() if word.isdigit()]
        line, column = (numbers[-2:] if len(numbers) > 1 else [*numbers, 1, 1])[:2]
        return Problem(name, line, column, ERROR, error.what.rstrip("."), error.cure)
    places: dict[tuple[Any, ...], tuple[int, int]] = {}
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    if node is not None:
        _walk(node, (), places)
    return Document(path, name, content, places)


def _walk(node: Any, where: tuple[Any, ...], places: dict[tuple[Any, ...], tuple[int, int]]) -> None:
    places.setdefault(where, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            places[(*where, key.value)] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _walk(value, (*where, key.value), places)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*where, number), places)


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


def read_grid(path: Path, name: str) -> Grid:
    """A CSV file with its places; each row knows the line it starts on."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    rows, before = [], 0
    header: list[str] = []
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not header:
            header = [cell.strip() for cell in cells]
        elif any(cells):
            rows.append((line, dict(zip(header, [*cells, *[""] * len(header)], strict=False))))
    return Grid(name, header, rows, text.splitlines())
