"""The terms of a row of kind `terms` as the records have them: nested, in their order, the parts of each below it.

Records without a term stand last, as Missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets
from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import DATES, DAY, SUBJECT, Records, all_of, beside, chosen, equals, is_missing
from tlf.order import in_order, partner, ranked
from tlf.rows.at_risk import EMERGENT
from tlf.rows.kinds import Terms

MISSING = "Missing"
DATED = (EMERGENT, DAY, *DATES)  # what may date a record


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


def counted_by(row: Terms, used: pd.DataFrame) -> pd.DataFrame:
    """The records with the variables alone that terms are told, ordered, taken and dated by."""
    named = {SUBJECT, *row.by, *(partner(used, name) for name in row.by), row.value, *DATED}
    return used[[name for name in used if name in named]]


def terms_below(row: Terms, above: Term) -> Iterator[Term]:
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
    yield from terms_below(row, term)


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


def asked_parts(row: Terms, used: pd.DataFrame, records: Records) -> list[AskedPart]:
    """The parts with the records of the row that meet each, told once for all terms."""
    found = []
    for part in row.parts:
        asked = records.resolved(part.where)
        met = meets(beside(used, records.data.get("adsl"), asked), asked, row.dataset.upper())
        found.append(AskedPart(part.label, asked, met.to_numpy(dtype=bool)))
    return found


def parts_of(row: Terms, term: Term, asked: Sequence[AskedPart]) -> Iterator[CountedTerm]:
    """The lines below a term: those of its subjects who meet a clause, by one record of each where one is taken."""
    one = chosen(term.records, [SUBJECT], row.take, row.value) if row.take and asked else term.records
    every, taken = term.records[SUBJECT], one[SUBJECT]
    for part in asked:
        everybody, subjects = frozenset(every[part.met[every.index]]), frozenset(taken[part.met[taken.index]])
        label = part.label.replace("{level}", term.path[-1])
        where, used = all_of(term.where, part.where), term.records[part.met[every.index] & every.isin(subjects)]
        yield CountedTerm((*term.path, label), label, subjects, where, used, everybody - subjects)
