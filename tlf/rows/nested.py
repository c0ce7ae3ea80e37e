"""The terms of a row of kind `terms` as the records have them: nested, each with its records, in their order.

Records without a term stand last, as Missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import DATES, DAY, SUBJECT, all_of, chosen, equals, is_missing
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
