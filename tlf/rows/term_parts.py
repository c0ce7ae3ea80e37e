"""The parts of a row of kind `terms`: lines below each term, of those of its subjects who meet a clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets
from tlf.conditions import SUBJECT, Records, all_of, beside, chosen
from tlf.rows.kinds import Terms
from tlf.rows.nested import CountedTerm, Term


class AskedPart(NamedTuple):
    """A line below each term: its label, its clause, and whether each record of the row meets it, by number."""

    label: str
    where: str
    met: np.ndarray


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
