"""Family `flow`: the way of the subjects through the study as boxes, with those who left it beside.

A `count` at the margin is a box, and what is counted below it (`indent: 1`, 2) stands beside: who left, and why. Counts
below the last `heading` are boxes side by side at the foot (analysis sets), with what is below them inside. Nothing
stands beside of which there is nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.panels import Flow, FlowBox
from tlf.results import BELOW, Found
from tlf.rows import kinds
from tlf.rows.shares import Entries
from tlf.shells import Panel, Shell
from tlf.templates import categories


def entries(shell: Shell, records: Records) -> Entries:
    """One record per box, line beside it, column and statistic."""
    return categories.entries(shell, records)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> Flow:
    """One panel, from the results alone."""
    found, steps, sets = Found(results), list[FlowBox](), list[FlowBox]()
    boxes, depth, heading = steps, 0, ""
    for line in lines.lines(shell):
        if isinstance(line.row, kinds.Heading):
            boxes, depth, heading = sets, line.indent + 1, line.row.label
        elif line.indent == depth:
            boxes.append(_box(shell, line, found))
        elif boxes:
            beside = [one for one in _beside(shell, line, found) if any(one.counts)]
            boxes[-1] = replace(boxes[-1], beside=(*boxes[-1].beside, *beside))
    columns = tuple(column.label for column in shell.columns)
    return Flow(tuple(steps), tuple(sets), columns, heading)


def _box(shell: Shell, line: Line, found: Found) -> FlowBox:
    return FlowBox(line.row.label, _counts(shell, line, found), line.rowid)


def _beside(shell: Shell, line: Line, found: Found) -> Iterator[FlowBox]:
    """The line itself, or the terms or levels below it."""
    if isinstance(line.row, kinds.Count):
        yield _box(shell, line, found)
    for row, said in found.below(line.key).items():
        below = line._replace(key=line.key._replace(row=row))
        value = said.rowid.rpartition(BELOW)[2]
        words = shell.words.get(line.row.by[0], {}) if isinstance(line.row, kinds.Terms) else {}
        yield FlowBox(words.get(value, value), _counts(shell, below, found), said.rowid)


def _counts(shell: Shell, line: Line, found: Found) -> tuple[int, ...]:
    return tuple(int(found.number(line.key, column.id, "n")) for column in shell.columns)
