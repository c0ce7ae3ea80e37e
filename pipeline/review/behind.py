"""Who and what stands behind each number: records of ADaM by their places, and where these come from in SDTM."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.engine.output_view import as_seen
from pipeline.engine.runner import Build
from pipeline.engine.several_sources import OF_BASELINES
from pipeline.review.in_words import in_words
from pipeline.review.library import ADAM, SDTM, Library
from pipeline.study.declared import ADSL
from pipeline.why.ledger import numbered
from pipeline.why.lineage import OfSubjects, decisions_of, own_sources, variables_named
from pipeline.why.positions import Place, Positions
from tlf.conditions import Records

SUBJECT = "USUBJID"
NAME = re.compile(r"[A-Z][A-Z0-9]+")
ALWAYS = {SUBJECT, *OF_BASELINES}  # what a record's sources are told by
DATASETS, PLACES = 2**12, 2**32  # more datasets than a study has, more records than one has


def runs(places: Any) -> list[int]:
    """Places in rising order as start and length of each run, one after the other."""
    told = np.asarray(places, dtype="int64")
    if not len(told):
        return []
    starts = np.concatenate([[0], np.flatnonzero(np.diff(told) != 1) + 1])
    lengths = np.diff(np.concatenate([starts, [len(told)]]))
    found: list[int] = np.column_stack([told[starts], lengths]).ravel().tolist()
    return found


@dataclass
class Behind:
    """The way from a condition to records, for all conditions of a study; what they share is worked out once."""

    build: Build
    library: Library
    people: dict[str, int]  # the number of each subject by USUBJID
    positions: Positions
    stands: list[dict[str, list[int]]] = field(default_factory=list)  # by subject: dataset, start, length, ...
    _own: dict[str, tuple[pd.DataFrame, Any]] = field(default_factory=dict)
    _whose: dict[str, Place] = field(default_factory=dict)
    _named: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _stands: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _words: dict[tuple[str, str], str] = field(default_factory=dict)
    _known: dict[bytes, int] = field(default_factory=dict)
    _asked: dict[str, OfSubjects] = field(default_factory=dict)
    _parts: dict[tuple[str, str], Place] = field(default_factory=dict)

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
        if (dataset, where) not in self._words:
            specs = self.build.specs.datasets
            self._words[dataset, where] = in_words(where, specs[dataset], specs[ADSL])
        return self._words[dataset, where]

    def subjects(self, dataset: str, places: Place) -> int:
        """How many subjects these records are of."""
        if dataset not in self._whose:
            self._whose[dataset] = pd.factorize(self.positions.records.data[dataset][SUBJECT])[0]
        return len(np.unique(self._whose[dataset][places]))

    def named(self, dataset: str, condition: str) -> tuple[str, ...]:
        """The variables of the dataset that a condition names."""
        if (dataset, condition) not in self._named:
            self._named[dataset, condition] = tuple(variables_named(condition, self.build.specs.datasets[dataset]))
        return self._named[dataset, condition]

    def standing(self, dataset: str, places: Place, named: tuple[str, ...]) -> int:
        """The number of what stands for records that do not say their sources, in `stands`; -1 where all do."""
        if self.build.specs.study.pooled or not self._own_of(dataset)[1][places].any():
            return -1
        if (dataset, named) not in self._stands:
            records = self._records(dataset, named)
            number = self._known.setdefault(records.tobytes(), len(self.stands))
            self.stands += [told(records)] if number == len(self.stands) else []
            self._stands[dataset, named] = number
        return self._stands[dataset, named]

    def sources(self, dataset: str) -> pd.DataFrame:
        """ROW, TO and AT: the records of SDTM behind each record that says its sources."""
        return self._own_of(dataset)[0]

    def _own_of(self, dataset: str) -> tuple[pd.DataFrame, Any]:
        """The sources that records say themselves, and which records say none."""
        if dataset not in self._own:
            frame = self.positions.records.data[dataset]
            found = own_sources(self.build, dataset, frame)
            which, to, at = self._placed(found)
            placed = pd.DataFrame({"ROW": found["ROW"].to_numpy()[which], "TO": to, "AT": at}).astype("int32")
            self._own[dataset] = placed, ~frame.index.isin(found["ROW"])
        return self._own[dataset]

    def _placed(self, found: pd.DataFrame) -> tuple[Place, Place, Place]:
        """Which of the records of SDTM are shown, each as often as it is, in which dataset, at which places."""
        number = {name: at for (layer, name), at in self.library.number.items() if layer == SDTM}
        told = [(which, np.full(len(which), number[name]), places)
                for name, which, places in self.library.ledger.standing(found) if name in number]  # fmt: skip
        which, to, at = (np.concatenate(one) for one in zip(*told, strict=True)) if told else [np.arange(0)] * 3
        return which, to, at

    def _records(self, dataset: str, named: tuple[str, ...]) -> Place:
        """The records of SDTM that stand for what a condition asks of subjects, in order, each as one number."""
        frame = self.positions.records.data[dataset]
        people = frame.loc[self._own_of(dataset)[1], SUBJECT].drop_duplicates()
        asked = self._asked.setdefault(dataset, OfSubjects(self.build, dataset, people))
        return np.unique(np.concatenate([self._rows(dataset, *part) for part in asked.parts(named)]))

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


def all_behind(
    build: Build, library: Library, datasets: Iterable[str], people: dict[str, int], clauses: Iterable[str] = ()
) -> Behind:  # fmt: skip
    """What stands behind results on these datasets, asked by these clauses."""
    return Behind(build, library, people, Positions(_seen(build, datasets, clauses)))


def _seen(build: Build, datasets: Iterable[str], clauses: Iterable[str]) -> Records:
    """The datasets as outputs see them, of each the columns that clauses name and that lead to its sources."""
    words = {word for text in clauses for word in NAME.findall(text)}
    adsl = build.frame(ADSL)
    data = {ADSL: as_seen(ADSL, adsl, adsl)}
    for name in datasets:
        keys = {f"{name.upper()}SEQ", *build.specs.datasets[name].keys}
        whole = data.get(name, as_seen(name, build.read(name), adsl))
        data[name] = whole if name == ADSL else whole[[one for one in whole if one in words | keys | ALWAYS]].copy()
    return Records(data | {"decisions": decisions_of(build)})


def shown_as(library: Library, dataset: str) -> int:
    """The number of the dataset that a result speaks of; -1 where it is not shown."""
    return library.number.get((ADAM, dataset), library.number.get((SDTM, dataset), -1))
