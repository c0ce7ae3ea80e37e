"""What the renderers share: aligned cells, column heads, the lines around the body, and the tables of a figure."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from tlf.model import Column, Figure, ForestPanel, Page, Row, StepPanel, Table
from tlf.render.metrics import FIGURE_SPACE
from tlf.shell import rounded

# What a centred column is aligned on: the whole part of the first number, or the code that stands for a number.
WHOLE_PART = re.compile(r"[(\[<>]*-?\d+|(?:N[ERAC]|-)(?=$|[\s,)])")
PADDING = re.compile(r"^ +|(?<=[(\[]) +|(?<= ) +")


class Head(NamedTuple):
    """One cell of the spanning header: columns `start` up to `stop`."""

    text: str
    start: int
    stop: int


def shares(columns: tuple[Column, ...]) -> list[Fraction]:
    """Which part of the whole width each column has, exactly: floats add up differently in different Pythons."""
    widths = [Fraction(str(column.width)) for column in columns]
    return [width / sum(widths) for width in widths]


def heads(columns: tuple[Column, ...]) -> list[Head]:
    """The spanning header's cells from left to right; none when no column has a span."""
    if not any(column.span for column in columns):
        return []
    found: list[Head] = []
    for span, group in groupby(columns, key=lambda column: column.span):
        start = found[-1].stop if found else 0
        found.append(Head(span, start, start + len(list(group))))
    return found


def runs_across(row: Row) -> bool:
    """Whether the first cell of a row has the whole width."""
    return not any(row.cells[1:])


def opens(row: Row, previous: Row | None) -> bool:
    """Whether a blank line stands before a row: where a group begins, after a group ended, where the row asks."""
    if previous is None:
        return False
    return row.gap or (row.indent == 0 and (row.header or previous.indent > 0))


def aligned(table: Table) -> tuple[Row, ...]:
    """The rows with padding as figure spaces, and centred columns padded so that their first numbers stand in line."""
    columns = [[row.cells[at] if len(row.cells) > at else "" for row in table.rows]
               for at in range(len(table.columns))]
    columns = [_in_line(cells) if column.align == "center" else [_padded(cell) for cell in cells]
               for column, cells in zip(table.columns, columns, strict=True)]
    rows = zip(*columns, strict=True)
    return tuple(replace(row, cells=cells) for row, cells in zip(table.rows, rows, strict=False))


def foot(page: Page) -> list[str]:
    """The lines under the body: footnotes, then where it came from and how far it can be trusted."""
    origin = [
        f"Source: {', '.join(page.sources)}" if page.sources else "",
        f"Data cut: {page.cutoff}" if page.cutoff else "",
        f"Program: {page.program}" if page.program else "",
    ]
    return [*page.footnotes, *filter(None, ("   ".join(filter(None, origin)), page.status))]


def tick(value: float) -> str:
    """The label of an axis tick."""
    return rounded(value, 4).rstrip("0").rstrip(".")


def tables(figure: Figure) -> list[Table]:
    """What a figure says in numbers: numbers at risk per group and tick; the lines of a forest plot."""
    return [_at_risk(panel) if isinstance(panel, StepPanel) else _forest(panel) for panel in figure.panels]


def _at_risk(panel: StepPanel) -> Table:
    columns = tuple(Column(tick(value), align="right", span=panel.x_label) for value in panel.ticks)
    rows = tuple(Row((series.label, *map(str, series.at_risk)), key=series.key) for series in panel.series)
    return Table((Column(" - ".join(filter(None, (panel.title, "Number at risk"))), 3), *columns), rows)


def _forest(panel: ForestPanel) -> Table:
    first, *others = panel.heads
    columns = (Column(first, 3), *(Column(head, align="center") for head in others))
    rows = (Row((line.label, *line.texts) if line.texts else (line.label,), line.indent, line.header, key=line.key)
            for line in panel.rows)
    return Table(columns, tuple(rows))


def _in_line(cells: list[str]) -> list[str]:
    found = [WHOLE_PART.match(cell.lstrip(" ")) for cell in cells]
    place = max((match.end() for match in found if match), default=0)
    return [FIGURE_SPACE * (place - match.end()) + _padded(cell.lstrip(" ")) if match else _padded(cell)
            for cell, match in zip(cells, found, strict=True)]


def _padded(cell: str) -> str:
    return PADDING.sub(lambda blanks: FIGURE_SPACE * len(blanks[0]), cell).rstrip(" " + FIGURE_SPACE)
