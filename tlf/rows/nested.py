"""The terms of a row of kind `terms` as the records have them: nested, in their order, told for all records at once.

Records without a term stand last, as Missing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import DATES, DAY, SUBJECT, all_of, equals, is_missing
from tlf.order import partner
from tlf.rows.at_risk import EMERGENT
from tlf.rows.kinds import Terms
from tlf.rows.term_numbers import first_taken, least, number_of_subjects, numbered

MISSING = "Missing"
DATED = (EMERGENT, DAY, *DATES)  # what may date a record


class Term(NamedTuple):
    """A term: the names that lead to it, what it is called, and the clause that selects its records."""

    path: tuple[str, ...] = ()
    label: str = ""
    where: str = ""


class Depth(NamedTuple):
    """The terms that one more variable tells: by number, in the order of the page below each of those above.

    `of` is the term of each record, `used` whether it counts there (below another term the record of a subject that is
    taken), `above` the number of the term above each.
    """

    terms: list[Term]
    above: np.ndarray
    of: np.ndarray
    used: np.ndarray


def counted_by(row: Terms, dataset: pd.DataFrame) -> set[str]:
    """The variables that terms are told, ordered, taken and dated by."""
    return {SUBJECT, *row.by, *(partner(dataset, name) for name in row.by), row.value, *DATED}


def depths(row: Terms, where: str, used: pd.DataFrame, subjects: np.ndarray) -> list[Depth]:
    """The terms of the records that meet `where`, depth by depth; `subjects` numbers the subject of each record."""
    everything, nowhere = np.ones(len(used), dtype=bool), np.zeros(len(used), dtype=np.int64)
    found, above = list[Depth](), Depth([Term(where=where)], np.array([0]), nowhere, everything)
    for at, variable in enumerate(row.by):
        last = at + 1 == len(row.by)
        inner = bool(last and at and row.take and not row.parts)
        counts = first_taken(row, used, above.of, subjects) if inner else everything
        told_by = used[[variable, partner(used, variable)]]
        above = _below(row, above, told_by, (counts, subjects), last)
        found.append(above)
    return found


def _below(
    row: Terms, above: Depth, told_by: pd.DataFrame, of: tuple[np.ndarray, np.ndarray], last: bool
) -> Depth:
    """The terms below those above: by the first variable, in the order of the second; `of`: use and subject."""
    counts, values = of[0], told_by.iloc[:, 0]
    numbers, known = numbered(values)
    both, term = np.unique(above.of * (len(known) + 1) + numbers, return_inverse=True)
    parent, value = np.divmod(both, len(known) + 1)
    if row.sort == "frequency":
        ranks = -number_of_subjects(term[counts], of[1][counts], len(both))
    else:
        ranks = least(term[counts], numbered(told_by.iloc[:, -1])[0][counts], len(both))
    said = {one.value: (rank, one.label) for rank, one in enumerate(row.values if last else ())}
    told = [value_text(one) for one in known]
    ranked = np.array([*(said.get(one, (len(said),))[0] for one in told), len(said)])
    order = np.lexsort([value, ranks, ranked[value], value == len(known), parent])
    labels = [lines.each(row, said.get(one, (0, one))[1]) if last else one for one in told]
    clauses = [*(equals(values.to_frame(), str(values.name), one) for one in told), is_missing(str(values.name))]
    called = [*zip(told, labels, clauses, strict=False), (MISSING, MISSING, clauses[-1])]
    terms = [_term(above.terms[parent[number]], called[value[number]]) for number in order]
    return Depth(terms, parent[order], np.argsort(order)[term], counts)


def _term(above: Term, called: tuple[str, str, str]) -> Term:
    """The term below another, by its name, label and clause."""
    name, label, clause = called
    return Term((*above.path, name), label, all_of(above.where, clause))
