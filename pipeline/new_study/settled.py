"""What lint refuses of a proposal becomes an open row: what new-study wrote never stops the first build."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Protocol

from pipeline.new_study.sheets import HEADER, csv_text

TESTS = "_tests.csv"


class Refusal(Protocol):
    """An error of lint: the file from the project's root, its line, what is wrong and the cure."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def what(self) -> str: ...
    @property
    def cure(self) -> str: ...


def settled(files: Mapping[str, str], folder: str, refused: Iterable[Refusal]) -> dict[str, str]:
    """The mapping sheets and tables of tests without the rows that are refused; each is open, with what was said of it.

    A test goes open in the sheet of its domain; a table without tests left is '': it is to be taken away. Errors of
    other files, and of a sheet as a whole, change nothing.
    """
    said = {(one.file.removeprefix(f"{folder}/"), one.line): f"{one.what}; {one.cure}" for one in refused}
    named = [path for path, _ in said if path.startswith("mapping/") and path in files]
    tables = {path: list(csv.reader(io.StringIO(files[path]))) for path in named}
    for path in [path for path in tables if path.endswith(TESTS)]:
        sheet = path.replace(TESTS, ".csv")
        tables.setdefault(sheet, list(csv.reader(io.StringIO(files.get(sheet, "")))) or [list(HEADER)])
    opened: dict[str, list[list[str]]] = {}
    for path, table in list(tables.items()):
        for number in [n for n in range(len(table), 1, -1) if (path, n) in said]:
            row = table.pop(number - 1)
            opened.setdefault(path.replace(TESTS, ".csv"), []).append(_open(row, path, said[path, number]))
    for path, rows in opened.items():
        tables[path] += rows
    texts = {path: "" if path.endswith(TESTS) and not table[1:] else csv_text(table) for path, table in tables.items()}
    return {path: text for path, text in texts.items() if files.get(path) != text}


def _open(row: list[str], path: str, why: str) -> list[str]:
    """The open row of a field: what was proposed for it and why it cannot stand."""
    form, field = row[0], row[1] if path.endswith(TESTS) else _field(row)
    proposed = f"test {row[2]}" if path.endswith(TESTS) else f"{row[2]} by {row[3]}"
    return ["", "OPEN", "", "", f"{form}.{field}", f"proposed was {proposed}, but {why}"]


def _field(row: list[str]) -> str:
    """The field of a row: the first of its source, of a constant the first that its condition asks."""
    return row[5].partition(" ")[0] if row[3] == "hardcode" and row[5] else row[4].partition(" ")[0]
