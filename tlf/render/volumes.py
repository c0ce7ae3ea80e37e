"""A very long listing in volumes: files of so many rows at most, cut where another subject begins.

A listing of hundreds of thousands of records is searched on the review site and computed with in the results; on paper
it is bound in volumes, each of which a word processor and a browser open, and each says which of how many it is and
whose records it has. Nothing is left out.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from tlf.model import Page, Row, Table
from tlf.render.paging import ancestors, continued

ROWS = 25_000  # of a file: some 1,000 to 2,000 pages


def volumes(table: Table, most: int = ROWS) -> list[Table]:
    """The table, or its rows in parts of about the same length; each repeats the rows that its first stands below."""
    rows = table.rows
    count = ceil(len(rows) / most)
    if count < 2:
        return [table]
    starts = [0]
    for number in range(1, count):
        wanted = round(number * len(rows) / count)
        starts.append(next((at for at in range(wanted, starts[-1], -1) if _opens(rows[at - 1])), wanted))
    above = _above(rows, starts)
    return [replace(table, rows=(*above[start], *rows[start:stop]))
            for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True)]  # fmt: skip


def name_of(volume: int) -> str:
    """What the name of a volume's file ends with: nothing for the first."""
    return "" if volume == 1 else f"-{volume}"


def told(page: Page, volume: Table, number: int, of: int) -> Page:
    """The page of a volume, which says below its titles which it is and whose records it has, unless it is alone."""
    if of == 1:
        return page
    stubs = [row.cells[0] for row in volume.rows if not row.header]
    return replace(page, titles=(*page.titles, f"Volume {number} of {of}: {stubs[0]} to {stubs[-1]}"))


def _opens(before: Row) -> bool:
    """Whether a volume may begin behind a row: at another subject, and not below a heading."""
    return not (before.keep_with_next or before.header)


def _above(rows: tuple[Row, ...], starts: list[int]) -> dict[int, list[Row]]:
    """The rows above each of these, marked as continued."""
    found, above = dict[int, list[Row]](), list[Row]()
    asked = {*starts}
    for at, row in enumerate(rows):
        if at in asked:
            found[at] = [continued(one) for one in ancestors(above, row)] if at else []
        above = [*ancestors(above, row), row]
    return found
