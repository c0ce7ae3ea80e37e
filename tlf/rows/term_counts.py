"""The lines of a row of kind `terms` counted: each term, and the parts below it, in all columns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from tlf.rows.kinds import Terms
from tlf.rows.nested import Depth
from tlf.rows.term_numbers import distinct, first_taken, many, pairs


@dataclass(frozen=True)
class TermCounts:
    """Lines of one kind at one depth (its terms, or one part of them), by the number of the term.

    `n` are the subjects and `records` the records that meet the clause of each line, a column of the array for each
    place. `beyond` are those by number who meet the clause, but not by the record that is taken; `behind` tells the
    records of the others that meet it, and `of` the term of every record.
    """

    n: np.ndarray
    records: np.ndarray
    beyond: Mapping[int, np.ndarray]
    behind: np.ndarray
    of: np.ndarray


class People(NamedTuple):
    """The subject of each record by number, their names in order, and who of them stands in each place."""

    number: np.ndarray
    names: np.ndarray
    members: np.ndarray  # a row for each place


def counted_kinds(
    row: Terms, depth: Depth, used: pd.DataFrame, people: People, parts: Sequence[np.ndarray]
) -> list[TermCounts]:
    """The terms of a depth, and each part (whether a record meets it), by the record of a subject that is taken."""
    everything = np.ones(len(used), dtype=bool)
    taken = first_taken(row, used, depth.of, people.number) if row.take and parts else everything
    itself = _counted(depth, everything, depth.used, people)
    return [itself, *(_counted(depth, met, met & taken, people) for met in parts)]


def _counted(depth: Depth, met: np.ndarray, counts: np.ndarray, people: People) -> TermCounts:
    """Lines whose records meet a clause, and count."""
    every, size = pairs(depth.of, people.number), many(people.number)
    own = distinct(every[counts])
    behind = met & _among(every, own)
    meeting = distinct(every[met])
    beyond = meeting[~_among(meeting, own)]
    term, who = np.divmod(beyond, size)
    starts = np.searchsorted(term, np.arange(len(depth.terms) + 1))
    return TermCounts(_in_places(own, depth, people), _in_places(every[behind], depth, people),
                   {n: who[starts[n]:starts[n + 1]] for n in np.unique(term).tolist()}, behind, depth.of)  # fmt: skip


def _among(numbers: np.ndarray, known: np.ndarray) -> np.ndarray:
    """True for the numbers that are among the known ones, which stand in order."""
    return np.append(known, -1)[np.searchsorted(known, numbers)] == numbers


def _in_places(both: np.ndarray, depth: Depth, people: People) -> np.ndarray:
    """How many of these terms and subjects there are of each term in each place."""
    term, who = np.divmod(both, many(people.number))
    counts = [np.bincount(term[inside[who]], minlength=len(depth.terms)) for inside in people.members]
    return np.array(counts, dtype=np.int64).reshape(len(people.members), len(depth.terms)).T
