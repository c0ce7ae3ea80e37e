"""Family `categories`: counts, levels and summaries, by set and column.

A row, or a set of rows, may name the `columns` it is for; in others it prints as not applicable, with its `note`.
Families with more kinds of rows (tlf/rows/kinds.py) are made the same way.
"""

from __future__ import annotations

from types import ModuleType

import pandas as pd

from tlf import lines, notes
from tlf.conditions import Data, Records, in_words
from tlf.model import Table
from tlf.results import Found, Origin, as_results, entry
from tlf.rows import count, follow_up, heading, kinds, levels, median, opening, rate, summary
from tlf.rows.shares import COUNT_AND_SHARE, Entries
from tlf.shells import Shell

MADE: dict[type[kinds.ShellRow], ModuleType] = {
    kinds.Heading: heading, kinds.Opening: opening, kinds.Count: count, kinds.Levels: levels, kinds.SummaryRow: summary,
    kinds.Median: median, kinds.Rate: rate, kinds.FollowUp: follow_up,
}  # fmt: skip


def results(shell: Shell, data: Data) -> pd.DataFrame:
    """One record per printed row, column and statistic (see specs/standard/results.yaml)."""
    return as_results(entries(shell, Records(data)))


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    found = Found(results)
    shell = in_words(shell, notes.worded(shell, notes.in_force(found)))
    rows = [row for line in lines.lines(shell) for row in MADE[type(line.row)].printed(shell, line, found)]
    return lines.table(shell, found, rows + notes.rows(found), _counts_say(shell))


def entries(shell: Shell, records: Records) -> Entries:
    """The rows of the results in the order of the page, after the decisions and the sizes of the columns."""
    yield from notes.decisions(shell, records)
    shell = in_words(shell, notes.worded(shell, records.decisions))
    yield from lines.column_subjects(shell, records)
    for line in lines.lines(shell):
        measure = MADE[type(line.row)].measure
        for place in lines.places(shell, line):
            if not line.row.columns or place.column in line.row.columns:
                yield from measure(line.row, place, records)
            else:
                reason = line.row.note or "not applicable to this column"
                yield entry(place, Origin("adsl", ""), "n", note=reason)
    yield from notes.entries(shell, records)


def _counts_say(shell: Shell) -> str:
    """What the cells of counted rows are, for the heads of the columns: n (%), n/N (%) or both."""
    counted = [line.row for line in lines.lines(shell) if isinstance(line.row, kinds.Count | kinds.Levels)]
    cells = [row.show or COUNT_AND_SHARE for row in counted]
    shares = ["n/N (%)" if "{N" in show else "n (%)" for show in cells if "{pct" in show]
    return " or ".join(sorted(set(shares))) or ("n/N" if cells else "")
