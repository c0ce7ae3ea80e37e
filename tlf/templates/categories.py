"""Family `categories`: counts, levels and summaries, by set and column.

A row, or a set of rows, may name the `columns` it is for; in others it prints as not applicable, with its `note`.
Families with more kinds of rows (tlf/rows/kinds.py) are made the same way.
"""

from __future__ import annotations

import pandas as pd

from pipeline.ground.faults import told_of
from tlf import lines, notes
from tlf.conditions import Records, in_words
from tlf.decided import worded
from tlf.model import Row, Table
from tlf.results import Found, Origin, Place, entry
from tlf.rows import (
    kinds,
)
from tlf.rows.made import MADE
from tlf.rows.shares import RECORDS, Entries, shown
from tlf.shells import Shell


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    found = Found(results)
    shell = lines.shown(in_words(shell, worded(shell, notes.in_force(found))), found)
    rows = [row for line in lines.lines(shell) for row in _printed(shell, line, found)]
    return lines.table(shell, found, rows + notes.rows(found), _counts_say(shell))


def entries(shell: Shell, records: Records) -> Entries:
    """The rows of the results in the order of the page, after the decisions and the sizes of the columns."""
    yield from notes.decisions(shell, records)
    shell = in_words(shell, worded(shell, records.decisions))
    yield from lines.column_subjects(shell, records)
    for line in lines.lines(shell):
        yield from _of_line(line, list(lines.places(shell, line)), records)
    yield from notes.entries(shell, records)


def _printed(shell: Shell, line: lines.Line, found: Found) -> list[Row]:
    with told_of(line.part, line.rowid):
        rows: list[Row] = MADE[type(line.row)].printed(shell, line, found)
    return rows


def _of_line(line: lines.Line, places: list[Place], records: Records) -> Entries:
    """The results of one line: column by column, or of all columns at once where the data tell which rows there are."""
    made, inside = MADE[type(line.row)], [at for at in places if not line.row.columns or at.column in line.row.columns]
    with told_of(line.part, line.rowid):
        if hasattr(made, "measure_line"):
            yield from made.measure_line(line.row, line.population, inside, records)
        for place in places:
            if place not in inside:
                yield entry(place, Origin("adsl", ""), "n", note=line.row.note or "not applicable to this column")
            elif not hasattr(made, "measure_line"):
                yield from made.measure(line.row, place, records)


def _counts_say(shell: Shell) -> str:
    """What the cells of rows that count subjects are, for the heads of columns: n (%), n/N (%), rates or several."""
    counted = [line.row for line in lines.lines(shell) if isinstance(line.row, kinds.Share | kinds.Terms)]
    cells = [shown(row) for row in counted if getattr(row, "per", "") != "record"]
    shares = [_share_says(show) for show in cells if "{pct" in show or "{rate" in show]
    return " or ".join(sorted(set(shares))) or ("n/N" if any("{N" in show for show in cells) else "")


def _share_says(show: str) -> str:
    if "{rate" in show:
        return "n/months, rate (CI)"
    return ("n/N (%)" if "{N" in show else "n (%)") + (", records" if RECORDS in show else "")
