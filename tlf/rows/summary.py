"""Rows of kind `summary`: the statistics of one variable, one value per subject (or per record)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import Records, all_of, equals
from tlf.lines import Line
from tlf.model import Row
from tlf.order import in_order, ordered_by
from tlf.results import BELOW, Address, Found, Place
from tlf.rows.kinds import SummaryRow
from tlf.rows.shares import Entries
from tlf.rows.summarised import measured
from tlf.rows.words import RowLevel
from tlf.rows.written import level
from tlf.shells import Shell


def measure_line(row: SummaryRow, population: str, places: Sequence[Place], records: Records) -> Entries:
    """The statistics of every column; with `by` those of every level below the row."""
    where = records.resolved(row.where)
    if not row.by:
        for place in places:
            yield from measured(row, place, where, records)
        return
    named = ordered_by(records.where(row.dataset, ""), [row.sort or row.by, row.by])
    frame = records.where(row.dataset, where, population, named)
    for one in row.values or _levels(row, frame):
        clause = all_of(where, records.resolved(one.where) or equals(frame, row.by, one.value))
        label = lines.each(row, one.label)
        for place in places:
            inner = BELOW.join([place.row, one.id.replace(BELOW, "/")])
            yield from measured(row, place._replace(rowid=f"{place.rowid}{BELOW}{label}", row=inner), clause, records)


def _levels(row: SummaryRow, frame: pd.DataFrame) -> Iterator[RowLevel]:
    """The values of `by` that the data have, in the order of `sort`, else in their own."""
    for value in in_order(frame, [row.sort or row.by, row.by])[row.by].dropna().unique():
        yield level(value_text(value))


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """One line, or the label and a line for each of the `statistics`; with `by` those of each level below the label."""
    if not line.row.by:
        return _printed(shell, line, line.key, found)
    rows = []
    for name, said in found.below(line.key).items():
        value = said.rowid.removeprefix(line.rowid + BELOW)
        label = shell.words.get(line.row.by, {}).get(value, value)
        of_level = line._replace(rowid=said.rowid, indent=line.indent + 1, row=replace(line.row, label=label))
        rows += _printed(shell, of_level, line.key._replace(row=name), found)
    return [lines.heading(shell, line), *rows] if rows else []


def _printed(shell: Shell, line: Line, key: Address, found: Found) -> list[Row]:
    values = lines.values(shell, key, found)

    def filled(show: str) -> list[str]:
        return [lines.statistics(show, one) for one in values]

    if not line.row.statistics:
        return [lines.printed(line, line.row.label, filled(line.row.show))]
    rows = [lines.printed(line, label, filled(show), 1) for label, show in line.row.statistics]
    return [lines.heading(shell, line), *rows]
