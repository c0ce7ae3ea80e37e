"""Cutting the rows of a table into pages by height, because word processors do not repeat header rows alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from tlf.model import Row

CONTINUED = " (continued)"
SEARCH = 12  # halvings: to a few twips of a page
Height = Callable[[Row, Row | None], float]


def balanced(rows: tuple[Row, ...], height: Height, capacity: float) -> list[list[Row]]:
    """As few pages as `cut` makes, filled about alike: no page of a few rows that were left over.

    A group no higher than a third of a page stays whole.
    """
    chains = _linked(_unbroken(_chains(rows), height, capacity / 3), height)
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

    1. A header row, a row over deeper rows, a row after a blank line and a row that asks for it never end a page; the
       first two rows below a header and the last two rows of a group stay together, and a group no higher than `whole`
       (a term and what stands below it) is not cut.
    2. A page that begins within a group repeats the rows it stands below, marked as continued, without their numbers.
    3. Rows that belong together but are higher than a page are cut like any others.
    """
    return _pages(_linked(_unbroken(_chains(rows), height, whole), height), height, capacity)


class Chain(NamedTuple):
    """Rows that stay together, those that stand above the first, and the height of all but the first."""

    rows: list[Row]
    above: list[Row]
    rest: float


def _linked(chains: list[list[Row]], height: Height) -> list[Chain]:
    """The chains with what is the same wherever the pages are cut."""
    found, above = list[Chain](), list[Row]()
    for rows in chains:
        found.append(Chain(rows, ancestors(above, rows[0]), _height(rows[1:], rows[0], height)))
        for row in rows:
            above = [*ancestors(above, row), row]
    return found


def _pages(chains: list[Chain], height: Height, capacity: float) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    used = 0.0
    for chain in chains:
        whole = height(chain.rows[0], pages[-1][-1] if pages[-1] else None) + chain.rest
        if pages[-1] and used + whole > capacity:
            pages.append([continued(row) for row in chain.above])
            used = _height(pages[-1], None, height)
            whole = height(chain.rows[0], pages[-1][-1] if pages[-1] else None) + chain.rest
        if used + whole <= capacity:
            pages[-1] += chain.rows
            used += whole
            continue
        for row in chain.rows:
            previous = pages[-1][-1] if pages[-1] else None
            if previous and used + height(row, previous) > capacity:
                pages.append([])
                used, previous = 0.0, None
            pages[-1].append(row)
            used += height(row, previous)
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
        opening = row.gap and not following.gap and following is not end
        if not (row.header or row.keep_with_next or following.indent > row.indent or edge or opening):
            chains.append([])
    return [chain for chain in chains if chain]


def _unbroken(chains: list[list[Row]], height: Height, whole: float) -> list[list[Row]]:
    """Chains joined where a row and all rows below it are no higher than `whole`: of several the outermost."""
    joined: list[list[Row]] = []
    at = 0
    while at < len(chains):
        groups = [_below(chains, at, head) for head in _heads(chains[at])]
        fitting = [group for group in groups if _height([row for one in group for row in one], None, height) <= whole]
        group = fitting[0] if fitting else [chains[at]]
        joined.append([row for chain in group for row in chain])
        at += len(group)
    return joined


def _heads(chain: list[Row]) -> list[Row]:
    """The rows of a chain below which it ends."""
    return [row for at, row in enumerate(chain[:-1]) if all(one.indent > row.indent for one in chain[at + 1 :])]


def _below(chains: list[list[Row]], at: int, head: Row) -> list[list[Row]]:
    """The chain and those after it that stand below a row of it."""
    return [chains[at], *takewhile(lambda chain: chain[0].indent > head.indent, chains[at + 1 :])]


def ancestors(above: list[Row], row: Row) -> list[Row]:
    """Those of the rows above that a row stands below."""
    return [one for one in above if one.indent < row.indent]


def continued(row: Row) -> Row:
    """A row as it is repeated where its group goes on: without numbers."""
    first = row.cells[0]
    text = first if first.endswith(CONTINUED) else first + CONTINUED
    return replace(row, cells=(text, *("" for _ in row.cells[1:])))
