"""Which variables of the analysis datasets an output can read: every output rests on ADSL, and reads little of it.

An output is handed these variables and no other (`pipeline/engine/results.py`), and rests on them alone: what it is not
handed it cannot be made of. A variable counts as read where its name stands anywhere in what the output says, in the
decisions and tables it is given, or in the code that makes it; so do those that are looked for beside such a one
(`tlf/companions.py`), and those by which records are dated and sourced (`adam/derive/dated.py`). A name that code puts
together otherwise is an error, never another result: what is handed tells what was withheld
(`pipeline/ground/withheld.py`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adam.derive.dated import seen_by
from pipeline.engine.audit import DATA_CUT
from pipeline.engine.days_told import days_told
from pipeline.engine.node import DATA, Node
from pipeline.engine.output_view import SUBJECT
from pipeline.engine.spec_hashes import text_of
from pipeline.engine.store import Json, json_bytes
from pipeline.ground import source
from pipeline.study.declared import ADSL
from pipeline.study.specs import Specs
from tlf.companions import companions

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "columns.json"  # the hash of each column of a dataset, in their order
ANALYSED = "adam"
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
WORDS = ("tlf.rows.kinds", "tlf.mock")  # say what shells may say, which a shell that uses it says itself


def by_columns(name: str, specs: Specs) -> bool:
    """True for an analysis dataset: outputs are handed the variables of it that they can read."""
    return name in specs.datasets and specs.datasets[name].layer == ANALYSED


def is_dataset(node: Node, specs: Specs) -> bool:
    """True for what is a whole dataset, as recipes see it or as people are handed it: its columns are told apart."""
    return node.dataset in specs.datasets and node.partition is None


def hashes_beside(folder: Path) -> list[str]:
    """Write, beside the dataset in a folder, the hashes of its columns; the name of the file."""
    (folder / COLUMNS).write_bytes(json_bytes(_told(folder / DATA)))
    return [COLUMNS]


def _told(path: Path) -> list[list[str]]:
    """Each column of a file with the hash of the bytes in which it stands: one writer writes the same values the same.

    They are read a row group at a time: a dataset may be larger than what a process holds.
    """
    import pyarrow.parquet as pq

    told = pq.read_metadata(path)
    groups = [told.row_group(number) for number in range(told.num_row_groups)]
    found = []
    with path.open("rb") as file:
        for at, field in enumerate(told.schema.to_arrow_schema()):
            hashed = hashlib.sha256(f"{field.type} {told.num_rows}".encode())
            for chunk in [group.column(at) for group in groups]:
                file.seek(chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset)
                hashed.update(file.read(chunk.total_compressed_size))
            found.append([field.name, hashed.hexdigest()])
    return found


def contents_for(build: Any, node: Node) -> dict[str, Json]:
    """The hash of what a node is given of each need (`content_for`)."""
    told = names_read(node, build.specs) if node.kind == "output" else frozenset()
    return {need: content_for(build, node, need, told) for need in node.needs}


def content_for(build: Any, node: Node, need: str, told: Collection[str] | None = None) -> Json:
    """The hash of what a node is given of a need, else of all of it.

    Of an output it is that of each variable that it can read (`told`), of the table of the data cut of those that tell
    days.
    """
    if node.kind == "output" and by_columns(need, build.specs):
        told, hashes = names_read(node, build.specs) if told is None else told, hashes_of(build, need)
        return [[name, hashes[name]] for name in _of_told(hashes, told, need)]
    if node.kind == DATA_CUT and is_dataset(build.graph[need], build.specs):
        hashes, days = hashes_of(build, need), days_told(build.specs.datasets[build.graph[need].dataset])
        return [build.entries[need].records, *([name, hashes[name]] for name in days if name in hashes)]
    whole: str = build.content(need, node.partition)
    return whole


def given_columns(build: Any, node: Node, need: str, dataset: pd.DataFrame) -> pd.DataFrame:
    """An analysis dataset as an output is handed it: what it can read, and what stands beside its records as seen."""
    from pipeline.ground.withheld import Made

    hashes = hashes_of(build, need)
    withheld = {*hashes} - {*columns_read(node, build.specs, hashes, need)}
    kept = [name for name in dataset.columns if name not in withheld]
    return Made(dataset[kept], known=frozenset(withheld)) if withheld else dataset


def hashes_of(build: Any, need: str) -> dict[str, str]:
    """The hash of each column of a dataset by its name, in their order."""
    entry, known = build.entries[need], build.columns
    noted = entry.files[COLUMNS]
    if noted not in known:
        known[noted] = dict(json.loads(build.cache.read(need, entry, COLUMNS)))
    hashes: dict[str, str] = known[noted]
    return hashes


def columns_read(node: Node, specs: Specs, known: Iterable[str], dataset: str = ADSL) -> list[str]:
    """Those of the known variables of a dataset that an output can read, in their order."""
    return _of_told([*known], names_read(node, specs), dataset)


def _of_told(known: Collection[str], told: Collection[str], dataset: str) -> list[str]:
    """Those that are told, and by which the records of a dataset are dated and sourced."""
    beside = seen_by(known) if dataset != ADSL else ()
    return [name for name in known if name in told or name in beside]


def names_read(node: Node, specs: Specs) -> set[str]:
    """What may be a variable that an output reads: named in what it says, or in the code that makes it; and beside."""
    said = _names_said(node, specs)
    return {*said, *(one for name in said for one in companions(name)), *_names_in_code(node.module), *SUBJECT}


def _names_said(node: Node, specs: Specs) -> set[str]:
    """What may be a name in what an output says, and in the decisions and tables that it is given."""
    shell = specs.outputs[node.name].shell.measured
    decided = [one.value for word in node.settings if (one := specs.decisions.get(word.upper()))]
    tables = [path.read_text(encoding="utf-8-sig") for word in shell.tables for path in specs.table_files(word)]
    return {*NAME.findall("\n".join([text_of(shell, decided), *tables]))}


@cache
def _names_in_code(module: str) -> frozenset[str]:
    """What may be a name in the modules that a family of outputs rests on, and beside such."""
    behind = [one for one in source.closure(module) if not one.startswith(WORDS)]
    paths = [path for one in behind if (path := source.module_path(one))]
    told = {name for path in paths for name in NAME.findall(path.read_text(encoding="utf-8"))}
    return frozenset(told.union(*map(companions, told)))
