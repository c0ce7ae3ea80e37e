"""Readers: one module per kind of delivered file, each giving the same Sheets of text cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ground.words import some_of


@dataclass(frozen=True)
class Note:
    """What a reader met in one cell, line (0: the whole file) or column that somebody has to look at."""

    check: str
    severity: str
    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Sheet:
    """One form's cells as text: header, rows, and the line (of the file or sheet) each row starts on.

    `lost` says what was there and could not be read as records: from such a sheet nothing may be made. `inactive` is
    the column and the value by which the file itself marks what the database has removed, `own` are columns that the
    reader adds and nobody has to know.
    """

    file: str
    header: list[str]
    rows: Sequence[list[str]]
    lines: Sequence[int]
    encoding: str = "utf-8"
    notes: tuple[Note, ...] = ()
    lost: tuple[str, ...] = ()
    agreed_encoding: str = "utf-8"
    separator: str = ","
    inactive: tuple[str, str] | None = None
    own: frozenset[str] = frozenset()


def lines_told(lines: Sequence[int]) -> str:
    """Line numbers as people read them: "line 4", "lines 4 to 9", "lines 4, 7, 12 and 30 more"."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    if lines[-1] - lines[0] == len(lines) - 1:
        return f"lines {lines[0]} to {lines[-1]}"
    return f"lines {some_of([str(line) for line in lines], 8)}"
