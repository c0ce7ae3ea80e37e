"""What a rule looks at, and what it says: one dataset in its study, the records looked at and those that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import pandas as pd
import pyarrow as pa

from pipeline.ground.metadata import DatasetSpec, Variable

SHOWN = 3


class Outcome(NamedTuple):
    """What a rule found of one variable: records looked at, issues, and what is shown of them.

    `rows` are the places of the records that break it; a rule of the dataset as a whole has none.
    """

    variable: str
    records: int
    issues: int
    first: str = ""
    rows: tuple[int, ...] = ()


class Study(Protocol):
    """The datasets around the one that is looked at, by name in lower case; of each, what is asked for by variable."""

    def names(self, dataset: str) -> Sequence[str]:
        """The variables of a dataset; of one that the study has not, none."""

    def read(self, dataset: str, names: Sequence[str]) -> pd.DataFrame:
        """Some variables of a dataset, of all its records."""


@dataclass(frozen=True)
class StudyFrames:
    """A study of datasets that are read already."""

    held: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def names(self, dataset: str) -> Sequence[str]:
        """The variables of a dataset; of one that the study has not, none."""
        return tuple(self.held[dataset]) if dataset in self.held else ()

    def read(self, dataset: str, names: Sequence[str]) -> pd.DataFrame:
        """Some variables of a dataset, of all its records."""
        return self.held[dataset][[*names]]


NOTHING = StudyFrames()


class DistinctTexts(NamedTuple):
    """The distinct texts of a variable (a large dataset repeats few of them), and how many records have one."""

    variable: Variable
    distinct: pa.Array
    records: int


@dataclass(frozen=True)
class Checked:
    """A dataset, what its spec says of it, and the study around it.

    `lineage` are the records behind values that rest on several, by dataset, `closed` the terms of codelists that
    values are held to, `core` the variables that analysis datasets carry of ADSL. `stored` are the
    records as their file has them, where that is of other types than the spec asks for.
    """

    data: pd.DataFrame
    spec: DatasetSpec
    study: Study = NOTHING
    lineage: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    closed: Mapping[str, set[str]] = field(default_factory=dict)
    core: tuple[str, ...] = ()
    stored: pd.DataFrame | None = None
    asked: dict[str, pd.Series] = field(default_factory=dict)  # what several rules ask for, told once
    texts: list[DistinctTexts] = field(default_factory=list)  # its variables of text, likewise

    @property
    def name(self) -> str:
        """The dataset as specs name it."""
        return self.spec.name

    def knows(self, dataset: str, *names: str) -> bool:
        """Whether the study has a dataset (with records), and in it these variables."""
        there = self.study.names(dataset)
        return bool(there) and {*names} <= {*there}

    def own(self, *endings: str) -> list[str]:
        """The variables of the domain that end so and are there: (AE, STDTC) AESTDTC."""
        return [name for ending in endings if (name := f"{self.spec.dataset}{ending}") in self.data]

    def ending(self, *endings: str) -> list[str]:
        """All variables that end so, in order."""
        return [name for name in self.data if name.endswith(endings)]

    def found(self, variable: str, bad: pd.Series, among: pd.Series | None = None) -> Outcome:
        """The records for which `bad` holds, of those looked at (`among`; all, where it is not said)."""
        looked = len(bad) if among is None else int(among.sum())
        broken = bad if among is None else bad & among
        rows = tuple(broken.to_numpy(dtype=bool).nonzero()[0].tolist())
        return Outcome(variable, looked, len(rows), self.shown(variable, rows), rows)

    def shown(self, variable: str, rows: tuple[int, ...]) -> str:
        """The first of these records, by subject, number and value; of none nothing."""
        if not rows:
            return ""
        numbers = (f"{self.spec.dataset}SEQ", "ASEQ", "PARAMCD", "QNAM")
        number = next((name for name in numbers if name in self.data), "")
        named = [name for name in dict.fromkeys(("USUBJID", number, variable)) if name in self.data]
        first = self.data[named].iloc[[*rows[:SHOWN]]].astype("object")
        return "; ".join(" ".join(f"{name}={'' if pd.isna(value) else value}" for name, value in row.items())
                         for row in first.to_dict("records"))  # fmt: skip


class Norm(NamedTuple):
    """A rule: its id, what it says, where that is published, and the function that looks at a dataset."""

    id: str
    says: str
    source: str
    look: Callable[[Checked], Iterator[Outcome]]
