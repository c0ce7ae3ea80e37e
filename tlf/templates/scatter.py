"""Family `scatter`: a point for each subject, by two values of it; those beyond the lines of both axes are named.

`across` and `upward` give the values: a variable of the records that meet `where`, of several of a subject the one to
`take`. A subject without either has no point. `log` makes both axes logarithmic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from tlf import lines
from tlf.by_subject import of_subject, places, short, shown, told
from tlf.conditions import SUBJECT, Records, all_of, chosen, equals
from tlf.panels import Cloud, Scatter
from tlf.results import BELOW, Origin, Place, Result, entry
from tlf.shells import Axis, Panel, Shell, ShellColumn

ACROSS, UPWARD = "Across", "Upward"


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """Per column and subject the value of each axis."""
    yield from lines.column_subjects(shell, records)
    for place in places(shell):
        yield from _values(ACROSS, shell.across, place, records)
        yield from _values(UPWARD, shell.upward, place, records)


def _values(what: str, axis: Axis, place: Place, records: Records) -> Iterator[Result]:
    where = records.resolved(axis.where)
    used = records.where(axis.of, where, place.population).dropna(subset=[axis.variable])
    used = chosen(used, [SUBJECT], axis.take, axis.variable)
    for subject, value in zip(used[SUBJECT], used[axis.variable], strict=True):
        own = Origin(axis.of, all_of(where, equals(used, SUBJECT, subject)), axis.variable)
        yield entry(of_subject(place, what, subject), own, "value", value)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> Scatter:
    """One panel, from the results alone."""
    names = short(told(results, ACROSS, "VALUE").index)
    clouds = tuple(_cloud(group, results[results["COLUMN"] == group.id], names) for group in shown(shell, panel))
    marks = (tuple(map(float, axis.reference)) for axis in (shell.across, shell.upward))
    return Scatter(clouds, *marks, shell.x_label, shell.y_label, panel.title, shell.log)


def _cloud(group: ShellColumn, own: pd.DataFrame, names: Mapping[str, str]) -> Cloud:
    across, upward = (told(own, what, "VALUE") for what in (ACROSS, UPWARD))
    n = own.loc[own["ROWID"] == lines.SUBJECTS, "VALUE"].iloc[0]
    points = tuple((names[who], float(x), float(upward[who])) for who, x in across.items() if who in upward.index)
    return Cloud(f"{group.label} (N={n:.0f})", points, f"{ACROSS}{BELOW}")
