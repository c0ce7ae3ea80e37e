"""Plain text: monospaced, at most 132 columns, one continuous page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import zip_longest
from math import ceil
from typing import TypeAlias

from tlf.model import Column, Figure, Page, Row, Table
from tlf.render import columns, layout
from tlf.render.metrics import wrap

WIDEST, NARROWEST, WIDEST_LABEL = 132, 80, 60
GAP = "  "
INDENT = 2
Cells: TypeAlias = "Callable[[str, int], tuple[int, list[str]]]"  # of a text and its left margin: their width, lines


def render(page: Page, body: Table | Figure) -> str:
    """The output as text; a figure prints what it says in numbers."""
    blocks = [layout.tidy(block) for block in ([body] if isinstance(body, Table) else layout.tables(body))]
    cut = [part for block in blocks for part in _parts(block)]
    total = max(NARROWEST, *(sum(width) + len(GAP) * (len(width) - 1) for _, width in cut))
    parts = [_above(page, total)]
    for block, width in cut:
        width[0] += total - sum(width) - len(GAP) * (len(width) - 1)
        parts.append(["=" * total, *_table(block, width, total), "=" * total])
    parts.append([line for text in layout.foot(page) for line in wrap(text, total)])
    lines = (line.rstrip() for part in parts for line in part)
    return "\n".join(lines) + "\n"


def _above(page: Page, width: int) -> list[str]:
    centred = [page.number, *page.titles, *filter(None, (page.population,))]
    lines = [line.center(width) for text in centred for line in wrap(text, width)]
    return [*(line for pair in layout.head(page) for line in _ends(*pair, width)), *lines, ""]


def _ends(left: str, right: str, width: int) -> list[str]:
    """Two texts at the ends of a line; on lines of their own when they do not fit."""
    if len(left) + len(right) + 2 <= width:
        return [left + right.rjust(width - len(left))]
    return [*wrap(left, width), *wrap(right, width)]


def _measure(text: str, bold: bool = False) -> int:
    return len(text)


def _parts(table: Table) -> list[tuple[Table, list[int]]]:
    """The table, or its parts, with widths: what the content needs, within the widest page."""
    wants = columns.needs(table, WIDEST, _measure, len(GAP), INDENT)
    needed = [min(ceil(want.full), WIDEST_LABEL + 2 if not at else WIDEST) for at, want in enumerate(wants)]
    if sum(needed) <= WIDEST + len(GAP):
        return [(table, [width - len(GAP) for width in needed])]
    found = columns.parts(table, WIDEST + len(GAP), _measure, len(GAP), INDENT)
    return [(part, [max(1, int(width) - len(GAP)) for width in wide]) for part, wide in found]


def _table(table: Table, widths: list[int], total: int) -> list[str]:
    lines = [*_spans(table.columns, widths), *_labels(table.columns, widths), "-" * total]
    places, cells = _places(table, widths), list(map(_cells_of, table.columns, widths))
    for row, previous in zip(table.rows, (None, *table.rows), strict=False):
        if layout.opens(row, previous):
            lines.append("")
        if row.runs_across:
            lines += [" " * INDENT * row.indent + line for line in wrap(row.cells[0], total - INDENT * row.indent)]
        else:
            _, *others = next(places)
            lines += _row(row, cells, (INDENT * row.indent, *others))
    return lines if table.rows else [*lines, "", table.empty.center(total), ""]


def _places(table: Table, widths: list[int]):
    """The left margins of the cells of every row that has cells; 0 but in centred columns."""
    rows = [row for row in table.rows if not row.runs_across]
    found = []
    for at, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        cells = [(row.cells[at], False) for row in rows]
        centred = column.align == "center" and rows
        found.append(map(int, layout.offsets(cells, width, _measure)) if centred else [0] * len(rows))
    return zip(*found, strict=True)


def _spans(heads: tuple[Column, ...], widths: list[int]) -> list[str]:
    spans = layout.heads(heads)
    if not spans:
        return []
    sizes = [sum(widths[h.start:h.stop]) + len(GAP) * (h.stop - h.start - 1) for h in spans]
    cells = [wrap(head.text, size) for head, size in zip(spans, sizes, strict=True)]
    rules = GAP.join(("-" if head.text else " ") * size for head, size in zip(spans, sizes, strict=True))
    return [*_beside(cells, sizes, ["center"] * len(spans)), rules]


def _labels(heads: tuple[Column, ...], widths: list[int]) -> list[str]:
    cells = [wrap(column.label, width) for column, width in zip(heads, widths, strict=True)]
    deep = max(map(len, cells))
    cells = [[""] * (deep - len(lines)) + lines for lines in cells]
    return _beside(cells, widths, [column.align for column in heads])


def _row(row: Row, cells: list[Cells], places: tuple[int, ...]) -> list[str]:
    """The lines of a row: those of its cells side by side, blanks below those that have fewer."""
    told = [cell(text, place) for cell, text, place in zip(cells, row.cells, places, strict=True)]
    deep = max([len(lines) for _, lines in told])
    if deep > 1:
        level = [[*lines, *[" " * width] * (deep - len(lines))] for width, lines in told]
        return [GAP.join(line) for line in zip(*level, strict=True)]
    return [GAP.join([lines[0] for _, lines in told])]


def _cells_of(column: Column, width: int) -> Cells:
    """The cells of a column by their text and left margin, as wide as it: those that are alike are made once."""
    placed = str.rjust if column.align == "right" else str.ljust

    @cache
    def cell(text: str, left: int) -> tuple[int, list[str]]:
        return width, [placed(" " * left + line, width) for line in wrap(text, width - left)]

    return cell


def _beside(cells: list[list[str]], widths: list[int], aligns: list[str]) -> list[str]:
    place = {"left": str.ljust, "right": str.rjust, "center": str.center}
    return [
        GAP.join(place[align](text, width) for text, width, align in zip(line, widths, aligns, strict=True))
        for line in zip_longest(*cells, fillvalue="")
    ]
