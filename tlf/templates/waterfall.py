"""Family `waterfall`: a bar for each subject, the highest first, coloured by a level of the subject.

`of`, `where` and `y` give the value of a subject, the `take` (highest, lowest, first, last) of several; `colour` the
level by its own dataset. A subject without a value has no bar and is counted below.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf import lines
from tlf.conditions import SUBJECT, Data, Records, all_of, chosen, equals
from tlf.ids import named
from tlf.lines import Line
from tlf.model import Bar, Bars, Figure
from tlf.results import BELOW, Address, Origin, Place, Result, as_results, entry
from tlf.rows import kinds
from tlf.shells import Coloured, Panel, Shell

BAR, LEVEL = "Bar", "Level"
NO_LEVEL = "none"


def results(shell: Shell, data: Data) -> pd.DataFrame:
    """Per column and subject the height of the bar and the level that colours it."""
    return as_results(_entries(shell, Records(data)))


def figure(shell: Shell, results: pd.DataFrame) -> Figure:
    """The panels of the shell, drawn from the results alone."""
    panels = shell.panels or (Panel((shell.columns[0].id,)),)
    return Figure(tuple(_panel(shell, panel, results) for panel in panels), shell.description)


def _entries(shell: Shell, records: Records) -> Iterator[Result]:
    yield from lines.column_subjects(shell, records)
    line = Line("", 0, kinds.Heading(""), shell.population.where, Address(shell.population.id, ""))
    where = records.resolved(shell.where)
    for place in lines.places(shell, line):
        used = records.where(shell.of, where, place.population).dropna(subset=[shell.y])
        if shell.take:
            used = chosen(used, [SUBJECT], shell.take, shell.y)
        for subject, value in zip(used[SUBJECT], used[shell.y], strict=True):
            own = Origin(shell.of, all_of(where, equals(used, SUBJECT, subject)), shell.y)
            yield entry(of_subject(place, BAR, subject), own, "value", value)
        yield from levels(shell.colour, place, records)


def levels(colour: Coloured, place: Place, records: Records) -> Iterator[Result]:
    """The level of every subject of a column: the text of one variable, the first record of each."""
    where = records.resolved(colour.where)
    used = records.where(colour.of, where, place.population).dropna(subset=[colour.variable]).drop_duplicates(SUBJECT)
    for subject, value in zip(used[SUBJECT], used[colour.variable], strict=True):
        own = Origin(colour.of, all_of(where, equals(used, SUBJECT, subject)), colour.variable)
        yield entry(of_subject(place, LEVEL, subject), own, "text", text=str(value))


def of_subject(place: Place, what: str, subject: str) -> Place:
    """The place of what is said of one subject."""
    return place._replace(rowid=f"{what}{BELOW}{subject}", row=f"{named(what)}{BELOW}{subject}")


def told(own: pd.DataFrame, what: str, column: str) -> pd.Series:
    """What the results of a column say of each subject, by subject."""
    rows = own[own["ROW"].str.startswith(f"{named(what)}{BELOW}")]
    return rows.set_axis([row.partition(BELOW)[2] for row in rows["ROW"]])[column]


def numbered(colour: Coloured, found: pd.Series, subjects: list[str]) -> tuple[tuple[str, ...], list[int]]:
    """The labels of the levels in the order of the shell, and the number of each subject's."""
    known = {one.value: one.label for one in colour.values}
    values = [found.get(subject, "") for subject in subjects]
    shown = [value for value in known if value in values]
    rest = NO_LEVEL if any(value not in known for value in values) else ""
    labels = (*[known[value] for value in shown], *([rest] if rest else []))
    return labels, [shown.index(value) if value in shown else len(shown) for value in values]


def short(subject: str) -> str:
    """The subject's number without the study's name."""
    return subject.rpartition("-")[2] or subject


def _panel(shell: Shell, panel: Panel, results: pd.DataFrame) -> Bars:
    own = results[results["COLUMN"].isin(panel.columns)]
    heights = told(own, BAR, "VALUE").sort_values(ascending=False, kind="stable")
    labels, levels = numbered(shell.colour, told(own, LEVEL, "VALUEC"), list(heights.index))
    bars = tuple(Bar(short(subject), float(height), level, f"{BAR}{BELOW}{subject}")
                 for (subject, height), level in zip(heights.items(), levels, strict=True))  # fmt: skip
    return Bars(bars, labels, shell.y_label, panel.title, tuple(float(mark) for mark in shell.reference))
