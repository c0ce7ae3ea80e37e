"""Results that are awaited: a row for each number that a shell will print, so that its own page prints x's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pandas as pd

from pipeline.ground.words import choice_text
from tlf import lines, notes
from tlf.conditions import in_words
from tlf.decided import Decisions, with_decisions, worded
from tlf.lines import Line
from tlf.mock.foreseen import FEW, TEXT, Foreseen
from tlf.results import BELOW, COLUMNS, Origin, Place, Result, entry
from tlf.results import TEXT as IN_WORDS
from tlf.rows import kinds
from tlf.rows.levels import ABSENT
from tlf.shell import Awaited
from tlf.shells import Shell
from tlf.templates import published

LIMITS = ("lower", "upper", "level")
Below = Iterator[tuple[str, ...]]  # paths of the labels that the data will give below a row


def results(shell: Shell, known: Foreseen) -> pd.DataFrame:
    """One record per number the shell prints, its value awaited; decisions have theirs."""
    words = worded(shell, known.decisions)
    shell = published.complete(shell) if shell.family == "published" else shell
    entries = [*_decisions(shell, known), *_rows(in_words(shell, words), known), *_notes(shell, words)]
    return pd.DataFrame(entries, columns=list(COLUMNS), dtype=object)


def _decisions(shell: Shell, known: Foreseen) -> Iterator[Result]:
    for name in shell.decisions:
        place = Place(shell.output, notes.DECISION + name, notes.EVERYBODY, "")
        yield entry(place, Origin("adsl", ""), "decision", text=choice_text(known.decisions[name.lower()]))


def _notes(shell: Shell, worded: Decisions) -> Iterator[Result]:
    """The sentences of the shell on subjects, whose number and names are awaited."""
    for note in shell.notes:
        place = Place(shell.output, notes.PREFIX + note.label, notes.EVERYBODY, "")
        text = with_decisions(note.text, worded).replace("{n}", "xx").replace("{subjects}", "<subjects>")
        yield entry(place, Origin(note.of, note.where), "n", text=text)


def _rows(shell: Shell, known: Foreseen) -> Iterator[Result]:
    if not shell.sets:
        head = Line(lines.SUBJECTS, 0, kinds.Heading(""), "", lines.sizes(shell.population))
        yield from (_awaited(place, Origin("adsl", ""), "N") for place in lines.places(shell, head))
    for line in lines.lines(shell):
        for place in lines.places(shell, line):
            if line.row.columns and place.column not in line.row.columns:
                yield entry(place, Origin("adsl", ""), "n")
            else:
                yield from _of_row(line.row, place, known)


def _of_row(row: kinds.ShellRow, place: Place, known: Foreseen) -> Iterator[Result]:
    """The numbers of a row in one column: its own, those of its levels, or those below it."""
    if isinstance(row, kinds.Opening):
        yield _awaited(place, Origin("adsl", ""), "N")
    elif isinstance(row, kinds.Levels):
        for level in [*(one.id for one in row.values), *([ABSENT] if row.absent else [])]:
            yield from _numbers(row, place, known, level)
    elif isinstance(row, kinds.Measured):
        paths = list(BELOW_ROWS[type(row)](row, known)) if type(row) in BELOW_ROWS else []
        for path in paths:
            below = place._replace(rowid=BELOW.join([place.rowid, *path]), row=BELOW.join([place.row, *path]))
            yield from _numbers(row, below, known, path[-1])
        if not paths:
            yield from _numbers(row, place, known)


def _numbers(row: kinds.Measured, place: Place, known: Foreseen, level: str = "") -> Iterator[Result]:
    origin = Origin(row.dataset, row.where, level=level)
    for name in _made(row):
        if name == IN_WORDS:
            yield entry(place, origin, name, text=TEXT)
        elif name == "level":
            yield entry(place, origin, name, float(known.decisions.get("ci_level", 0.95)))
        else:
            yield _awaited(place, origin, name)


def _made(row: kinds.Measured) -> tuple[str, ...]:
    """The statistics that a row will have."""
    if isinstance(row, kinds.Count) and row.per == "record":
        return ("n",)
    limited = not isinstance(row, kinds.Share | kinds.Terms) or bool(row.interval)
    return tuple(name for name in row.made if limited or name not in LIMITS)


def _awaited(place: Place, origin: Origin, name: str) -> Result:
    made = entry(place, origin, name)
    made["VALUE"] = Awaited(1)
    return made


def _terms(row: kinds.Terms, known: Foreseen) -> Below:
    """The levels of the terms, each within the one above, and the parts of each."""
    yield from _terms_below(row, (), known)


def _terms_below(row: kinds.Terms, above: tuple[str, ...], known: Foreseen) -> Below:
    if len(above) == len(row.by):
        return
    for term in known.levels(row.dataset, row.by[len(above)]):
        path = (*above, lines.each(row, term) if len(above) + 1 == len(row.by) else term)
        yield path
        yield from ((*path, part.label.replace("{level}", term)) for part in row.parts)
        yield from _terms_below(row, path, known)


def _shift(row: kinds.Shift, known: Foreseen) -> Below:
    sides = [[side.each.replace("{level}", one) for one in known.levels(row.dataset, side.variable, FEW)]
             for side in (row.first, row.then)]  # fmt: skip
    groups = [known.levels(row.dataset, row.by)] if row.by else []
    yield from product(*groups, *sides)


def _summary(row: kinds.SummaryRow, known: Foreseen) -> Below:
    if row.by:
        told = [one.label for one in row.values] or known.levels(row.dataset, row.by)
        yield from ((lines.each(row, one),) for one in told)


def _subgroups(row: kinds.Subgroups, known: Foreseen) -> Below:
    yield from ((one,) for one in [level.label for level in row.values] or known.levels("adsl", row.within))


BELOW_ROWS: Mapping[type[kinds.ShellRow], Any] = {
    kinds.Terms: _terms, kinds.Shift: _shift, kinds.SummaryRow: _summary, kinds.Subgroups: _subgroups,
}  # fmt: skip
