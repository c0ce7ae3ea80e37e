"""The lines of a row of kind `terms` counted: each term, and the parts below it, in all columns at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets, names
from tlf.conditions import SUBJECT, Records, all_of, beside
from tlf.results import Place
from tlf.rows.kinds import Terms
from tlf.rows.nested import Depth, counted_by, depths, distinct, first_taken, in_page_order, many, pairs

NOBODY = np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Counted:
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


class CountedTerm(NamedTuple):
    """A printed line below the row: its path and label, the clause of its records, and where its counts stand."""

    path: tuple[str, ...]
    label: str
    where: str
    number: int
    kind: tuple[int, int]  # depth, and 0 for the term, else the number of its part


class People(NamedTuple):
    """The subject of each record by number, their names in order, and who of them stands in each place."""

    number: np.ndarray
    names: np.ndarray
    members: np.ndarray  # a row for each place


class AskedPart(NamedTuple):
    """A line below each term: its label, its clause, and whether each record of the row meets it."""

    label: str
    where: str
    met: np.ndarray


@dataclass(frozen=True)
class TermLines:
    """All lines of a row: records, their subjects, terms and parts, and the counts by depth and kind of line."""

    used: pd.DataFrame
    people: People
    found: list[Depth]
    parts: list[AskedPart]
    counted: list[list[Counted]]

    def __iter__(self) -> Iterator[CountedTerm]:
        """The lines in the order of the page, the parts of a term before the terms below it."""
        for at, number in in_page_order(self.found):
            term = self.found[at].terms[number]
            yield CountedTerm(term.path, term.label, term.where, number, (at, 0))
            for kind, part in enumerate(self.parts, start=1):
                label = part.label.replace("{level}", term.path[-1])
                yield CountedTerm((*term.path, label), label, all_of(term.where, part.where), number, (at, kind))

    def counts(self, line: CountedTerm) -> Counted:
        """The counts of all lines of its kind."""
        return self.counted[line.kind[0]][line.kind[1]]

    def names_beyond(self, line: CountedTerm, at: int) -> list[str]:
        """The subjects of a place, in order, who meet the clause of a line but are not counted in it."""
        who = self.counts(line).beyond.get(line.number, NOBODY)
        return self.people.names[who[self.people.members[at][who]]].tolist()


def lines_of(row: Terms, where: str, population: str, places: Sequence[Place], records: Records) -> TermLines:
    """The lines of a row, of the records that meet `where` of the subjects of a population, counted in each place."""
    asked = [(part.label, records.resolved(part.where)) for part in row.parts]
    named = counted_by(row, records.where(row.dataset, "")).union(*(names(clause) for _, clause in asked))
    used = records.where(row.dataset, where, population, named).reset_index(drop=True)
    parts = [_asked(label, clause, row, used, records) for label, clause in asked]
    number, subjects = pd.factorize(used[SUBJECT], sort=True)
    subjects = np.asarray(subjects, dtype="object")
    wholes = [records.subjects("adsl", place.population) for place in places]
    members = np.array([[name in whole for name in subjects] for whole in wholes], dtype=bool)
    people = People(number, subjects, members.reshape(len(places), len(subjects)))
    found = depths(row, where, used, number)
    return TermLines(used, people, found, parts, [_kinds(row, depth, used, people, parts) for depth in found])


def _asked(label: str, where: str, row: Terms, used: pd.DataFrame, records: Records) -> AskedPart:
    met = meets(beside(used, records.data.get("adsl"), where), where, row.dataset.upper())
    return AskedPart(label, where, met.to_numpy(dtype=bool))


def _kinds(row: Terms, depth: Depth, used: pd.DataFrame, people: People, parts: list[AskedPart]) -> list[Counted]:
    """The terms of a depth counted, and each of its parts, by one record of a subject in a term where one is taken."""
    everything = np.ones(len(used), dtype=bool)
    taken = first_taken(row, used, depth.of, people.number) if row.take and parts else everything
    itself = _counted(depth, everything, depth.used, people)
    return [itself, *(_counted(depth, part.met, part.met & taken, people) for part in parts)]


def _counted(depth: Depth, met: np.ndarray, counts: np.ndarray, people: People) -> Counted:
    """Lines whose records meet a clause, and count."""
    every, size = pairs(depth.of, people.number), many(people.number)
    own = distinct(every[counts])
    behind = met & _among(every, own)
    meeting = distinct(every[met])
    beyond = meeting[~_among(meeting, own)]
    term, who = np.divmod(beyond, size)
    starts = np.searchsorted(term, np.arange(len(depth.terms) + 1))
    return Counted(_in_places(own, depth, people), _in_places(every[behind], depth, people),
                   {n: who[starts[n]:starts[n + 1]] for n in np.unique(term).tolist()}, behind, depth.of)  # fmt: skip


def _among(numbers: np.ndarray, known: np.ndarray) -> np.ndarray:
    """True for the numbers that are among the known ones, which stand in order."""
    return np.append(known, -1)[np.searchsorted(known, numbers)] == numbers


def _in_places(both: np.ndarray, depth: Depth, people: People) -> np.ndarray:
    """How many of these terms and subjects there are of each term in each place."""
    term, who = np.divmod(both, many(people.number))
    counts = [np.bincount(term[inside[who]], minlength=len(depth.terms)) for inside in people.members]
    return np.array(counts, dtype=np.int64).reshape(len(people.members), len(depth.terms)).T
