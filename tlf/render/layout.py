"""What the renderers share: tidy cells, column heads, the lines around the body, and the tables of a figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from math import fsum
from operator import is_, methodcaller
from typing import NamedTuple

from tlf.model import Column, Figure, Page, Row, Table
from tlf.panels import Bars, Flow, ForestPanel, Frame, HeatMap, Lanes, Profiles, Scatter, Stacks, StepPanel
from tlf.shell import rounded

Measure = Callable[[str, bool], float]
TRIMMED = methodcaller("rstrip", " ")
# What a centred column is aligned on: the whole part of the first number, or the code that stands for a number.
WHOLE_PART = re.compile(r"(?:[Nn] ?= ?)?[(\[<>]*-?(?:\d+|x+(?![a-z]))|(?:N[ERAC]|-)(?=$|[\s,)])")


class Head(NamedTuple):
    """One cell of the spanning header: columns `start` up to `stop`."""

    text: str
    start: int
    stop: int


def heads(columns: tuple[Column, ...]) -> list[Head]:
    """The spanning header's cells from left to right; none when no column has a span."""
    if not any(column.span for column in columns):
        return []
    found: list[Head] = []
    for span, group in groupby(columns, key=lambda column: column.span):
        start = found[-1].stop if found else 0
        found.append(Head(span, start, start + len(list(group))))
    return found


def opens(row: Row, previous: Row | None) -> bool:
    """Whether a blank line stands before a row: where a group begins, after a group ended, where the row asks."""
    if previous is None:
        return False
    return row.gap or (row.indent == 0 and (row.header or previous.indent > 0))


def tidy(table: Table) -> Table:
    """The table without the padding of shells: one style for "12 (100)", "1 (8.3)" and "2/2 (100)" in every column."""
    ways = [_closed_up if column.align == "center" else TRIMMED for column in table.columns]
    rows, tidied = table.rows, list[Row]()
    for row in rows:
        cells = tuple([way(cell) for way, cell in zip(ways, row.cells, strict=False)])
        tidied.append(row if cells == row.cells else replace(row, cells=cells))
    return table if all(map(is_, tidied, rows)) else replace(table, rows=tuple(tidied))


def offsets(cells: list[tuple[str, bool]], room: float, measure: Measure, air: float = 0) -> list[float]:
    """Left edge of each cell (text, bold) of a centred column: first numbers end in line, words are centred alone.

    The numbers stand about the middle of the column: the mean of their own middles is there, as far as all fit and
    `air` stays free beside the longest.
    """
    leads, found = _leads(cells, measure), []
    sizes = [measure(*cell) for cell in cells]
    spans = [(lead, lead + size) for lead, size in zip(leads, sizes, strict=True) if lead is not None]
    middle = fsum((start + end) / 2 for start, end in spans) / max(len(spans), 1)
    left = max(0.0, min(room / 2 - middle, room - air - max((end for _, end in spans), default=0)))
    for lead, size in zip(leads, sizes, strict=True):
        found.append(max(0.0, (room - size) / 2) if lead is None else left + lead)
    return found


def block(cells: list[tuple[str, bool]], measure: Measure) -> float:
    """The width that the cells of a centred column need when their first numbers stand in line."""
    leads = _leads(cells, measure)
    return max((measure(*cell) + (lead or 0) for cell, lead in zip(cells, leads, strict=True)), default=0)


def _leads(cells: list[tuple[str, bool]], measure: Measure) -> list[float | None]:
    """How far each cell is moved in, so that the first numbers end in line; None for words."""
    found = [WHOLE_PART.match(text) for text, _ in cells]
    before = [measure(match[0], bold) if match else None for match, (_, bold) in zip(found, cells, strict=True)]
    place = max((width for width in before if width is not None), default=0)
    return [None if width is None else place - width for width in before]


def head(page: Page) -> list[tuple[str, str]]:
    """The lines above the titles, left and right: what was studied, how final it is, of which data, which version."""
    told = [("Protocol", page.study), ("Sponsor", page.sponsor)]
    made = [("Extract", page.extract), ("Data cut", page.cutoff), ("Version", page.version)]
    lines = [(_named(told), page.stage.upper()), (_named(made), page.dictionaries)]
    return [line for line in lines if any(line)]


def foot(page: Page) -> list[str]:
    """The lines under the body: footnotes, where it came from, how far it can be trusted."""
    made = [("Source", ", ".join(page.sources)), ("Program", page.program), ("Decisions", ", ".join(page.decisions))]
    return [*page.footnotes, *filter(None, (_named(made), page.status))]


def tick(value: float) -> str:
    """The label of an axis tick."""
    return rounded(value, 4).rstrip("0").rstrip(".")


def tables(figure: Figure) -> list[Table]:
    """What a figure says in numbers, a table for each panel; without one for lines of subjects, who are listed."""
    return [TOLD[type(panel)](panel) for panel in figure.panels]


def _named(pairs: list[tuple[str, str]]) -> str:
    return "   ".join(f"{name}: {text}" for name, text in pairs if text)


