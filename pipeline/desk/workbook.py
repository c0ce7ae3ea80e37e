"""The queries as a workbook that a data manager filters, answers and sends: a sheet per responsible party, and All.

Every cell is written as text or as a number of ours, never as a formula; a text that looks like a formula carries
Excel's own text mark, so that it stays text when somebody edits it. The same queries give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from pipeline.desk.context import placed
from pipeline.gate.causes import counted
from pipeline.gate.query_history import OPEN, STATUSES
from pipeline.gate.snapshot import not_run
from pipeline.ground.plain_csv import RISKY
from pipeline.ground.queries import SEVERITIES

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from pipeline.gate.validation import Validation

Formats: TypeAlias = "dict[str, Format]"
LONGEST = 32_000  # characters; Excel takes 32,767 in a cell
PARTIES = ("site", "lab vendor", "data management", "coding")
# Column of the queries, its heading and its width in characters.
COLUMNS = (
    ("severity", "Severity", 10), ("status", "Status", 11), ("site", "Site", 7), ("subject", "Subject", 13),
    ("form", "Form", 9), ("form_label", "Form in words", 20), ("folder", "Visit", 9), ("field", "Field", 14),
    ("field_label", "Field in words", 24), ("value", "Value", 20), ("was", "Was", 14), ("message", "Query", 72),
    ("record", "Record", 14), ("line", "Line", 7), ("check", "Check", 24), ("first_seen", "First seen", 12),
    ("note", "Note", 30), ("query", "Id", 14), ("cause", "Because of", 14),
)  # fmt: skip
# What the one who answers fills in; `trial accept` reads it back.
ENTERED = (("answer", "Answer", 36), ("accept", "Accept", 8), ("reason", "Reason", 30), ("by", "By", 14),
           ("until", "Until", 12))  # fmt: skip
LAYOUT = (("form", "Form", 10), ("what", "What", 20), ("column", "Column", 18), ("detail", "Detail", 60))
COVERAGE = (("check", "Check", 22), ("reason", "Why it could not run", 90))
REGISTER = (
    ("state", "State", 22), ("check", "Check", 24), ("form", "Form", 9), ("record", "Record", 16),
    ("field", "Field", 14), ("value", "Value", 20), ("reason", "Reason", 50), ("who", "Who", 16),
    ("expires", "Expires", 12), ("line", "Line", 7),
)  # fmt: skip
NOTES = (
    ("check", "Check", 16),
    ("form", "Form", 10),
    ("subject", "Subject", 13),
    ("record", "Record", 14),
    ("message", "Note", 90),
)
SITES = (
    ("site", "Site", 8), ("measure", "Measure", 28), ("unit", "Unit", 18), ("count", "Count", 9), ("over", "Over", 9),
    ("value", "Value", 10), ("lower", "Lower", 10), ("upper", "Upper", 10), ("limits", "Limits", 20),
    ("others", "Other sites", 12), ("apart", "Apart", 9), ("note", "Note", 16),
)  # fmt: skip
COLOURS = {"critical": ("#F4C7C3", "#8B0000"), "major": ("#FCE0B8", "#7A4100"), "minor": ("#FFF6C2", "#5C5200")}
QUIET = {"answered": "#1F5B94", "accepted": "#6B7280", "resolved": "#2E7D32"}


def workbook(validation: Validation) -> bytes:
    """The workbook's bytes: Summary, All, a sheet per party with its open queries, what is settled or not run."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": f"Queries {validation.study}", "created": _created(validation.current.extracted)})
        formats = _formats(book)
        _summary(book, validation, formats)
        for name, rows, columns in _sheets(validation):
            _table(book.add_worksheet(name), rows, columns, formats)
    return content.getvalue()


def _created(day: str) -> datetime:
    return datetime.fromisoformat(day) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else datetime(2000, 1, 1)


def _sheets(validation: Validation) -> Iterator[tuple[str, pd.DataFrame, tuple]]:
    """Sheet names, rows and columns, in order; empty ones are left out but for All."""
    entered = {name: "" for name, _, _ in ENTERED}
    queries, coverage = placed(validation.queries, validation).assign(**entered), validation.current.coverage
    party = ("responsible", "Responsible", 17)
    yield "All", queries, (*COLUMNS[:2], party, *COLUMNS[2:], *ENTERED)
    still = queries[queries["status"].isin(OPEN)]  # what follows from another stands under it, outlined
    others = sorted(set(still["responsible"]) - set(PARTIES))
    for name in [p for p in (*PARTIES, *others) if p in set(still["responsible"])]:
        yield sheet_name(name), still[still["responsible"] == name], (*COLUMNS, *ENTERED)
    settled = (*COLUMNS[:2], party, *COLUMNS[2:])
    for name in ("accepted", "resolved"):
        rows = queries[queries["status"] == name]
        if len(rows):
            yield name.capitalize(), rows, settled
    missed = not_run(coverage)
    optional = (
        ("Not run", missed, COVERAGE), ("Register", validation.register, REGISTER),
        ("Layout changes", validation.layout, LAYOUT),
        ("Sites", validation.sites, SITES), ("Notes", validation.notes, NOTES),
    )  # fmt: skip
    yield from ((name, rows, columns) for name, rows, columns in optional if len(rows))


