"""What rules find in each dataset, kept while the dataset and what they asked of others are as they were.

A part is a dataset. It rests on the records of this, on the rules and notes, on what the spec says, and of the datasets
around it on the variables that rules asked for and on nothing else, for they see nothing else: these are noted beside
what was found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.engine.conformance.rule import Checked
from pipeline.engine.conformance.table import Broken, HeldTo, Rules
from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.store import digest_of
from pipeline.ground.machine import give_back

LIST = "parts.json"
KEPT = 2 * 1024 * 1024  # values of variables that are kept from one dataset to the next
Asked = tuple[str, str]  # a dataset and its variable; of no name: which variables it has


class VariablesOnce:
    """The variables of all datasets, each read when it is first asked for: once, but for what was let go."""

    def __init__(self, columns: ParquetColumns):
        self.columns = columns
        self._read: dict[Asked, pd.Series] = {}
        self._hashes: dict[Asked, str] = {}

    def names(self, dataset: str) -> Sequence[str]:
        """The variables of a dataset; of one that the study has not, none."""
        return self.columns.names(dataset) if dataset in self.columns.forms else ()

    def read(self, dataset: str, names: Sequence[str]) -> pd.DataFrame:
        """Some variables of a dataset."""
        new = [name for name in names if (dataset, name) not in self._read]
        if new:
            self._read |= {(dataset, str(name)): values for name, values in self.columns.read(dataset, new).items()}
        index = pd.RangeIndex(self.columns.count(dataset))
        return pd.DataFrame({name: self._read[dataset, name] for name in names}, index=index)

    def let_go(self, most: int = KEPT) -> None:
        """Let go all variables, where they have more values than these."""
        if sum(map(len, self._read.values())) > most:
            self._read.clear()
            give_back()

    def digest(self, asked: Asked) -> str:
        """The hash of what was asked for."""
        if asked not in self._hashes:
            dataset, name = asked
            told = self.names(dataset)
            self._hashes[asked] = self.columns.digest(dataset, name) if name in told else digest_of([*told])
        return self._hashes[asked]


class Noting:
    """The study around one dataset, which notes what is asked of it."""

    def __init__(self, shelf: VariablesOnce):
        self.shelf, self.asked = shelf, set[Asked]()

    def names(self, dataset: str) -> Sequence[str]:
        """The variables of a dataset; of one that the study has not, none."""
        self.asked.add((dataset, ""))
        return self.shelf.names(dataset)

    def read(self, dataset: str, names: Sequence[str]) -> pd.DataFrame:
        """Some variables of a dataset, of all its records."""
        self.asked |= {(dataset, ""), *((dataset, name) for name in names)}
        return self.shelf.read(dataset, names)


@dataclass(frozen=True)
class DatasetPart:
    """What was found in a dataset, with its key, what was asked of others, and the hash of that."""

    key: str
    asked: tuple[Asked, ...]
    seen: str
    held: Mapping[str, HeldTo]


class DatasetParts:
    """The parts of one run; `made` are the datasets of which no earlier one stands."""

    def __init__(self, shelf: VariablesOnce, rules: Rules, earlier: Iterable[str] = ()):
        self.shelf, self.rules = shelf, rules
        self.made: list[str] = []
        self._now: dict[str, DatasetPart] = {}
        self._kept: dict[str, list[DatasetPart]] = {}
        for text in earlier:
            for part in _read(text):
                self._kept.setdefault(part.key, []).append(part)

    def held(self, name: str, key: str, checked: Callable[[Noting], Checked]) -> Mapping[str, HeldTo]:
        """What rules find in a dataset; `key` tells all that it rests on but what they ask of other datasets."""
        standing = (part for part in self._kept.get(key, ()) if self._seen(part.asked) == part.seen)
        self._now[name] = next(standing, None) or self._look(name, key, checked)
        return self._now[name].held

    def text(self) -> str:
        """The parts as a later run reads them."""
        return json.dumps([[one.key, one.asked, one.seen, one.held] for _, one in sorted(self._now.items())])

    def _look(self, name: str, key: str, checked: Callable[[Noting], Checked]) -> DatasetPart:
        self.made.append(name)
        around = Noting(self.shelf)
        held = self.rules.held(checked(around))
        asked = tuple(sorted(around.asked))
        self.shelf.let_go()
        return DatasetPart(key, asked, self._seen(asked), held)

    def _seen(self, asked: Iterable[Asked]) -> str:
        return digest_of([self.shelf.digest(one) for one in asked])


def _read(text: str) -> Iterator[DatasetPart]:
    for key, asked, seen, held in json.loads(text):
        yield DatasetPart(key, tuple((dataset, name) for dataset, name in asked), seen,
                   {rule: _held(*told) for rule, told in held.items()})  # fmt: skip


def _held(dataset: str, records: int, broken: Sequence[Sequence[Any]]) -> HeldTo:
    return HeldTo(dataset, records, tuple(Broken._make([*told, tuple(reasons)]) for *told, reasons in broken))
