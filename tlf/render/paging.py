"""Cutting the rows of a table into pages by height, because word processors do not repeat header rows alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tlf.model import Row

CONTINUED = " (continued)"


def cut(
    rows: tuple[Row, ...], height: Callable[[Row, Row | None], float], capacity: float
) -> list[list[Row]]:
    """The rows of each page, at least one page; `height` of a row depends on the row above it on the page.

    1. A header row, a row over deeper rows and a row that asks for it never end a page; the first two rows below a
       header and the last two rows of a group stay together.
    2. A page that begins within a group repeats the group's header rows, marked as continued.
    3. Rows that belong together but are higher than a page are cut like any others.
    """
    pages: list[list[Row]] = [[]]
    above: list[Row] = []
    used = 0.0
    for chain in _chains(rows):
        if pages[-1] and used + _height(chain, pages[-1][-1], height) > capacity:
            pages.append([_continued(row) for row in _ancestors(above, chain[0])])
            used = _height(pages[-1], None, height)
        for row in chain:
            previous = pages[-1][-1] if pages[-1] else None
            if previous and used + height(row, previous) > capacity:
                pages.append([])
                used, previous = 0.0, None
            pages[-1].append(row)
            used += height(row, previous)
            above = [*_ancestors(above, row), *([row] if row.header else [])]
    return pages


def _height(rows: list[Row], previous: Row | None, height: Callable[[Row, Row | None], float]) -> float:
    return sum(height(row, before) for row, before in zip(rows, (previous, *rows), strict=False))


def _chains(rows: tuple[Row, ...]) -> list[list[Row]]:
    chains: list[list[Row]] = [[]]
    end = Row(("",), indent=-1)
    for before, row, following, after in zip((end, *rows), rows, (*rows[1:], end), (*rows[2:], end, end), strict=False):
        chains[-1].append(row)
        alike = following.indent == row.indent and not following.header
        edge = alike and (before.header or after.indent < row.indent)
        if not (row.header or row.keep_with_next or following.indent > row.indent or edge):
            chains.append([])
    return [chain for chain in chains if chain]


def _ancestors(above: list[Row], row: Row) -> list[Row]:
    return [header for header in above if header.indent < row.indent]


def _continued(row: Row) -> Row:
    first = row.cells[0]
    text = first if first.endswith(CONTINUED) else first + CONTINUED
    return replace(row, cells=(text, *row.cells[1:]))