def sheet_name(party: str) -> str:
    """A party as the name of a sheet: no forbidden signs, at most 31 characters."""
    return (re.sub(r"[\[\]:*?/\\']", " ", party).strip()[:31] or "Nobody named").capitalize()


def _formats(book: Any) -> Formats:
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    formats = {
        "text": book.add_format({**base, "text_wrap": True}),
        "marked": book.add_format({**base, "text_wrap": True, "quote_prefix": True}),
        "number": book.add_format({**base, "num_format": "#,##0.###"}),
        "count": book.add_format({**base, "num_format": "#,##0"}),
        "answer": book.add_format(
            {**base, "text_wrap": True, "bg_color": "#F3F7FB", "border": 1, "border_color": "#D0DAE4"}
        ),
        "head": book.add_format(
            {**base, "bold": True, "bg_color": "#24435F", "font_color": "#FFFFFF", "text_wrap": True}
        ),
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "bold": book.add_format({**base, "bold": True}),
        "warning": book.add_format({**base, "font_color": "#8B0000", "text_wrap": False}),
    }
    for name, (fill, ink) in COLOURS.items():
        formats[name] = book.add_format({**base, "bg_color": fill, "font_color": ink, "bold": name == "critical"})
    for name, ink in QUIET.items():
        formats[name] = book.add_format({**base, "font_color": ink, "italic": True})
    return formats


def _table(sheet: Any, rows: pd.DataFrame, columns: tuple, formats: Formats) -> None:
    """One sheet: frozen header with filters, a column per entry of `columns`, written a column at a time."""
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(0)
    for at, (name, heading, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, formats["head"])
        for line, value in enumerate(rows[name] if name in rows else [""] * len(rows), start=1):
            put(sheet, line, at, value, _format(name, value, formats))
    if any(name == "accept" for name, _, _ in columns):
        at = [name for name, _, _ in columns].index("accept")
        sheet.data_validation(1, at, max(len(rows), 1), at, {"validate": "list", "source": ["Y"]})
    for line, cause in enumerate(rows.get("cause", []), start=1):
        if cause:
            sheet.set_row(line, None, None, {"level": 1})
    last = max(len(rows), 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def _format(column: str, value: object, formats: Formats) -> Format:
    if column in ("severity", "status"):
        return formats.get(str(value), formats["text"])
    if column in dict.fromkeys(name for name, _, _ in ENTERED):
        return formats["answer"]
    return formats["marked" if isinstance(value, str) and re.match(RISKY, value) else "text"]


def put(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """A cell as a number of ours or as text; never a formula, a link or an error."""
    if isinstance(value, str):
        text = value if len(value) <= LONGEST else value[:LONGEST] + " ... (cut)"
        sheet.write_string(row, column, text, style)
    elif pd.isna(value):
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_number(row, column, round(float(value), 4), style)


def _summary(book: Any, validation: Validation, formats: Formats) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 9, 12)
    current = validation.current
    before = ", ".join(s.name for s in validation.earlier) or "nothing; every query counts as new"
    sheet.write_string(0, 0, f"Queries of {validation.study}", formats["title"])
    sheet.write_string(1, 0, f"Extract {current.name}, taken {current.extracted}, data cut {current.cutoff}")
    sheet.write_string(2, 0, f"Compared with {before}")
    row = 4
    for problem in validation.problems:
        sheet.write_string(row, 0, problem, formats["warning"])
        row += 1
    queries = validation.queries[validation.queries["cause"] == ""]
    still = counted(queries)
    row = _cross(
        sheet, row, "Severity and status", queries, ("severity", SEVERITIES[:-1]), ("status", STATUSES), formats
    )
    severities = ("severity", SEVERITIES[:-1])
    for title, column in (
        ("Open, by who answers", "responsible"),
        ("Open, by site", "site"),
        ("Open, by form", "form"),
    ):
        levels = tuple(sorted(set(still[column])))
        row = _cross(sheet, row, title, still, (column, levels), severities, formats)


def _cross(
    sheet: Any, row: int, title: str, queries: pd.DataFrame, down: tuple, across: tuple, formats: Formats
) -> int:
    """A table of counts with totals; the row after it."""
    counts = pd.crosstab(queries[down[0]], queries[across[0]])
    counts = counts.reindex(index=list(down[1]), columns=list(across[1]), fill_value=0)
    sheet.write_string(row, 0, title, formats["head"])
    for at, level in enumerate((*across[1], "total"), start=1):
        sheet.write_string(row, at, level, formats["head"])
    for line, level in enumerate(down[1], start=row + 1):
        sheet.write_string(line, 0, level or "(no one site)", formats.get(level, formats["text"]))
        for at, count in enumerate([*counts.loc[level], counts.loc[level].sum()], start=1):
            sheet.write_number(line, at, int(count), formats["count"])
    return row + len(down[1]) + 2
