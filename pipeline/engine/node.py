"""One thing to be made, and what it rests on; the graph is all of them by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

MAPPED = "_mapped"
READ, TAKEN = "read", "taken"  # kinds of nodes of an SDTM made elsewhere: a data set, and a domain
GATE = "gate"  # name and kind of the checks of the whole extract
POOLED = "pooled"  # kind of the datasets of a pool of studies
DATA, FINDINGS, KEYS = "data.parquet", "findings.parquet", "keys.parquet"  # the files of what was made
AT = "@"  # between a dataset and the number of its treatment period, or what else is made of it


@dataclass(frozen=True)
class Partition:
    """One part of the subjects, of so many; `kind` is that of the node whose product it is a part of."""

    number: int
    count: int
    kind: str = ""

    @property
    def told(self) -> str:
        """As the name of a node says it: 2of4."""
        return f"{self.number}of{self.count}"

    @property
    def file(self) -> str:
        """The file with the records of the part, of what is made of all subjects at once."""
        return f"{self.told}.parquet"

    @property
    def all(self) -> list[Partition]:
        """The first to the last of them."""
        return [replace(self, number=number) for number in range(1, self.count + 1)]


@dataclass(frozen=True)
class Node:
    """One thing to be made: what it needs (other nodes), the settings it reads, its code and its spec files.

    `named` are those of its needs that no parameter but a spec file names: a recipe takes them as `**named`; `beside`
    those that the conditions laid upon its dataset ask. The
    function `completed_by` of a module adds to what the recipe made (its first parameter) what rests on all of it.
    `period` is the treatment period that it is made for, 0 where it is made for all. `partition` is the part of the
    subjects that it is made for, `partitions` are the nodes whose products it joins, `cut` in how many parts its
    records are kept beside the whole (pipeline/engine/partition.py).
    """

    name: str
    kind: str
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    module: str = ""
    function: str = ""
    parameters: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    named: tuple[str, ...] = ()
    completed_by: tuple[str, str, tuple[str, ...]] = ("", "", ())
    beside: tuple[str, ...] = ()
    period: int = 0
    partition: Partition | None = None
    partitions: tuple[str, ...] = ()
    cut: int = 0

    @property
    def made_as(self) -> str:
        """The kind of what is made, of a part that of the whole."""
        return self.partition.kind if self.partition else self.kind

    @property
    def dataset(self) -> str:
        """The name under which specs know what is made."""
        return self.name.partition(AT)[0]

    @property
    def given(self) -> dict[str, str]:
        """The needs by the name under which a recipe takes them."""
        return {need.partition(AT)[0]: need for need in self.needs}


Graph = dict[str, Node]
