"""Readers: one module per kind of delivered file, each giving the same Sheets of text cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """What a reader met in one cell that somebody has to look at."""

    check: str
    severity: str
    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Sheet:
    """One form's cells as text: header, rows, and the line (of the file or sheet) each row starts on."""

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    encoding: str = "utf-8"
    notes: tuple[Note, ...] = ()
