"""The lines of a row of kind `terms`: each term and the parts below it, in the order of the page, with their counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets, names
from tlf.conditions import SUBJECT, Records, all_of, beside
from tlf.results import Place
from tlf.rows.kinds import Terms
from tlf.rows.nested import Depth, counted_by, depths
from tlf.rows.term_counts import People, TermCounts, counted_kinds

NOBODY = np.array([], dtype=np.int64)


class CountedTerm(NamedTuple):
    """A printed line below the row: its path and label, the clause of its records, and where its counts stand."""

    path: tuple[str, ...]
    label: str
    where: str
    number: int
    kind: tuple[int, int]  # depth, and 0 for the term, else the number of its part


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
    counted: list[list[TermCounts]]

    def __iter__(self) -> Iterator[CountedTerm]:
        """The lines in the order of the page, the parts of a term before the terms below it."""
        for at, number in in_page_order(self.found):
            term = self.found[at].terms[number]
            yield CountedTerm(term.path, term.label, term.where, number, (at, 0))
            for kind, part in enumerate(self.parts, start=1):
                label = part.label.replace("{level}", term.path[-1])
                yield CountedTerm((*term.path, label), label, all_of(term.where, part.where), number, (at, kind))

    def counts(self, line: CountedTerm) -> TermCounts:
        """The counts of all lines of its kind."""
        return self.counted[line.kind[0]][line.kind[1]]

    def names_beyond(self, line: CountedTerm, at: int) -> list[str]:
        """The subjects of a place, in order, who meet the clause of a line but are not counted in it."""
        who = self.counts(line).beyond.get(line.number, NOBODY)
        return self.people.names[who[self.people.members[at][who]]].tolist()


def in_page_order(found: Sequence[Depth]) -> Iterator[tuple[int, int]]:
    """Depth and number of every term of which a record counts, each before those below it."""
    counted = [np.bincount(depth.of[depth.used], minlength=len(depth.terms)) for depth in found]

    def walk(at: int, above: int) -> Iterator[tuple[int, int]]:
        ends = np.searchsorted(found[at].above, [above, above + 1]) if at < len(found) else (0, 0)
        for number in range(*ends):
            if counted[at][number]:
                yield at, number
            yield from walk(at + 1, number)

    return walk(0, 0)


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
    met = [part.met for part in parts]
    found = depths(row, where, used, number)
    return TermLines(used, people, found, parts, [counted_kinds(row, depth, used, people, met) for depth in found])


def _asked(label: str, where: str, row: Terms, used: pd.DataFrame, records: Records) -> AskedPart:
    met = meets(beside(used, records.data.get("adsl"), where), where, row.dataset.upper())
    return AskedPart(label, where, met.to_numpy(dtype=bool))
