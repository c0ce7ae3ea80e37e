"""What figures of subjects share: their columns as places, what is said of one subject, levels that colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import SUBJECT, Records, all_of, equals
from tlf.ids import named
from tlf.lines import Line
from tlf.panels import NO_LEVEL
from tlf.results import BELOW, Address, Origin, Place, Result, entry
from tlf.rows import kinds
from tlf.shells import Coloured, Panel, Shell, ShellColumn

LEVEL = "Level"


def places(shell: Shell) -> Iterator[Place]:
    """The place of every column."""
    line = Line("", 0, kinds.Heading(""), shell.population.where, Address(shell.population.id, ""))
    return lines.places(shell, line)


def shown(shell: Shell, panel: Panel) -> list[ShellColumn]:
    """The columns of a panel, in its order."""
    return [column for name in panel.columns for column in shell.columns if column.id == name]


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


def once(used: pd.DataFrame, shell: Shell, cure: str) -> pd.DataFrame:
    """The records, one of a subject at each value of `x`. Raises TrialError where there are several."""
    again = used[used.duplicated([SUBJECT, shell.x])]
    if len(again):
        at = value_text(again[shell.x].iloc[0])
        what = f"{shell.of.upper()} has several records of a subject at one {shell.x} ({at})."
        raise TrialError(what, shell.output, cure)
    return used


def numbered(colour: Coloured, found: pd.Series, subjects: list[str]) -> tuple[tuple[str, ...], list[int]]:
    """The labels of the levels in the order of the shell, then others; and the number of each subject's.

    Only who has no value is in none of them.
    """
    known = {one.value: one.label for one in colour.values}
    values = [found.get(subject, "") for subject in subjects]
    known |= {value: value for value in sorted(set(values) - {*known, ""})}
    shown = [value for value in known if value in values]
    rest = NO_LEVEL if "" in values else ""
    labels = (*[known[value] for value in shown], *([rest] if rest else []))
    return labels, [shown.index(value) if value in shown else len(shown) for value in values]


def short(subjects: Iterable[str]) -> dict[str, str]:
    """Each subject's number without the study's name: the fewest last parts of USUBJID that tell all apart."""
    parts = {subject: subject.split("-") for subject in subjects}
    for count in range(1, max(map(len, parts.values()), default=0) + 1):
        shown = {subject: "-".join(own[-count:]) for subject, own in parts.items()}
        if len(set(shown.values())) == len(parts) and all(shown.values()):
            return shown
    return {subject: subject for subject in parts}
