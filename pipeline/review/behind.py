"""Who and what stands behind each number: records of ADaM by their places, and where these come from in SDTM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from pipeline.engine.runner import Build
from pipeline.engine.several_sources import OF_BASELINES
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import digest_of, sha256
from pipeline.ground.machine import give_back
from pipeline.review.in_words import in_words
from pipeline.review.library import Library
from pipeline.review.script import plain
from pipeline.review.shown import ADAM, SDTM, SUBJECT
from pipeline.study.decisions import Choice
from pipeline.study.declared import ADSL
from pipeline.why.ledger import numbered
from pipeline.why.lineage import OfSubjects, OwnSources, decisions_of, stands_of, variables_named
from pipeline.why.positions import SOMEBODY, Place, Positions, of_one
from pipeline.why.seen_by_column import SeenByColumn
from tlf.conditions import Data, Records

ALWAYS = {SUBJECT, *OF_BASELINES}  # what a record's sources are told by
DATASETS, PLACES = 2**12, 2**32  # more datasets than a study has, more records than one has
FEW = 100  # places that are told faster one by one
SIGNS = 16  # of a hash, that stand for it
Sources: TypeAlias = "tuple[Any, Any, Any]"  # places of records; the datasets and the places of their sources
NO_SOURCES: Sources = np.zeros(0, "int32"), np.zeros(0, "int16"), np.zeros(0, "int32")


def runs(places: Any) -> list[int]:
    """Places in rising order as start and length of each run, one after the other."""
    told = np.asarray(places, dtype="int64")
    if len(told) <= FEW:
        return _few_runs(told.tolist())
    starts = np.concatenate([[0], np.flatnonzero(np.diff(told) != 1) + 1])
    lengths = np.diff(np.concatenate([starts, [len(told)]]))
    found: list[int] = np.column_stack([told[starts], lengths]).ravel().tolist()
    return found


def _few_runs(places: list[int]) -> list[int]:
    """The same of few places."""
    found, after = list[int](), -1
    for place in places:
        if place == after:
            found[-1] += 1
        else:
            found += (place, 1)
        after = place + 1
    return found


@dataclass
class Behind:
    """The way from a condition to records, for all conditions on a dataset; what they share is worked out once.

    What is held of a dataset is let go with it (`release`): of all datasets of a large study it would be gigabytes.
    """

    build: Build
    library: Library
    people: dict[str, int]  # the number of each subject by USUBJID
    positions: Positions
    stands: dict[str, str] = field(default_factory=dict)  # as JSON: by subject dataset, start, length, ...
    _own: dict[str, tuple[Sources, Any]] = field(default_factory=dict)
    _whose: dict[str, Place] = field(default_factory=dict)
    _named: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _stands: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _words: dict[tuple[str, str], str] = field(default_factory=dict)
    _asked: dict[str, OfSubjects] = field(default_factory=dict)
    _parts: dict[tuple[str, str], Place] = field(default_factory=dict)

    def release(self, dataset: str) -> None:
        """Let go what is held of the records of a dataset."""
        self.positions.release(dataset)
        for held in (self._own, self._whose, self._asked):
            held.pop(dataset, None)
        self._parts = {key: rows for key, rows in self._parts.items() if key[0] != dataset}
        self.build.release()
        give_back()

    @cached_property
    def numbering(self) -> str:
        """The hash of the numbers that subjects and datasets go by."""
        return digest_of([[*self.people], [list(one) for one in self.library.number]])

    def said_of(self, dataset: str) -> str:
        """The hash of what the specs say of a dataset and of ADSL, whose words stand for conditions."""
        if dataset not in self._said:
            self._said[dataset] = hash_of(self.build.specs.datasets[dataset], self.build.specs.datasets[ADSL])
        return self._said[dataset]

    def rests_on(self, dataset: str) -> str:
        """The hash of what stands for records of a dataset that do not say their sources; '' where all do."""
        if self.build.specs.study.pooled or not self._own_of(dataset)[1].any():
            return ""
        return digest_of([self.library.ledger.digest, stands_of(self.build, dataset)])

    def places(self, dataset: str, where: str, population: str) -> Place:
        """The places of the records that a result speaks of."""
        return self.positions.of(dataset, where, population)

    def size(self, population: str) -> int:
        """How many subjects a population has."""
        if population not in self._sizes:
            self._sizes[population] = len(self.places(ADSL, population, ""))
        return self._sizes[population]

    def in_words(self, where: str, dataset: str) -> str:
        """A clause on a dataset as a sentence."""
        of_somebody, subject = of_one(where)
        if (dataset, of_somebody) not in self._words:
            specs = self.build.specs.datasets
            self._words[dataset, of_somebody] = in_words(of_somebody, specs[dataset], specs[ADSL])
        return self._words[dataset, of_somebody].replace(SOMEBODY, subject)

    def subjects(self, dataset: str, places: Place) -> int:
        """How many subjects these records are of."""
        if dataset not in self._whose:
            self._whose[dataset] = pd.factorize(self.positions.records.data[dataset][SUBJECT])[0].astype("int32")
        people = self._whose[dataset][places]
        return len({*people.tolist()}) if len(people) <= FEW else int(np.count_nonzero(np.bincount(people + 1)))

    def named(self, dataset: str, condition: str) -> tuple[str, ...]:
        """The variables of the dataset that a condition names, whomever it is of."""
        condition, _ = of_one(condition)
        if (dataset, condition) not in self._named:
            self._named[dataset, condition] = tuple(variables_named(condition, self.build.specs.datasets[dataset]))
        return self._named[dataset, condition]

    def standing(self, dataset: str, places: Place, named: tuple[str, ...]) -> str:
        """The name of what stands for records that do not say their sources, in `stands`; '' where all do."""
        if self.build.specs.study.pooled or not self._own_of(dataset)[1][places].any():
            return ""
        if (dataset, named) not in self._stands:
            records = self._records(dataset, named)
            name = self._stands[dataset, named] = sha256(records.tobytes())[:SIGNS]
            if name not in self.stands:
                self.stands[name] = plain(told(records))
        return self._stands[dataset, named]

    def sources(self, dataset: str) -> Sources:
        """The records of SDTM behind the records that say their sources: places of these, datasets, places there."""
        return self._own_of(dataset)[0]

    def _own_of(self, dataset: str) -> tuple[Sources, Any]:
        """The sources that records say themselves, and which records say none."""
        if dataset not in self._own:
            asked, parts, silent = OwnSources(self.build, dataset), [NO_SOURCES], [np.zeros(0, dtype=bool)]
            for piece in self._pieces(dataset):
                found = asked.of(piece)
                which, to, at = self._placed(found)
                rows = found["ROW"].to_numpy(dtype="int32")
                parts.append((rows[which], to.astype("int16"), at.astype("int32")))
                silent.append(~piece.index.isin(rows))
            rows, to, at = (np.concatenate(one) for one in zip(*parts, strict=True))
            self._own[dataset] = (rows, to, at), np.concatenate(silent)
        return self._own[dataset]

    def _pieces(self, dataset: str) -> Iterator[pd.DataFrame]:
        """The records of a dataset by what tells their sources, some at a time."""
        frame = self.positions.records.data[dataset]
        names = {f"{dataset.upper()}SEQ", *self.build.specs.datasets[dataset].keys} | ALWAYS
        asked = [name for name in frame.columns if name in names]
        return iter([frame[asked]]) if isinstance(frame, pd.DataFrame) else frame.pieces(asked)

    def _placed(self, found: pd.DataFrame) -> tuple[Place, Place, Place]:
        """Which of the records of SDTM are shown, each as often as it is, in which dataset, at which places."""
        number = {name: at for (layer, name), at in self.library.number.items() if layer == SDTM}
        told = [(which, np.full(len(which), number[name]), places)
                for name, which, places in self.library.ledger.standing(found) if name in number]  # fmt: skip
        which, to, at = (np.concatenate(one) for one in zip(*told, strict=True)) if told else [np.arange(0)] * 3
        return which, to, at

    def _records(self, dataset: str, named: tuple[str, ...]) -> Place:
        """The records of SDTM that stand for what a condition asks of subjects, in order, each as one number."""
        names = self.positions.records.data[dataset][SUBJECT]
        if dataset not in self._asked:
            people = names[self._own_of(dataset)[1]].drop_duplicates()
            self._asked[dataset] = OfSubjects(self.build, dataset, people)
        return np.unique(np.concatenate([self._rows(dataset, *part) for part in self._asked[dataset].parts(named)]))

    def _rows(self, dataset: str, word: str, part: pd.DataFrame) -> Place:
        """Subject, dataset and place of each record as one number; of parts that are known by a word once."""
        if not word or (dataset, word) not in self._parts:
            which, to, at = self._placed(part)
            rows: Place = (numbered(part[SUBJECT], self.people)[which] * DATASETS + to) * PLACES + at
            if not word:
                return rows
            self._parts[dataset, word] = rows
        return self._parts[dataset, word]


def told(records: Place) -> dict[str, list[int]]:
    """Records (subject, dataset and place as one number, in order) by subject: dataset, start, length of each run."""
    found: dict[str, list[int]] = {}
    starts = np.flatnonzero(np.diff(records, prepend=-2) != 1)
    lengths = np.diff(np.append(starts, len(records)))
    whole, places = np.divmod(records[starts], PLACES)
    people, datasets = np.divmod(whole, DATASETS)
    for subject, *run in zip(*(one.tolist() for one in (people, datasets, places, lengths)), strict=True):
        found.setdefault(str(subject), []).extend(run)
    return found


def all_behind(build: Build, library: Library, people: dict[str, int]) -> Behind:
    """What stands behind results on any dataset."""
    return Behind(build, library, people, Positions(Records(DatasetsSeen(build))))


class DatasetsSeen(Data):
    """The datasets as outputs see them, of each its columns one by one; ADSL whole; the decisions."""

    def __init__(self, build: Build):
        self.build, self.adsl = build, build.frame(ADSL)
        self.held: dict[str, pd.DataFrame | SeenByColumn | Mapping[str, Choice]] = {}
        self.held |= {"decisions": decisions_of(build), ADSL: self.adsl}

    def __getitem__(self, name: str) -> Any:
        if name not in self.held:
            if name not in self.build.entries:
                raise KeyError(name)
            self.held[name] = SeenByColumn(self.build, name, self.adsl)
        return self.held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


def shown_as(library: Library, dataset: str) -> int:
    """The number of the dataset that a result speaks of; -1 where it is not shown."""
    return library.number.get((ADAM, dataset), library.number.get((SDTM, dataset), -1))
