"""Family `profiles`: a variable over time, a line for each subject, or the middle of a group with its spread.

`x` and `y` are variables of the dataset. With `middle` median the quartiles are the spread, with gmean the range of one
geometric standard deviation; without it every subject has a line, and `marks` are
points beside the lines (results below the limit of quantification). Every point drawn is a row of the results.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tlf import lines
from tlf.by_subject import once, places, shown
from tlf.conditions import Records, all_of
from tlf.panels import Course, Profiles
from tlf.results import Origin, Place, Result, entry
from tlf.shells import LaneMark, Panel, Shell, ShellColumn
from tlf.stats.summary import describe, spread_around
from tlf.subject_lines import lines_of, points

MIDDLE, LINES = "Middle", "Subject"
SAID = {"median": "Median (Q1, Q3)", "gmean": "Geometric mean (one geometric SD below, above)", "": ""}
STATISTICS = {"median": ("median", "q1", "q3"), "gmean": ("gmean", "below", "above")}


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """One record per group, time and statistic of the middle, or per group, subject and point of its line."""
    yield from lines.column_subjects(shell, records)
    where = records.resolved(shell.where)
    for place in places(shell):
        used = records.where(shell.of, where, place.population).dropna(subset=[shell.x, shell.y])
        origin = Origin(shell.of, where, shell.y)
        yield from _middle(shell, used, place, origin) if shell.middle else points(used, shell.x, place, origin, LINES)
        for mark in shell.marks:
            yield from _marked(shell, mark, place, records)


def _middle(shell: Shell, used: pd.DataFrame, place: Place, origin: Origin) -> Iterator[Result]:
    cure = "a middle needs one of each subject: narrow `where:` (ANL01FL)"
    for time, group in once(used, shell, cure).groupby(shell.x):
        found = describe(group[shell.y]) | (spread_around(group[shell.y]) if shell.middle == "gmean" else {})
        where = all_of(origin.where, f"{shell.x} == {time:g}", f"{shell.y} == {shell.y}")
        own = origin._replace(where=where, level=f"{time:g}")
        for name in ("n", *STATISTICS[shell.middle]):
            yield entry(place._replace(rowid=MIDDLE), own, name, found[name].value, note=found[name].note)


def _marked(shell: Shell, mark: LaneMark, place: Place, records: Records) -> Iterator[Result]:
    """The points that stand beside the lines: at `x` the variable of the mark."""
    where = records.resolved(mark.where)
    used = records.where(mark.of, where, place.population).dropna(subset=[shell.x, mark.variable])
    yield from points(used, shell.x, place, Origin(mark.of, where, mark.variable), mark.label)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> Profiles:
    """One panel, from the results alone."""
    courses = tuple(_course(shell, group, results[results["COLUMN"] == group.id]) for group in shown(shell, panel))
    last = max((x for course in courses for x in course.times), default=np.inf)
    ticks = tuple(tick for tick in map(float, shell.ticks) if tick <= last)
    return Profiles(
        courses, ticks, shell.x_label, shell.y_label, panel.title,
        SAID[shell.middle], shell.log, tuple(map(float, shell.reference)),
        "; ".join(mark.label for mark in shell.marks),
    )  # fmt: skip


def _course(shell: Shell, group: ShellColumn, own: pd.DataFrame) -> Course:
    label = f"{group.label} (N={own.loc[own['ROWID'] == lines.SUBJECTS, 'VALUE'].iloc[0]:.0f})"
    if not shell.middle:
        marked = [line for mark in shell.marks for line in lines_of(own, mark.label)]
        return Course(label, tuple(lines_of(own, LINES)), key=LINES, marked=tuple(marked))
    wide = own[own["ROWID"] == MIDDLE].pivot(index="LEVEL", columns="STATISTIC", values="VALUE")
    wide = wide.reindex(columns=["n", *STATISTICS[shell.middle]]).rename(index=float).sort_index()
    middle, lower, upper = (tuple(wide[name].astype(float)) for name in STATISTICS[shell.middle])
    return Course(label, (), tuple(wide.index), middle, lower, upper, tuple(wide["n"].astype(np.int64)), MIDDLE)
