"""A specification workbook as bytes, and a sponsor's as sheets; the same sheets make the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.publish.specification.sheets import COLUMNS, SpecSheet, column_of, kind_of
from pipeline.readers.workbook import read_workbook_sheet, sheet_names

WIDE, NARROW, LONGEST = 48, 14, 32_000
LONG = ("Label", "Description", "Structure", "Title", "Documentation", "Developer Notes", "Decoded Value", "Href")
STAMP = datetime(2000, 1, 1)


def book(sheets: Sequence[SpecSheet], title: str) -> bytes:
    """The workbook: every cell a text, never a formula. Raises TrialError for a text that no cell holds."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as written:
        written.set_properties({"title": title, "created": STAMP})
        head, cell = (
            written.add_format({"bold": True, "bg_color": "#DCE6F1"}),
            written.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        )
        for one in sheets:
            page = written.add_worksheet(one.name)
            page.freeze_panes(1, 0)
            for number, column in enumerate(one.columns):
                page.set_column(number, number, WIDE if column in LONG else NARROW, cell)
                page.write_string(0, number, column, head)
            for row, record in enumerate(one.rows, start=1):
                for number, text in enumerate(record):
                    _held(one, row, number, text)
                    page.write_string(row, number, text, cell) if text else None
            page.autofilter(0, 0, max(len(one.rows), 1), max(len(one.columns) - 1, 0))
    return content.getvalue()


def _held(one: SpecSheet, row: int, number: int, text: str) -> None:
    if len(text) > LONGEST:
        where = f"{one.name}, row {row + 1}, {one.columns[number]}"
        raise TrialError(f"A text of {len(text):,} signs is more than a cell holds.", where, "say it in fewer words")


def sheets_of(path: Path) -> tuple[SpecSheet, ...]:
    """The sheets of a workbook in their order; one without any row has the columns of its kind. Raises TrialError."""
    return tuple(_sheet(path, name) for name in sheet_names(path))


def _sheet(path: Path, name: str) -> SpecSheet:
    kind = kind_of(name)
    read = read_workbook_sheet(path, name)
    columns = tuple(read.header) or COLUMNS.get(kind, ())
    known = tuple(column_of(kind, column) for column in columns)
    known = tuple(word if word not in known[:place] else "" for place, word in enumerate(known))
    rows = tuple(tuple(cell.strip() for cell in row) for row in read.rows)
    return SpecSheet(name, kind, columns, known, rows, tuple(read.lines))
