"""Rows of kind `terms`: subjects by the terms that the data have, nested; each subject counts once at each term.

Terms are told for all columns together, so that every column has the same lines: those that anybody of the population
has. Records without a term stand last, as Missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets, quoted
from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import SUBJECT, Records, all_of, beside, chosen, equals, is_missing
from tlf.lines import Line
from tlf.model import Row
from tlf.order import in_order, ranked
from tlf.results import BELOW, Found, Origin, Place
from tlf.rows import shares
from tlf.rows.at_risk import rates, time_at_risk
from tlf.rows.kinds import Terms
from tlf.shells import Shell

MISSING = "Missing"


class Term(NamedTuple):
    """A term with those above it: its records, and the clause that selects them."""

    path: tuple[str, ...]
    where: str
    records: pd.DataFrame
    label: str = ""
    beyond: frozenset[str] = frozenset()  # who meets the clause, but not by the record that is taken


class CountedTerm(NamedTuple):
    """A printed line below the row: its path, its subjects, and the clause that selects those of a column."""

    path: tuple[str, ...]
    label: str
    subjects: frozenset[str]
    where: str
    records: pd.DataFrame
    beyond: frozenset[str] = frozenset()  # as of the term


class AskedPart(NamedTuple):
    """A line below each term: its label, its clause, and whether each record of the row meets it, by number."""

    label: str
    where: str
    met: np.ndarray


def measure_line(row: Terms, population: str, places: Sequence[Place], records: Records) -> shares.Entries:
    """n, N and the proportion of every term, and of its parts below it, in every column."""
    where = records.resolved(row.where)
    used = records.where(row.dataset, where, population).reset_index(drop=True)
    parts = _asked(row, used, records)
    members = {place: records.subjects("adsl", place.population) for place in places}
    timed = places if shares.timed(row) else ()
    at_risk = {place: time_at_risk(row.time_at_risk, place, records) for place in timed}
    for term in _found(row, Term((), where, used)):
        subjects = frozenset(term.records[SUBJECT])
        if any(_often(row, len(subjects & whole), len(whole)) for whole in members.values()):
            itself = CountedTerm(term.path, term.label, subjects, term.where, term.records, term.beyond)
            for told in (itself, *_parts(row, term, parts)):
                for place, whole in members.items():
                    below, origin = _below(row, told, place, whole)
                    whom = origin, Origin("adsl", "", level=told.label)
                    counts = len(told.subjects & whole), len(whole)
                    yield from shares.counted(row, below, whom, counts, records)
                    if at_risk:
                        yield from rates(below, origin, told.records, at_risk[place], records)


def _below(row: Terms, told: CountedTerm, place: Place, whole: frozenset[str]) -> tuple[Place, Origin]:
    """Where the numbers of a term stand in a column, and the records behind them."""
    outside = sorted(told.beyond & whole)
    where = all_of(told.where, f"{SUBJECT} not in {quoted(outside)}") if outside else told.where
    inner = [term.replace(BELOW, "/") for term in told.path]
    labels = [*told.path[:-1], told.label]
    place = place._replace(rowid=BELOW.join([place.rowid, *labels]), row=BELOW.join([place.row, *inner]))
    return place, Origin(row.dataset, where, " ".join(row.by), told.label)


def _found(row: Terms, above: Term) -> Iterator[Term]:
    """The terms below a term, each followed by those below it: the most frequent first, or in the order of values."""
    if len(above.path) == len(row.by):
        return
    variable = row.by[len(above.path)]
    last = len(above.path) + 1 == len(row.by)
    called = {level.value: level.label for level in row.values} if last else {}
    used = _taken(row, above) if last else above.records
    for value in ranked(_ordered(row, used, variable), row.values if last else ()):
        told = value_text(value)
        label = lines.each(row, called.get(told, told)) if last else told
        meeting = above.records[above.records[variable] == value]
        yield from _with_below(row, above, (told, label, equals(above.records, variable, told)), meeting, used)
    if used[variable].isna().any():
        meeting = above.records[above.records[variable].isna()]
        yield from _with_below(row, above, (MISSING, MISSING, is_missing(variable)), meeting, used)


def _with_below(
    row: Terms, above: Term, named: tuple[str, str, str], meeting: pd.DataFrame, used: pd.DataFrame
) -> Iterator[Term]:
    """A term (its name, label and clause) of the records that are used among those that meet it, and those below it."""
    name, label, clause = named
    own = meeting[meeting.index.isin(used.index)] if len(used) < len(above.records) else meeting
    beyond = frozenset(meeting[SUBJECT]) - frozenset(own[SUBJECT])
    term = Term((*above.path, name), all_of(above.where, clause), own, label, beyond)
    yield term
    yield from _found(row, term)


def _taken(row: Terms, above: Term) -> pd.DataFrame:
    """The records whose innermost term counts: below another term, of each subject the one that is taken, if any is."""
    inner = bool(row.take and above.path and not row.parts)
    return chosen(above.records, [SUBJECT], row.take, row.value) if inner else above.records


def _ordered(row: Terms, records: pd.DataFrame, variable: str) -> list:
    """The values of a variable: the most frequent first and then by the alphabet, or in the order of its partner."""
    if row.sort != "frequency":
        return list(in_order(records, [variable])[variable].dropna().unique())
    counts = records.groupby(variable)[SUBJECT].nunique().sort_index()
    return list(counts.sort_values(ascending=False, kind="stable").index)


def _asked(row: Terms, used: pd.DataFrame, records: Records) -> list[AskedPart]:
    """The parts with the records of the row that meet each, told once for all terms."""
    found = []
    for part in row.parts:
        asked = records.resolved(part.where)
        met = meets(beside(used, records.data.get("adsl"), asked), asked, row.dataset.upper())
        found.append(AskedPart(part.label, asked, met.to_numpy(dtype=bool)))
    return found


def _parts(row: Terms, term: Term, asked: Sequence[AskedPart]) -> Iterator[CountedTerm]:
    """The lines below a term: those of its subjects who meet a clause, by one record of each where one is taken."""
    one = chosen(term.records, [SUBJECT], row.take, row.value) if row.take and asked else term.records
    every, taken = term.records[SUBJECT], one[SUBJECT]
    for part in asked:
        everybody, subjects = frozenset(every[part.met[every.index]]), frozenset(taken[part.met[taken.index]])
        label = part.label.replace("{level}", term.path[-1])
        where, used = all_of(term.where, part.where), term.records[part.met[every.index] & every.isin(subjects)]
        yield CountedTerm((*term.path, label), label, subjects, where, used, everybody - subjects)


def _often(row: Terms, n: int, whole: int) -> bool:
    """True for a term that enough subjects of a column have: `2` of them, or `5 %`."""
    least = row.at_least.partition("%")[0].strip()
    return n > 0 and 100 * n >= float(least) * whole if "%" in row.at_least else n >= float(least or 0)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and below it the terms with their parts; nothing where there are none."""
    rows = []
    for name, said in found.below(line.key).items():
        cells = [shares.printed_share(line.row, one) for one in lines.values(shell, line.key._replace(row=name), found)]
        depth = name.removeprefix(line.key.row).count(BELOW)
        words = shell.words.get(line.row.by[depth - 1], {}) if depth <= len(line.row.by) else {}
        label = words.get(said.level, said.level)
        rows.append(Row((label, *cells), indent=line.indent + depth, key=said.rowid))
    return [lines.heading(shell, line), *rows] if rows else []
