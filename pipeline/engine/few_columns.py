"""Of a large need of which a recipe looks at few columns, no others are read.

A module of recipes says in `READS` which columns of a need they look at, by the name of the need, or "" for all others;
`--` stands for the domain. What is not said is read whole; what is not read cannot be asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.engine.node import AT, Node
from pipeline.engine.partition import file_for
from pipeline.engine.recipes import BY_CLASS, QUALIFIERS
from pipeline.engine.store import read_parquet
from pipeline.study.specs import TERMINOLOGY

if TYPE_CHECKING:
    import pandas as pd

READS, DOMAIN = "READS", "--"
MANY = 20_000  # records from which on it pays; smaller needs are read once for all that ask
OF_QUALIFIERS = ("STUDYID", "USUBJID", "--SEQ")


def given_columns(build: Any, node: Node, need: str) -> pd.DataFrame:
    """The data of a need, those of its part where the node is made for a part of the subjects."""
    asked = _reads(build, node, need.partition(AT)[0])
    file = file_for(build, node, need)
    if not asked or need in build.frames or f"{need}/{file}" in build.frames or build.entries[need].records < MANY:
        whole: pd.DataFrame = build.frame(need, file)
        return whole
    return read_columns(build.cache.read(need, build.entries[need], file), asked)


def read_columns(content: bytes, asked: tuple[str, ...]) -> pd.DataFrame:
    """Those columns of a dataset that it has, in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    there = pq.read_schema(pa.BufferReader(content)).names
    return read_parquet(content, [name for name in there if name in asked])


def _reads(build: Any, node: Node, word: str) -> tuple[str, ...]:
    """The columns that the recipe of a node says it looks at; none where it says nothing."""
    from pipeline.engine.mapping_run import qualifiers
    from sdtm.mapping.sheet import ORIGIN

    domain = word.partition("_")[0].upper()
    if (node.module, node.function) == (BY_CLASS["sdtm"], QUALIFIERS):
        own = qualifiers(build.table(TERMINOLOGY), domain)
        told = (*OF_QUALIFIERS, *own, *(name + ORIGIN for name in own))
    else:
        said: Mapping[str, tuple[str, ...]] = getattr(importlib.import_module(node.module), READS, {})
        told = said.get(word, said.get("", ()))
    return tuple(name.replace(DOMAIN, domain) for name in told)
