"""The datasets of the site in one order (ADaM, SDTM, delivered files): each is known to all others by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pipeline.engine.core import handed
from pipeline.engine.node import DATA
from pipeline.engine.pieces import read_row_groups
from pipeline.engine.runner import Build
from pipeline.engine.store import digest_of
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.products import datasets_of
from pipeline.review.delivered import Lines, delivered
from pipeline.review.script import Facts
from pipeline.review.shown import SDTM, SUBJECT, Shown
from pipeline.why.ledger import IDVAR, IDVARVAL, Ledger, ledger


@dataclass(frozen=True)
class Library:
    """All datasets of the site, and what leads from one to the next: to records the ledger, from SDTM to lines."""

    shown: tuple[Shown, ...]
    ledger: Ledger
    lines: Mapping[str, Lines]  # by dataset of SDTM

    @cached_property
    def number(self) -> dict[tuple[str, str], int]:
        """The number of each dataset by layer and name."""
        return {(one.layer, one.name): number for number, one in enumerate(self.shown)}


def library(build: Build) -> Library:
    """What the site shows as datasets."""
    layers = datasets_of(build)
    columns = {name: _columns(build, handed(name, build.graph)) for name in layers}
    sdtm = {name for name in layers if layers[name] == SDTM}
    known = ledger(build, lambda name: _keyed(build, name, columns[name]) if name in sdtm else None)
    told = [_made(build, name, columns[name], known if name in sdtm else None)
            for name in sorted(layers, key=lambda one: layers[one] == SDTM)]  # fmt: skip
    files, lines = ([], {}) if build.specs.study.pooled else delivered(build, known, len(told))
    return Library((*told, *files), known, {name: lines[name] for name in lines if name in sdtm})


def _columns(build: Build, node: str) -> list[str]:
    """The columns of a dataset, which is not read for it."""
    return list(pq.read_schema(build.cache.vouched(node, build.entries[node], DATA)).names)


def _keyed(build: Build, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """A dataset of SDTM by what names its records."""
    asked = [one for one in columns if one in (SUBJECT, f"{name.upper()}SEQ", IDVAR, IDVARVAL)]
    return build.read(handed(name, build.graph), DATA, asked or columns[:1])


def _made(build: Build, name: str, columns: Sequence[str], known: Ledger | None) -> Shown:
    """A dataset that was made; of SDTM with its records beyond the published ones."""
    node = handed(name, build.graph)
    published = build.entries[node].records
    own = known.domains.get(name) if known else None
    beyond = known.names[own.whose[published:]] if known and own else np.array([], dtype="object")
    read = partial(_records, build, node, beyond)
    content = digest_of([build.entries[node].files[DATA], [one or "" for one in beyond]])
    return dataset_shown(build.specs.datasets[name], columns, read, (published, published + len(beyond)), content)


def _records(build: Build, node: str, beyond: Any, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """The records of a dataset and, below them, whose records are delivered and stand in no published one."""
    path = build.cache.vouched(node, build.entries[node], DATA)
    piece = pd.DataFrame()
    for piece in read_row_groups(path, columns or pq.read_schema(path).names):
        yield piece
    if len(beyond):
        yield piece.iloc[:0].reindex(range(len(beyond))).assign(**{SUBJECT: pd.Series(beyond, dtype="str")})


def dataset_shown(
    spec: DatasetSpec, columns: Sequence[str], read: Callable[[Sequence[str] | None], Iterator[pd.DataFrame]],
    counts: tuple[int, int], content: str = "",
) -> Shown:  # fmt: skip
    """A dataset with the metadata of the columns that it has, in their order; `counts` are published and all rows."""
    variables = tuple(
        {"name": one.name, "label": one.label, "type": one.type, "derivation": one.derivation, "origin": one.origin,
         "source": one.source, "codelist": one.codelist, "core": one.core}
        for one in (spec.by_name.get(str(name), Variable(str(name))) for name in columns)
    )  # fmt: skip
    more: Facts = {"structure": spec.structure, "keys": list(spec.keys),
            "parameters": {one.code: [one.label, one.derivation] for one in spec.parameters}}  # fmt: skip
    return Shown(spec.name, spec.layer, spec.label, read, counts[0], variables, more, counts[1], content)
