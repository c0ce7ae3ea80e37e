"""Family `swimmer`: a lane for each subject, the longest first, with marks of what happened and when.

`of`, `where` and `y` give the length in days, `marks` what stands on the lane: records of any dataset, at the day of a
variable. Days are printed in the unit of the output.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf import lines
from tlf.by_subject import LEVEL, levels, numbered, of_subject, places, short, told
from tlf.conditions import SUBJECT, Records, all_of, equals
from tlf.panels import Lane, Lanes, reached
from tlf.results import BELOW, Origin, Place, Result, entry
from tlf.rows.times import days_of
from tlf.shells import LaneMark, Panel, Shell

LANE = "Lane"


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """Per column and subject the length of the lane, its level, and every mark with its time."""
    yield from lines.column_subjects(shell, records)
    unit = days_of(shell.time, records)
    for place in places(shell):
        yield from _timed(LANE, LaneMark("", shell.y, shell.of, shell.where), place, records, unit)
        yield from levels(shell.colour, place, records)
        for mark in shell.marks:
            yield from _timed(mark.label, mark, place, records, unit)


def _timed(what: str, mark: LaneMark, place: Place, records: Records, unit: float) -> Iterator[Result]:
    """The times of one kind of mark, in the unit of the output; LEVEL is the day."""
    where = records.resolved(mark.where)
    used = records.where(mark.of, where, place.population).dropna(subset=[mark.variable])
    used = used.drop_duplicates([SUBJECT, mark.variable])
    for subject, day in zip(used[SUBJECT], used[mark.variable], strict=True):
        clause = all_of(where, equals(used, SUBJECT, subject), f"{mark.variable} == {day:g}")
        own = Origin(mark.of, clause, mark.variable, f"{day:g}")
        yield entry(of_subject(place, what, subject), own, "value", day / unit)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> Lanes:
    """One panel, from the results alone."""
    own = results[results["COLUMN"].isin(panel.columns)]
    lengths = told(own, LANE, "VALUE").sort_values(ascending=False, kind="stable")
    labels, numbers = numbered(shell.colour, told(own, LEVEL, "VALUEC"), list(lengths.index))
    marked: dict[str, list[tuple[float, int]]] = {}
    for at, mark in enumerate(shell.marks):
        for subject, time in told(own, mark.label, "VALUE").items():
            marked.setdefault(str(subject), []).append((float(time), at))
    names = short(lengths.index)
    lanes = [Lane(names[subject], float(end), level, tuple(sorted(marked.get(subject, []))), f"{LANE}{BELOW}{subject}")
             for (subject, end), level in zip(lengths.items(), numbers, strict=True)]  # fmt: skip
    marks = tuple(mark.label for mark in shell.marks)
    ticks = reached(tuple(float(tick) for tick in shell.ticks), lengths.max())
    return Lanes(tuple(lanes), labels, marks, ticks, shell.x_label, panel.title)
