"""An Excel workbook (.xlsx) as text cells, sheet by sheet: the lines are Excel's rows, the values as they were typed.

Nothing in a workbook is computed or followed: a formula gives the result stored with it and is a finding, and links,
macros and entities are not opened. A workbook that would unpack to far more than it is, is refused.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Note, Sheet
from pipeline.readers.header import once_each

SUFFIXES = (".xlsx", ".xlsm")
MAX_UNPACKED = 300_000_000  # bytes
MAX_RATIO = 200  # unpacked to packed, for parts of a size that matters
MAX_CELLS = 5_000_000
MATTERS = 1_000_000
CODES = ("utf-8", "utf-16-le", "utf-16-be")
ENTITIES = tuple(word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in CODES)
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!")
SIGNIFICANT = 15  # digits that Excel keeps


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
        shown = _cells(stored, sheet, path)
        formulas = {(row, column) for row, column, value in _flat(_cells(written, sheet, path)) if _is_formula(value)}
    finally:
        stored.close()
        written.close()
    name = f"{path.name}[{sheet}]"
    table = {number: cells for number, cells in shown if number >= header_row}
    header = _header(table.pop(header_row, []), f"{name}, row {header_row}")
    notes = tuple(_notes(table, header, formulas))
    rows = {number: _fitted([_text(value) for value in cells], len(header)) for number, cells in table.items()}
    kept = {number: cells for number, cells in rows.items() if any(cells)}
    return Sheet(name, header, list(kept.values()), list(kept), notes=notes)


def _header(cells: list[Any], where: str) -> list[str]:
    """The names of the columns up to the last one that has a name; one without goes by its place."""
    names = [_text(value) for value in cells]
    while names and not names[-1]:
        names.pop()
    return once_each([name or f"COLUMN {i}" for i, name in enumerate(names, start=1)], where)


def check_safe(path: Path) -> None:
    """Refuse what is no ZIP, unpacks to too much, or declares entities. Raises TrialError."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED or any(_inflates(part) for part in parts):
                what = f"The workbook would unpack to {unpacked / 1e6:,.0f} MB; it is not opened."
                raise TrialError(what, str(path), "ask for the workbook again, or for CSV files")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_entities(archive, part, path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(path, error) from error


def _inflates(part: zipfile.ZipInfo) -> bool:
    return part.file_size > MATTERS and part.file_size > MAX_RATIO * max(part.compress_size, 1)


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
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError, AttributeError, TypeError) as error:
        raise _unreadable(path, error) from error


def _cells(book: Any, sheet: str, path: Path) -> list[tuple[int, list[Any]]]:
    """Excel row and values of every row that has any. Raises TrialError."""
    if sheet not in book.sheetnames:
        known = ", ".join(book.sheetnames)
        raise TrialError(f"The workbook has no sheet '{sheet}'.", str(path), f"it has {known}")
    rows = book[sheet]
    rows.reset_dimensions()
    found, count = [], 0
    try:
        for number, row in enumerate(rows.iter_rows(values_only=True), start=1):
            count += len(row)
            if count > MAX_CELLS:
                what = f"The sheet {sheet} has more than {MAX_CELLS:,} cells; it is not read."
                raise TrialError(what, str(path), "ask for the data as CSV files")
            if any(value is not None for value in row):
                found.append((number, list(row)))
    except (ValueError, KeyError, SyntaxError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from error
    return found


def _flat(rows: list[tuple[int, list[Any]]]) -> Iterator[tuple[int, int, Any]]:
    for number, cells in rows:
        for column, value in enumerate(cells):
            yield number, column, value


def _is_formula(value: Any) -> bool:
    return (isinstance(value, str) and value.startswith("=")) or type(value).__name__ in (
        "ArrayFormula",
        "DataTableFormula",
    )


def _fitted(cells: list[str], width: int) -> list[str]:
    """As many cells as the header has."""
    return (cells + [""] * (width - len(cells)))[:width]


def _text(value: Any) -> str:
    """A cell as it reads: ISO dates, numbers without .0, yes and no as TRUE and FALSE; an Excel error is empty."""
    if value is None or _is_error(value):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, float):
        return _number(value)
    return str(value).strip()


def _number(value: float) -> str:
    """A number as typed: 15 significant digits, never in powers of ten where digits will do."""
    text = f"{value:.{SIGNIFICANT}g}"
    return text if "e" not in text else f"{value:.{SIGNIFICANT}f}".rstrip("0").rstrip(".")


def _is_error(value: Any) -> bool:
    return isinstance(value, str) and value in ERRORS


def _notes(rows: dict[int, list[Any]], header: list[str], formulas: set[tuple[int, int]]) -> Iterator[Note]:
    """Formulas, Excel errors, and cells beside the table, one by one."""
    for number, column, value in _flat(list(rows.items())):
        name = header[column] if column < len(header) else ""
        if not name:
            if _text(value):
                message = "This cell stands to the right of the table; it is not used. Ask what it is for."
                yield Note("RAW-CELL", "minor", number, f"column {column + 1}", _text(value), message)
        elif (number, column) in formulas:
            message = "This cell holds a formula; its stored result is read. Ask for the value instead."
            if value is None:
                message = "This cell holds a formula without a stored result; it is read as missing. Ask for the value."
            yield Note("RAW-FORMULA", "major" if value is None else "minor", number, name, _text(value), message)
        elif _is_error(value):
            message = f"This cell holds the Excel error {value}; it is read as missing. Ask for the value."
            yield Note("RAW-CELL", "major", number, name, str(value), message)
