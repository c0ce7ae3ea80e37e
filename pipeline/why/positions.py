"""Where in its dataset each record behind a number stands: of all numbers of a study in one pass.

It selects what `tlf.conditions.Records.where` selects. What many clauses share (a comparison, a population, a subject)
is evaluated once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.ground.clause_evaluation import holds
from pipeline.ground.clauses import check, read
from pipeline.ground.grammar import Comparison, Joined, Name
from pipeline.ground.periods import of_first
from pipeline.study.declared import ADSL
from tlf.conditions import SUBJECT, Records

KEPT = 64 * 1024 * 1024  # bytes of masks: one for each clause of a study of thousands of subjects would be gigabytes
POPULATION = "population"
ONE = re.compile(rf'\b{SUBJECT} == "([^"\\]+)"')
SOMEBODY = "\ue000"  # a sign for private use, which no subject's number has
Mask = NDArray[np.bool_]
Place = NDArray[Any]  # whole numbers


@dataclass(frozen=True)
class Distinct:
    """The distinct values of a variable, a missing one too, the number of its own for each record; texts by number."""

    values: pd.DataFrame
    numbers: NDArray[Any]
    texts: Mapping[str, int]
    held: dict[Comparison, Mask] = field(default_factory=dict)  # of comparisons, by the number of a value

    @classmethod
    def of(cls, variable: pd.Series) -> Distinct:
        """The distinct values of a variable."""
        numbers, distinct = pd.factorize(variable, use_na_sentinel=False)
        texts = {text: number for number, text in enumerate(distinct) if isinstance(text, str)}
        small = np.min_scalar_type(max(len(distinct), 1))
        return cls(pd.DataFrame({variable.name: distinct}), numbers.astype(small), texts)

    def holds(self, part: Comparison, place: str) -> Mask:
        """Where a comparison with a literal holds: of each distinct value it is asked once."""
        if part.how == "==" and self.texts and isinstance(part.right, str) and part.right:
            at = self.texts.get(part.right, -1)
            return np.asarray(self.numbers == at, dtype=bool) if at >= 0 else np.zeros(len(self.numbers), dtype=bool)
        return holds(part, self.values, place).to_numpy(dtype=bool)[self.numbers]

    def holds_at(self, part: Comparison, place: str, rows: Place) -> Mask:
        """Whether it holds for some records, at these places."""
        if part not in self.held:
            self.held[part] = holds(part, self.values, place).to_numpy(dtype=bool)
        return self.held[part][self.numbers[rows]]


class ClauseInParts(NamedTuple):
    """A clause on a dataset as it is read there: the subjects that it names, and its other parts; all must hold."""

    where: str
    subjects: list[str]
    others: tuple[Any, ...]


@lru_cache(maxsize=1024)
def of_one(where: str) -> tuple[str, str]:
    """A clause that names one subject, once, with SOMEBODY in its place, and the subject; any other as it is, and ''.

    Clauses on thousands of subjects are one so, which is read once.
    """
    named = ONE.findall(where)
    return (ONE.sub(f'{SUBJECT} == "{SOMEBODY}"', where), named[0]) if len(named) == 1 else (where, "")


class Positions:
    """Clauses on the datasets of a study, read as places of records, counted from 0.

    Of a dataset (a frame, or one that is read by column) nothing is held but its variables that clauses ask for, as
    the numbers of their values, until it is let go.
    """

    def __init__(self, records: Records):
        self.records = records
        self._masks: dict[str, dict[Any, Mask]] = defaultdict(dict)
        self._bytes = 0
        self._values: dict[str, dict[str, Distinct]] = defaultdict(dict)
        self._names: dict[str, list[str]] = {}
        self._asked: dict[str, dict[str, ClauseInParts]] = defaultdict(dict)
        self._of_subject: dict[str, dict[str, Place]] = {}
        self._of_adsl: dict[str, NDArray[np.int32]] = {}

    def of(self, dataset: str, where: str, population: str) -> Place:
        """The places of the records that meet the clause, of the subjects of ADSL that meet the population."""
        of_somebody, subject = of_one(where)
        asked = self._as_read(dataset, of_somebody)
        if subject and SOMEBODY not in asked.subjects:  # it is named within another part
            asked = self._as_read(dataset, where)
        people = self._population(dataset, population)
        if not asked.subjects:
            return np.flatnonzero(people & self._all(dataset, asked.others, asked.where))
        subjects = {subject if one == SOMEBODY else one for one in asked.subjects}
        own = self._subject(dataset, subjects.pop()) if len(subjects) == 1 else np.arange(0)
        met = people[own]
        for part in asked.others:
            met &= self._part_at(dataset, part, asked.where, own)
        return own[met]

    def _as_read(self, dataset: str, where: str) -> ClauseInParts:
        """The clause with its decisions and its treatment period, in parts."""
        if where not in self._asked[dataset]:
            told = of_first(self.records.resolved(where), self.records.data[dataset].columns)
            parts = _joined(read(told).node) if told.strip() else ()
            subjects = [str(part.right) for part in parts if _one_subject(part)]
            others = tuple(part for part in parts if not _one_subject(part))
            self._asked[dataset][where] = ClauseInParts(told, subjects, others)
        return self._asked[dataset][where]

    def release(self, dataset: str) -> None:
        """Let go what is held of a dataset."""
        for held in (self._masks, self._values, self._names, self._asked, self._of_subject, self._of_adsl):
            held.pop(dataset, None)
        self._bytes = sum(mask.nbytes for masks in self._masks.values() for mask in masks.values())

    def _all(self, dataset: str, parts: tuple[Any, ...], where: str) -> Mask:
        """Where all of these parts of a clause hold."""
        if parts not in self._masks[dataset]:
            masks = [self._part(dataset, part, where) for part in parts]
            size = len(self.records.data[dataset])
            return self._kept(dataset, parts, np.logical_and.reduce(masks) if masks else np.ones(size, bool))
        return self._masks[dataset][parts]

    def _kept(self, dataset: str, asked: Any, mask: Mask) -> Mask:
        """The mask, kept for who asks the same next; what was asked before is let go where it comes to too much."""
        if self._bytes > KEPT:
            self._masks.clear()
            self._bytes = 0
        self._bytes += mask.nbytes
        self._masks[dataset][asked] = mask
        return mask

    def _part(self, dataset: str, part: Any, where: str) -> Mask:
        if part in self._masks[dataset]:
            return self._masks[dataset][part]
        if isinstance(part, Comparison):
            return self._kept(dataset, part, self._comparison(dataset, part, where))
        masks = [self._part(dataset, one, where) for one in part.parts]
        how = {"and": np.logical_and.reduce, "or": np.logical_or.reduce}.get(part.by)
        return self._kept(dataset, part, how(masks) if how else ~masks[0])

    def _part_at(self, dataset: str, part: Any, where: str, rows: Place) -> Mask:
        """Where a part holds among the records at these places, few of many."""
        if isinstance(part, Comparison) and isinstance(part.right, Name):
            return self._part(dataset, part, where)[rows]
        if isinstance(part, Comparison):
            return self._distinct(dataset, part, where).holds_at(part, f"{dataset.upper()}: {where}", rows)
        masks = [self._part_at(dataset, one, where, rows) for one in part.parts]
        how = {"and": np.logical_and.reduce, "or": np.logical_or.reduce}.get(part.by)
        return how(masks) if how else ~masks[0]

    def _comparison(self, dataset: str, part: Comparison, where: str) -> Mask:
        """Where one comparison holds; one with a literal is asked of each distinct value once."""
        place = f"{dataset.upper()}: {where}"
        if isinstance(part.right, Name):
            check(where, self._known(dataset), dataset.upper())
            both = pd.DataFrame({one: self._variable(dataset, one) for one in (part.left.id, part.right.id)})
            return holds(part, both, place).to_numpy(dtype=bool)
        return self._distinct(dataset, part, where).holds(part, place)

    def _distinct(self, dataset: str, part: Comparison, where: str) -> Distinct:
        """The values of the variable that a comparison with a literal asks."""
        name = part.left.id
        if name not in self._values[dataset]:
            check(where, self._known(dataset), dataset.upper())
            self._values[dataset][name] = Distinct.of(self._variable(dataset, name))
        return self._values[dataset][name]

    def _variable(self, dataset: str, name: str) -> pd.Series:
        """A variable of the records, else of their subjects in ADSL."""
        own = self.records.data[dataset]
        if name in own.columns:
            variable: pd.Series = own[name]
            return variable
        lent = pd.api.extensions.take(self.records.data[ADSL][name].array, self._subjects(dataset), allow_fill=True)
        return pd.Series(lent, name=name)

    def _subjects(self, dataset: str) -> NDArray[np.int32]:
        """The place in ADSL of the subject of each record; -1 where it has none."""
        if dataset not in self._of_adsl:
            adsl, names = self.records.data[ADSL], self.records.data[dataset][SUBJECT]
            self._of_adsl[dataset] = pd.Index(adsl[SUBJECT]).get_indexer(names).astype("int32")
        return self._of_adsl[dataset]

    def _known(self, dataset: str) -> list[str]:
        """The variables that a clause on the dataset may name."""
        if dataset not in self._names:
            frames = (self.records.data[dataset], self.records.data.get(ADSL))
            self._names[dataset] = [str(name) for frame in frames if frame is not None for name in frame.columns]
        return self._names[dataset]

    def _population(self, dataset: str, population: str) -> Mask:
        """The records of the subjects of a population; all where none is named."""
        asked = POPULATION, population
        if asked not in self._masks[dataset]:
            told = np.ones(len(self.records.data[dataset]), bool)
            population = self.records.resolved(population)
            if population.strip():
                chosen = np.zeros(len(self.records.data[ADSL]) + 1, bool)  # the last: of nobody
                chosen[self.of(ADSL, population, "")] = True
                told = chosen[self._subjects(dataset)]
            return self._kept(dataset, asked, told)
        return self._masks[dataset][asked]

    def _subject(self, dataset: str, subject: str) -> Place:
        if dataset not in self._of_subject:
            codes, names = pd.factorize(self.records.data[dataset][SUBJECT])
            order = np.argsort(codes, kind="stable").astype("int32")
            bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
            pairs = zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
            told = zip(names, pairs, strict=True)
            self._of_subject[dataset] = {str(name): order[begin:end] for name, (begin, end) in told}
        return self._of_subject[dataset].get(subject, np.arange(0))


def _joined(node: Comparison | Joined) -> tuple[Any, ...]:
    """The parts of a clause that must all hold."""
    if isinstance(node, Joined) and node.by == "and":
        return tuple(part for one in node.parts for part in _joined(one))
    return (node,)


def _one_subject(part: Any) -> bool:
    told = isinstance(part, Comparison) and part.left.id == SUBJECT and part.how == "=="
    return told and isinstance(part.right, str) and part.right != ""
