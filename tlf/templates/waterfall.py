"""Family `waterfall`: a bar for each subject, the highest first, coloured by a level of the subject.

`of`, `where` and `y` give the value of a subject, the `take` (highest, lowest, first, last) of several; `colour` the
level by its own dataset. A subject without a value has no bar and is counted below.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf import lines
from tlf.by_subject import LEVEL, levels, numbered, of_subject, places, short, told
from tlf.conditions import SUBJECT, Records, all_of, chosen, equals
from tlf.panels import Bar, Bars
from tlf.results import BELOW, Origin, Result, entry
from tlf.shells import Panel, Shell

BAR = "Bar"


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """Per column and subject the height of the bar and the level that colours it."""
    yield from lines.column_subjects(shell, records)
    where = records.resolved(shell.where)
    for place in places(shell):
        used = records.where(shell.of, where, place.population).dropna(subset=[shell.y])
        if shell.take:
            used = chosen(used, [SUBJECT], shell.take, shell.y)
        for subject, value in zip(used[SUBJECT], used[shell.y], strict=True):
            own = Origin(shell.of, all_of(where, equals(used, SUBJECT, subject)), shell.y)
            yield entry(of_subject(place, BAR, subject), own, "value", value)
        yield from levels(shell.colour, place, records)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> Bars:
    """One panel, from the results alone."""
    own = results[results["COLUMN"].isin(panel.columns)]
    heights = told(own, BAR, "VALUE").sort_values(ascending=False, kind="stable")
    labels, numbers = numbered(shell.colour, told(own, LEVEL, "VALUEC"), list(heights.index))
    names = short(heights.index)
    bars = tuple(Bar(names[subject], float(height), level, f"{BAR}{BELOW}{subject}")
                 for (subject, height), level in zip(heights.items(), numbers, strict=True))  # fmt: skip
    return Bars(bars, labels, shell.y_label, panel.title, tuple(float(mark) for mark in shell.reference))
