"""Family `stacked`: how many subjects are at each level on each day, as bars of one day beside another.

`of` and `where` (of a panel its own) give the records, one of a subject and day; `x` is the day, from the first tick to
the last, `colour` the level by the same dataset. Subjects at no level of the shell (grade 0) count as assessed alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf import lines
from tlf.by_subject import once, places
from tlf.conditions import Records, all_of, equals
from tlf.ids import named
from tlf.panels import Stacks
from tlf.results import BELOW, Origin, Place, Result, entry
from tlf.shells import Panel, Shell

ASSESSED = "Assessed"


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """Per panel, column and day the subjects assessed, and those at each level; LEVEL is the day."""
    yield from lines.column_subjects(shell, records)
    for panel in shell.panels or (Panel(),):
        where = records.resolved(panel.where or shell.where)
        for place in places(shell):
            yield from _days(shell, place, panel.title, where, records)


def _days(shell: Shell, place: Place, title: str, where: str, records: Records) -> Iterator[Result]:
    used = records.where(shell.of, where, place.population).dropna(subset=[shell.x])
    once(used, shell, "a bar counts subjects: narrow `where:`")
    levels = {level.label: equals(used, shell.colour.variable, level.value) for level in shell.colour.values}
    for day in _shown(shell):
        for label, clause in {ASSESSED: "", **levels}.items():
            own = Origin(shell.of, all_of(where, f"{shell.x} == {day}", clause), shell.colour.variable, f"{day}")
            row = place._replace(rowid=BELOW.join(filter(None, (label, title))))
            yield entry(row, own, "n", records.count(own.dataset, own.where, place.population))


def _shown(shell: Shell) -> range:
    return range(int(shell.ticks[0]), int(shell.ticks[-1]) + 1)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> Stacks:
    """One panel, from the results alone."""
    own, days = results[results["COLUMN"].isin(panel.columns)], _shown(shell)
    labels = [ASSESSED, *(level.label for level in shell.colour.values)]
    rows = {label: named(BELOW.join(filter(None, (label, panel.title)))) for label in labels}
    assessed, *counts = (tuple(own.loc[own["ROW"] == row, "VALUE"].astype(int)) for row in rows.values())
    ticks = tuple(float(tick) for tick in shell.ticks)
    bars = (tuple(days), tuple(labels[1:]), tuple(counts), assessed)
    return Stacks(*bars, ticks, shell.x_label, shell.y_label, panel.title)
