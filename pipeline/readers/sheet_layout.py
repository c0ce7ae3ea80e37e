"""What a sheet of a workbook says of its rows and columns: merged cells, hidden rows, columns and sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.readers import Note, lines_told

MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
HIDDEN = re.compile(rb'<(?:\w+:)?(row|col)\b([^>]*?\bhidden="(?:1|true)"[^>]*)>')
NUMBER = re.compile(rb'\b(r|min|max)="(\d{1,7})"')
FILLED = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^>]*)?>[^<]|is>)")  # a cell's stored value, or its text in place
MOST_MERGES = 10_000


@dataclass(frozen=True)
class SheetLayout:
    """Merged areas as (row, column, last row, last column), hidden rows and columns from 1, and a hidden sheet.

    `filled` is how many cells hold something, counted apart from the library that reads them.
    """

    merged: tuple[tuple[int, int, int, int], ...] = ()
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    hidden: bool = False
    filled: int = 0


def layout_of(path: Path, sheet: Any) -> SheetLayout:
    """The layout of one sheet of an opened workbook, from the sheet's own part."""
    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    with zipfile.ZipFile(path) as archive:
        content = archive.read(part) if part in archive.namelist() else b""
    merged = [(int(r), _place(c), int(s), _place(d)) for c, r, d, s in MERGED.findall(content)[:MOST_MERGES]]
    rows, columns = set(), set()
    for kind, attributes in HIDDEN.findall(content):
        numbers = {name: int(number) for name, number in NUMBER.findall(attributes)}
        if kind == b"row":
            rows.add(numbers.get(b"r", 0))
        else:
            columns |= set(range(numbers.get(b"min", 1), min(numbers.get(b"max", 0), 16384) + 1))
    filled = sum(1 for _ in FILLED.finditer(content))
    return SheetLayout(tuple(merged), frozenset(rows), frozenset(columns), sheet.sheet_state != "visible", filled)


def _place(letters: bytes) -> int:
    """1 of A, 27 of AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def merged_header(texts: Mapping[int, list[str]], layout: SheetLayout, header_row: int) -> tuple[list[str], int]:
    """The names of the columns, and the last row of the header.

    A heading merged over several columns has its own names in the row below: "Lesion 1" over LDi and SDi names
    "Lesion 1 LDi" and "Lesion 1 SDi". Where the contract names the lower row, the upper one tells names apart that
    stand twice.
    """
    below = texts.get(header_row + 1, [])
    if _is_second_row(below, _across(layout, header_row), header_row):
        return _joined(texts.get(header_row, []), below, layout, header_row), header_row + 1
    names = list(texts.get(header_row, []))
    filled = [name for name in names if name]
    if len(set(filled)) < len(filled) and _across(layout, header_row - 1):
        return _joined(texts.get(header_row - 1, []), names, layout, header_row - 1), header_row
    return names, header_row


def _across(layout: SheetLayout, row: int) -> list[tuple[int, int, int, int]]:
    """Areas merged over several columns that begin in a row."""
    return [m for m in layout.merged if m[0] == row and m[3] > m[1]]


def _is_second_row(below: list[str], across: list[tuple[int, int, int, int]], row: int) -> bool:
    """True where a row has names under merged headings and nothing else: a record has its subject elsewhere too."""
    if not across or any(m[2] > row for m in across):
        return False
    under = {place for m in across for place in range(m[1] - 1, m[3])}
    groups = [[name for name in below[m[1] - 1 : m[3]] if name] for m in across]
    named = all(len(group) > 1 and len(set(group)) == len(group) for group in groups)
    numbers = any(re.fullmatch(r"[\d.,:/TZ -]+", name) for group in groups for name in group)
    return named and not numbers and not any(name for i, name in enumerate(below) if i not in under)


def _joined(upper: list[str], lower: list[str], layout: SheetLayout, row: int) -> list[str]:
    """Each lower name behind the heading that is merged over it; without one the upper name, or the lower."""
    width = max(len(upper), len(lower), *[m[3] for m in layout.merged if m[0] == row])
    upper, lower = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    heading = list(upper)
    for first_row, left, _, right in layout.merged:
        if first_row == row:
            heading[left - 1 : right] = [upper[left - 1]] * (right - left + 1)
    return [f"{over} {name}".strip() for over, name in zip(heading, lower, strict=True)]


def notes_of(layout: SheetLayout, header: list[str], table: Mapping[int, list[Any]], last: int) -> Iterator[Note]:
    """What of the data is hidden or merged: read all the same, and said."""
    if layout.hidden:
        yield Note("RAW-LAYOUT", "minor", 0, "", "", "The sheet is hidden in its workbook; it is read. Ask why.")
    for _, left, _, right in [m for m in _across(layout, last) if m[1] <= len(header)]:
        message = f"The heading {header[left - 1]} is merged over {right - left + 1} columns; it names the first only."
        yield Note("RAW-LAYOUT", "major", last, header[left - 1], "", message)
    rows = sorted(layout.rows & set(table))
    if rows:
        message = f"{len(rows)} rows of the sheet are hidden ({lines_told(rows)}); they are read. Ask why."
        yield Note("RAW-LAYOUT", "minor", rows[0], "", str(len(rows)), message)
    columns = [header[i - 1] for i in sorted(layout.columns) if i <= len(header)]
    if columns:
        message = f"Columns of the sheet are hidden ({', '.join(columns[:8])}); they are read. Ask why."
        yield Note("RAW-LAYOUT", "minor", 0, columns[0], str(len(columns)), message)
    for row, left, last, right in layout.merged:
        if row in table and left <= len(header):
            message = (
                f"Cells of rows {row} to {last} and {right - left + 1} columns are merged; "
                "the value counts for the first of them only. Ask for one value per cell."
            )
            yield Note("RAW-CELL", "major", row, header[left - 1], "", message)
