"""An Excel workbook (.xlsx) as text cells, sheet by sheet: the lines are Excel's rows, the values as cells show them.

Nothing in a workbook is computed or followed: a formula gives the result stored with it and is a finding, and links,
macros and entities are not opened. A workbook that would unpack to far more than it is, is refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ground.faults import TrialError
from pipeline.readers import Note, Sheet
from pipeline.readers.archive import inflates
from pipeline.readers.header import once_each
from pipeline.readers.sheet_layout import SheetLayout, layout_of, merged_header, notes_of
from pipeline.readers.shown import SAID, is_error, shown

SUFFIXES = (".xlsx", ".xlsm")
MAX_UNPACKED = 300_000_000  # bytes
MAX_CELLS = 5_000_000
MAX_ROWS = 1_048_576  # of Excel itself
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes signs that XML has no place for
CODES = ("utf-8", "utf-16-le", "utf-16-be")
ENTITIES = tuple(word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in CODES)
UNREADABLE = (
    ValueError,
    KeyError,
    SyntaxError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    IndexError,
    OverflowError,
)


class ShownCell(NamedTuple):
    """A cell's stored value, its text, and what of it is not shown."""

    value: Any
    text: str
    unlike: str


EMPTY = ShownCell(None, "", "")
Rows = list[tuple[int, list[ShownCell]]]


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets. Raises TrialError for what is no workbook or not a safe one."""
    check_safe(path)
    book = _opened(path, values=True)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def read_workbook_sheet(path: Path, sheet: str, header_row: int = 1) -> Sheet:
    """One sheet as text cells; the header stands on `header_row`, empty rows are left away. Raises TrialError."""
    check_safe(path)
    stored, written = _opened(path, values=True), _opened(path, values=False)
    try:
        cells = _cells(stored, sheet, path)
        layout = layout_of(path, stored[sheet])
        formulas = {
            (row, column)
            for row, whole in _cells(written, sheet, path)
            for column, cell in enumerate(whole)
            if _is_formula(cell.value)
        }
    finally:
        stored.close()
        written.close()
    name = f"{path.name}[{sheet}]"
    read = sum(cell.value is not None for _, row in cells for cell in row)
    if read < layout.filled:
        said = f"{name} holds {layout.filled:,} filled cells, and {read:,} could be read"
        return Sheet(name, [], [], [], lost=(f"{said}: some stand twice or out of order",))
    header_row, notes = _header_row(cells, header_row, name)
    whole = _as_sheet(name, dict(cells), layout, header_row, formulas)
    return replace(whole, notes=(*notes, *whole.notes))


def _header_row(cells: Rows, header_row: int, name: str) -> tuple[int, list[Note]]:
    """The row of the header: the first filled one where nothing stands in row 1. Raises TrialError."""
    filled = [number for number, _ in cells]
    if not filled or header_row in filled:
        return header_row, []
    if header_row > 1 or any(number < header_row for number in filled):
        what = f"Row {header_row} of the sheet is empty, where the raw contract says that its header stands."
        raise TrialError(what, name, f"the first filled row is {filled[0]}; correct `header_row` in the raw contract")
    message = f"The header is read from row {filled[0]} of the sheet; what stands above it is empty."
    return filled[0], [Note("RAW-LAYOUT", "info", filled[0], "", "", message)]


def _as_sheet(
    name: str, table: dict[int, list[ShownCell]], layout: SheetLayout, header_row: int, formulas: set[tuple[int, int]]
) -> Sheet:
    """Header (of one row, or of two that merged cells join) and rows below it."""
    texts = {number: [cell.text for cell in cells] for number, cells in table.items()}
    names, last = merged_header(texts, layout, header_row)
    table = {number: cells for number, cells in table.items() if number > last}
    while names and not names[-1]:
        names.pop()
    header = once_each([text or f"COLUMN {i}" for i, text in enumerate(names, start=1)], f"{name}, row {header_row}")
    kept, empty = _filled_columns(header, names, table)
    notes = [*_notes(table, header, formulas), *_unlike(table, header), *notes_of(layout, header, table, last)]
    rows = {number: _fitted([cell.text for cell in cells], len(header)) for number, cells in table.items()}
    rows = {number: [cells[i] for i in kept] for number, cells in rows.items() if any(cells)}
    if empty:
        message = f"The sheet has {empty} empty column{'s' if empty > 1 else ''} without a name; left away."
        notes.append(Note("RAW-LAYOUT", "info", 0, "", str(empty), message))
    return Sheet(name, [header[i] for i in kept], list(rows.values()), list(rows), notes=tuple(notes))


def _filled_columns(header: list[str], names: list[str], table: dict[int, list[ShownCell]]) -> tuple[list[int], int]:
    """Places of columns that have a name or a value, and how many have neither."""
    valued = {i for cells in table.values() for i, cell in enumerate(cells) if cell.value is not None}
    kept = [i for i in range(len(header)) if names[i] or i in valued]
    return kept, len(header) - len(kept)


def check_safe(path: Path) -> None:
    """Refuse what is no ZIP, unpacks to too much, or declares entities. Raises TrialError."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED or any(inflates(part) for part in parts):
                what = f"The workbook would unpack to {unpacked / 1e6:,.0f} MB; it is not opened."
                raise TrialError(what, str(path), "ask for the workbook again, or for CSV files")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_entities(archive, part, path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _check_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    content = archive.read(part)
    if any(mark in content for mark in ENTITIES):
        what = f"The workbook declares XML entities ({part.filename}); no spreadsheet program writes such a file."
        raise TrialError(what, str(path), "ask where the file comes from")


def _unreadable(path: Path, error: Exception) -> TrialError:
    return TrialError(f"This file cannot be read as a workbook: {error}.", str(path), "ask for the file again")


def _opened(path: Path, values: bool) -> Any:
    """The workbook, with stored results (values) or with formulas as text."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, *UNREADABLE) as error:
        raise _unreadable(path, error) from error


def _cells(book: Any, sheet: str, path: Path) -> Rows:
    """Excel row and cells of every row that has any. Raises TrialError."""
    if sheet not in book.sheetnames:
        known = ", ".join(book.sheetnames)
        raise TrialError(f"The workbook has no sheet '{sheet}'.", str(path), f"it has {known}")
    rows = book[sheet]
    if not hasattr(rows, "reset_dimensions"):
        raise TrialError(f"'{sheet}' is a chart, not a sheet of cells.", str(path), "ask for the data as a sheet")
    rows.reset_dimensions()
    kept: Rows = []
    count = 0
    try:
        for number, row in enumerate(rows.iter_rows(), start=1):
            count += len(row)
            # A row number of two thousand million makes the library count through all rows before it.
            if count > MAX_CELLS or number > MAX_ROWS:
                size = f"more than {MAX_CELLS:,} cells" if count > MAX_CELLS else f"a row beyond {MAX_ROWS:,}"
                raise TrialError(f"The sheet {sheet} has {size}; it is not read.", str(path), "ask for CSV files")
            if any(cell.value is not None for cell in row):
                kept.append((number, [_cell(cell) for cell in row]))
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    return kept


def _cell(cell: Any) -> ShownCell:
    value = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, str):
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        return ShownCell(value, "" if is_error(value) else text.strip(), "")
    return ShownCell(value, *shown(value, cell.number_format))


def _is_formula(value: Any) -> bool:
    return (isinstance(value, str) and value.startswith("=")) or type(value).__name__ in (
        "ArrayFormula",
        "DataTableFormula",
    )


def _fitted(cells: list[str], width: int) -> list[str]:
    """As many cells as the header has."""
    return (cells + [""] * (width - len(cells)))[:width]


def _notes(rows: dict[int, list[ShownCell]], header: list[str], formulas: set[tuple[int, int]]) -> Iterator[Note]:
    """Formulas, Excel errors, and cells beside the table, one by one."""
    for number, cells in rows.items():
        for column, (value, text, _) in enumerate(cells):
            name = header[column] if column < len(header) else ""
            if not name:
                if text:
                    message = "This cell stands to the right of the table; it is not used. Ask what it is for."
                    yield Note("RAW-CELL", "minor", number, f"column {column + 1}", text, message)
            elif (number, column) in formulas:
                message = "This cell holds a formula; its stored result is read. Ask for the value instead."
                if value is None:
                    message = (
                        "This cell holds a formula without a stored result; it is read as missing. Ask for the value."
                    )
                yield Note("RAW-FORMULA", "major" if value is None else "minor", number, name, text, message)
            elif is_error(value):
                message = f"This cell holds the Excel error {value}; it is read as missing. Ask for the value."
                yield Note("RAW-CELL", "major", number, name, str(value), message)


def _unlike(rows: dict[int, list[ShownCell]], header: list[str]) -> Iterator[Note]:
    """Columns whose cells do not show what they hold: one note for each way, with the first such cell."""
    first: dict[tuple[int, str], tuple[int, ShownCell]] = {}
    count: dict[tuple[int, str], int] = {}
    numbers: set[int] = set()
    for number, cells in rows.items():
        for column, cell in enumerate(cells[: len(header)]):
            if cell.unlike:
                first.setdefault((column, cell.unlike), (number, cell))
                count[column, cell.unlike] = count.get((column, cell.unlike), 0) + 1
            elif isinstance(cell.value, int | float):
                numbers.add(column)
    for (column, kind), (number, cell) in first.items():
        shown_as = "mixed" if kind == "percent" and column in numbers else kind
        severity, what = SAID[shown_as]
        many = f"{count[column, kind]} cells of {header[column]}, first in row {number},"
        message = f"{many} {what.format(shown=cell.text + ('%' if kind == 'percent' else ''), held=cell.value)}."
        yield Note("RAW-CELL", severity, number, header[column], cell.text, message)