def _at_risk(panel: StepPanel) -> Table:
    columns = tuple(Column(tick(value), align="right", span=panel.x_label) for value in panel.ticks)
    rows = []
    for series in panel.series:
        rows.append(Row((series.label, *map(str, series.at_risk)), key=series.key))
        rows += [Row((series.remark,), 1, key=series.key)] if series.remark else []
    return Table((Column(" - ".join(filter(None, (panel.title, "Number at risk"))), 3), *columns), tuple(rows))


def _forest(panel: ForestPanel) -> Table:
    first, *others = panel.heads
    columns = (Column(first, 3), *(Column(name, align="center") for name in others))
    rows = (Row((line.label, *line.texts) if line.texts else (line.label,), line.indent, line.header, key=line.key)
            for line in panel.rows)
    return Table(columns, tuple(rows))


def _profiles(panel: Profiles) -> Table:
    """The middle of each group with its spread and n by time; of lines of subjects how many there are."""
    columns = (Column(panel.title or "Group", 2), Column(panel.x_label, align="center"),
               Column(panel.middle or "Subjects", 2, "center"), Column("n", align="center"))
    rows = []
    for course in panel.courses:
        rows.append(Row((course.label,), header=True, key=course.key))
        if course.lines:
            points = sum(len(time) for time, _ in course.lines)
            rows.append(Row(("Lines of subjects", "", str(len(course.lines)), str(points)), 1, key=course.key))
        if course.marked:
            points = sum(len(time) for time, _ in course.marked)
            rows.append(Row((panel.marked, "", str(len(course.marked)), str(points)), 1, key=course.key))
        points = zip(course.time, course.middle, course.lower, course.upper, course.counts, strict=True)
        rows += [Row(("", tick(x), f"{number(m)} ({number(low)}, {number(high)})", str(n)), 1, key=course.key)
                 for x, m, low, high, n in points]
    return Table(columns, tuple(rows))


def _bars(panel: Bars) -> Table:
    columns = (Column("Subject", 2), Column(panel.y_label, 2, "center"), Column("Level", align="center"))
    return Table(columns, tuple(Row((b.label, number(b.height), panel.levels[b.level]), key=b.key) for b in panel.bars))


def _lanes(panel: Lanes) -> Table:
    columns = (Column("Subject", 2), Column("Group"), Column(panel.x_label, align="center"), Column("Marks", 5))
    return Table(columns, tuple(
        Row((lane.label, panel.levels[lane.level], number(lane.end),
             ", ".join(f"{panel.marks[mark]} {number(time)}" for time, mark in lane.marks)), key=lane.key)
        for lane in panel.lanes))  # fmt: skip


def _flow(panel: Flow) -> Table:
    """Every box, and below it those beside it."""
    columns = (Column("Subjects", 3), *(Column(label, align="center") for label in panel.columns))
    told = [(one, int(one is not box)) for box in (*panel.steps, *panel.sets) for one in (box, *box.beside)]
    rows = [Row((one.label, *map(str, one.counts)), depth, key=one.key) for one, depth in told]
    return Table(columns, tuple(rows))


def _frame(panel: Frame) -> Table:
    return Table((Column(panel.title or "Group"),), tuple(Row((group,)) for group in panel.groups))


def _heat_map(panel: HeatMap) -> Table:
    columns = (Column(panel.title or "Subject", 2), *(Column(visit, align="center") for visit in panel.columns))
    return Table(columns, tuple(Row((row.label, *row.cells), key=row.key) for row in panel.rows))


def _scatter(panel: Scatter) -> Table:
    columns = (Column("Subject", 2), Column(panel.x_label, 2, "center"), Column(panel.y_label, 2, "center"))
    rows = []
    for cloud in panel.clouds:
        rows.append(Row((cloud.label,), header=True, key=cloud.key))
        rows += [Row((name, number(x), number(y)), 1, key=f"{cloud.key}{name}") for name, x, y in cloud.points]
    return Table(columns, tuple(rows))


def _stacks(panel: Stacks) -> Table:
    heads = ("Assessed", *panel.levels)
    columns = (Column(panel.title or panel.x_label, 2), *(Column(head, align="center") for head in heads))
    numbers = zip(panel.days, panel.assessed, *panel.counts, strict=True)
    return Table(columns, tuple(Row((tick(day), *map(str, counts))) for day, *counts in numbers))


def number(value: float) -> str:
    """A number of a figure as its table says it: of four digits, without needless zeros."""
    if value != value:
        return "-"
    text = rounded(value, max(0, 4 - len(str(int(abs(value))))) if abs(value) >= 1 else 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


TOLD = {
    StepPanel: _at_risk, ForestPanel: _forest, Profiles: _profiles, Bars: _bars, Lanes: _lanes, Flow: _flow,
    Frame: _frame, HeatMap: _heat_map, Scatter: _scatter, Stacks: _stacks,
}  # fmt: skip


@lru_cache(maxsize=65536)  # cells repeat themselves
def _closed_up(cell: str) -> str:
    return re.sub(r"([(\[]) +", r"\1", re.sub(r" {2,}", " ", cell.strip(" ")))
