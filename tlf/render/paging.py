"""Cutting the rows of a table into pages by height, because word processors do not repeat header rows alike."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise
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


class Above(NamedTuple):
    """The rows that others stand below, as they are repeated on a further page, and their height there."""

    rows: list[Row]
    height: float


class Chain(NamedTuple):
    """Rows that stay together, those that stand above the first, and the height of the rows behind the first.

    `sums` has for each row the height of those behind the first up to it: 0 for the first, that of all for the last.
    """

    rows: list[Row]
    above: Above
    sums: list[float]


def _linked(chains: list[list[Row]], height: Height) -> list[Chain]:
    """The chains with what is the same wherever the pages are cut."""
    found, above, known = list[Chain](), list[Row](), dict[tuple[int, ...], Above]()
    for rows in chains:
        over = ancestors(above, rows[0])
        at = tuple(map(id, over))
        if at not in known:
            again = [continued(row) for row in over]
            known[at] = Above(again, _height(again, None, height))
        behind = (height(row, before) for before, row in pairwise(rows))
        found.append(Chain(rows, known[at], [*accumulate(behind, initial=0)]))
        for row in rows:
            above = [*ancestors(above, row), row]
    return found


def _pages(chains: list[Chain], height: Height, capacity: float) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    used = 0.0
    for chain in chains:
        whole = height(chain.rows[0], pages[-1][-1] if pages[-1] else None) + chain.sums[-1]
        if pages[-1] and used + whole > capacity:
            pages.append([*chain.above.rows])
            used = chain.above.height
            whole = height(chain.rows[0], pages[-1][-1] if pages[-1] else None) + chain.sums[-1]
        if used + whole <= capacity:
            pages[-1] += chain.rows
            used += whole
        else:
            used = _spread(chain, pages, used, height, capacity)
    return pages


def _spread(chain: Chain, pages: list[list[Row]], used: float, height: Height, capacity: float) -> float:
    """Rows of a chain higher than a page, as many to each as it holds, at least one; what is used of the last page."""
    rows, sums, at = chain.rows, chain.sums, 0
    while at < len(rows):
        first = height(rows[at], pages[-1][-1] if pages[-1] else None)
        reached = partial(_reached, sums, used + first - sums[at])
        stop = bisect_right(range(at, len(rows)), capacity, key=reached) + at
        stop = stop if pages[-1] else max(stop, at + 1)
        pages[-1] += rows[at:stop]
        if stop > at:
            used = reached(stop - 1)
        if stop < len(rows):
            pages.append([])
            used = 0.0
        at = stop
    return used


def _reached(sums: list[float], before: float, row: int) -> float:
    return before + sums[row]


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
    found, least = list[Row](), chain[-1].indent
    for row in reversed(chain[:-1]):
        if row.indent < least:
            found.append(row)
            least = row.indent
    return found[::-1]


def _below(chains: list[list[Row]], at: int, head: Row) -> list[list[Row]]:
    """The chain and those after it that stand below a row of it."""
    after = range(at + 1, len(chains))
    return chains[at : next((end for end in after if chains[end][0].indent <= head.indent), len(chains))]


def ancestors(above: list[Row], row: Row) -> list[Row]:
    """Those of the rows above that a row stands below."""
    return [one for one in above if one.indent < row.indent]


def continued(row: Row) -> Row:
    """A row as it is repeated where its group goes on: without numbers."""
    first = row.cells[0]
    text = first if first.endswith(CONTINUED) else first + CONTINUED
    return replace(row, cells=(text, *("" for _ in row.cells[1:])))
