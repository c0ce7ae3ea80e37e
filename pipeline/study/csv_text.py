"""Spec tables (CSV) as text, whole or refused: every cell stays the text it is, every row has the header's cells.

A spec is written by hand, so nothing is guessed: what is not UTF-8, a quote left open, a comma too many, a column
without a name or with the name of another are errors with file and line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ground.faults import TrialError

LONGEST_CELL = 100_000


class SpecTable(NamedTuple):
    """The header of a table and its rows, each with the line it starts on."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def load_text(path: Path) -> str:
    """The text of a spec file. Raises TrialError for a folder, a file that cannot be read, or one not UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"This file cannot be read ({error.strerror or error})."
        raise TrialError(what, str(path), "a spec is a text file that everybody may read") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TrialError("This file is not UTF-8 text.", f"{path}, line {line}", "save it as UTF-8") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise TrialError("This file holds a NUL byte.", f"{path}, line {line}", "save it as UTF-8 text")
    return text


def load_sheet(path: Path) -> SpecTable:
    """A table with the line of each row; empty lines are no rows. Raises TrialError with file and line."""
    sheet = sheet_of(path, load_text(path))
    return SpecTable([*sheet.header], [(line, [*cells]) for line, cells in sheet.rows])


def load_table(path: Path) -> Any:
    """A table as a frame of text, empty cells as ''. Raises TrialError with file and line."""
    return _table(path, load_text(path)).copy(deep=False)


def as_they_are(paths: Iterable[Path]) -> tuple[tuple[Path, bytes], ...]:
    """Files with what they hold now, by which what was read of them is kept; of one that is not there nothing."""
    return tuple((path, path.read_bytes() if path.is_file() else b"") for path in paths)


@lru_cache(maxsize=1024)
def sheet_of(path: Path, text: str) -> SpecTable:
    """What a text of this file says; the same text is read once, however many ask."""
    lines = _rows(path, text)
    first, header = next(lines, (1, []))
    if not header:
        raise TrialError("This table is empty.", f"{path}, line 1", "its first line names the columns")
    names = [cell.strip() for cell in header]
    for number, name in enumerate(names):
        if not name:
            what = f"The column {number + 1} has no name."
            raise TrialError(what, f"{path}, line {first}", "name it, or take the comma away")
        if name in names[:number]:
            raise TrialError(f"Two columns are called {name}.", f"{path}, line {first}", "keep one of them")
    rows = []
    for line, cells in lines:
        if len(cells) != len(names):
            what = f"The line has {len(cells)} cells, the header names {len(names)} columns."
            cure = "a text with a comma stands in double quotes; an empty cell keeps its comma"
            raise TrialError(what, f"{path}, line {line}", cure)
        rows.append((line, cells))
    return SpecTable(names, rows)


@lru_cache(maxsize=256)
def _table(path: Path, text: str) -> Any:
    """The frame of a text of this file."""
    import pandas as pd

    sheet = sheet_of(path, text)
    columns = zip(*(cells for _, cells in sheet.rows), strict=True) if sheet.rows else [[] for _ in sheet.header]
    return pd.DataFrame(dict(zip(sheet.header, map(list, columns), strict=True)), dtype="str")


def load_tables(paths: Iterable[Path]) -> Any:
    """Tables one below the other as one frame, empty cells as missing. Raises TrialError with file and line."""
    import pandas as pd

    frame = pd.concat([load_table(path) for path in paths], ignore_index=True)
    return frame.mask(frame.isna() | (frame == ""))


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty with its line. Raises TrialError for a quote that is open or misplaced."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            whole = "".join(cells)
            if "\n" in whole or "\r" in whole or any(len(cell) > LONGEST_CELL for cell in cells):
                cure = "close the quote on its line; a quote inside a quoted text is written twice"
                raise TrialError("A quoted text runs over more than one line.", f"{path}, line {line}", cure)
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        cure = "close the quote; a quote inside a quoted text is written twice"
        raise TrialError(f"The line cannot be read as CSV ({error}).", f"{path}, line {line}", cure) from error
