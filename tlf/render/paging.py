"""Cutting the rows of a table into pages by height, because word processors do not repeat header rows alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tlf.model import Row

CONTINUED = " (continued)"
SEARCH = 12  # halvings: to a few twips of a page
Height = Callable[[Row, Row | None], float]


def balanced(rows: tuple[Row, ...], height: Height, capacity: float) -> list[list[Row]]:
    """As few pages as `cut` makes, filled about alike: no page of a few rows that were left over.

    A group no higher than a third of a page stays whole.
    """
    chains = _unbroken(_chains(rows), height, capacity / 3)
    best = _pages(chains, height, capacity)
    low, high = capacity / 4, capacity
    for _ in range(SEARCH if len(best) > 1 else 0):
        tried = _pages(chains, height, (low + high) / 2)
        if len(tried) > len(best):
            low = (low + high) / 2
        else:
            best, high = tried, (low + high) / 2
    return best


def cut(rows: tuple[Row, ...], height: Height, capacity: float, whole: float = 0) -> list[list[Row]]:
    """The rows of each page, at least one page; `height` of a row depends on the row above it on the page.

    1. A header row, a row over deeper rows and a row that asks for it never end a page; the first two rows below a
       header and the last two rows of a group stay together, and a group no higher than `whole` is not cut.
    2. A page that begins within a group repeats the group's header rows, marked as continued.
    3. Rows that belong together but are higher than a page are cut like any others.
    """
    return _pages(_unbroken(_chains(rows), height, whole), height, capacity)


def _pages(chains: list[list[Row]], height: Height, capacity: float) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    above: list[Row] = []
    used = 0.0
    for chain in chains:
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


def _height(rows: list[Row], previous: Row | None, height: Height) -> float:
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


def _unbroken(chains: list[list[Row]], height: Height, whole: float) -> list[list[Row]]:
    """Chains joined where a header and all rows below it are no higher than `whole`."""
    joined: list[list[Row]] = []
    at = 0
    while at < len(chains):
        end = at + 1
        headers = [row for row in chains[at] if row.header]
        while headers and end < len(chains) and chains[end][0].indent > headers[-1].indent and \
                not any(row.header for row in chains[end]):  # fmt: skip
            end += 1
        group = [row for chain in chains[at:end] for row in chain]
        if end == at + 1 or _height(group, None, height) > whole:
            group, end = chains[at], at + 1
        joined.append(group)
        at = end
    return joined


def _ancestors(above: list[Row], row: Row) -> list[Row]:
    return [header for header in above if header.indent < row.indent]


def _continued(row: Row) -> Row:
    first = row.cells[0]
    text = first if first.endswith(CONTINUED) else first + CONTINUED
    return replace(row, cells=(text, *row.cells[1:]))
