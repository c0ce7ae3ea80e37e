"""Partitions: what its spec promises to be made by subject is made of some subjects of a large delivery at a time.

A subject is of the same part in every dataset, by a hash of its number (SHA-256 of USUBJID). In the graph a dataset so
cut has a node for each part (`adlb@2of4`), which sees of every need the same part; its own node joins them. What is
made of all subjects at once reads the joined dataset, as ever, and keeps its own records cut for the parts that need
them. With one part nothing changes; with more, no byte of a dataset does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engine.columns_read import hashes_beside, is_dataset
from pipeline.engine.core import CORE
from pipeline.engine.made_by_mapping import joined_mapping, merged_parts
from pipeline.engine.mapping_parts import AGREED, WHOLE, is_cut, mapping_nodes
from pipeline.engine.node import AT, DATA, FINDINGS, GATE, Graph, Node, Partition
from pipeline.engine.periods import CUT, STACK
from pipeline.engine.pieces import RowGroups, as_written, filled, row_groups, size_of_part, streamed
from pipeline.engine.store import Entry, Stream, sha256
from pipeline.ground.beside import StepsBeside, ahead
from pipeline.ground.faults import DefectError
from pipeline.intake.delivery import Delivery
from pipeline.readers.kinds import file_and_part
from pipeline.study.periods import of_part
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

RECIPE, SUBJECT, RAW, MET = "recipe", "USUBJID", "_SUBJECT", "met.parquet"
CODED, CODE = "_CODED", "_STD"  # as sdtm.mapping.terms says them
PARTITION_BYTES = 64 * 1024 * 1024
BY_SUBJECT = (RECIPE, CUT, STACK, CORE)  # kinds of nodes that a promise of their dataset's spec speaks of


def partitions_of(delivery: Delivery) -> int:
    """In how many parts the subjects of a delivery are: one for each 64 MiB of its files, so that a worker holds one.

    It is told by the delivery alone, never by the machine, so that whoever looks into a build finds what was made.
    """
    home = delivery.folder
    files = {home / file_and_part(name)[0] for name in delivery.hashes} if home.is_dir() else {home}
    return 1 + sum(file.stat().st_size for file in files) // PARTITION_BYTES


def in_partitions(nodes: list[Node], specs: Specs, count: int) -> list[Node]:
    """The nodes, those made by subject once for each of so many parts, and joined."""
    if count < 2:
        return nodes
    cut = {node.name for node in nodes if _by_subject(node, specs) or is_cut(node, specs)}
    asked = {need for node in nodes if node.name in cut or node.kind == GATE for need in node.needs} - cut
    return [one for node in nodes for one in _split(node, specs, (cut, asked), count)]


def _by_subject(node: Node, specs: Specs) -> bool:
    return node.kind in BY_SUBJECT and node.dataset in specs.datasets and specs.datasets[node.dataset].by_subject


def _split(node: Node, specs: Specs, of: tuple[set[str], set[str]], count: int) -> Iterator[Node]:
    """A node as it is, or its parts and what joins them; one that parts need keeps its records cut for them."""
    cut, asked = of
    if node.name not in cut:
        yield replace(node, cut=count) if node.name in asked else node
        return
    if node.kind == WHOLE:
        yield from mapping_nodes(node, specs, count)
        return
    parts = [_part(node, cut, part) for part in Partition(1, count, node.kind).all]
    names = tuple(part.name for part in parts)
    yield from parts
    yield replace(node, needs=(*names, *node.needs), partitions=names)


def _part(node: Node, cut: set[str], part: Partition) -> Node:
    """The node of one part; it needs the same part of what is cut too."""
    needs = tuple(f"{need}{AT}{part.told}" if need in cut else need for need in node.needs)
    return replace(node, name=f"{node.name}{AT}{part.told}", kind="partition", needs=needs, partition=part)


def partition_of(subjects: pd.Series, count: int) -> pd.Series:
    """The number of the part that each subject is of, from 1; records of nobody are of the first."""
    numbers = {one: 1 + int(sha256(str(one).encode("utf-8")), 16) % count for one in subjects.dropna().unique()}
    return subjects.map(numbers).fillna(1).astype("int64")


def _partition_of(subjects: pa.ChunkedArray, study: str, count: int) -> np.ndarray:
    """As `partition_of`, of subjects as Arrow holds them, told once for each."""
    import numpy as np

    told = subjects.combine_chunks().dictionary_encode()
    of = partition_of(study + told.dictionary.to_pandas().astype("str"), count).to_numpy()
    return np.append(of, 1)[told.indices.fill_null(len(of)).to_numpy()]


def in_groups(node: Node, files: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame | Stream]:
    """What was made for a node; the records of a part in as small row groups as a join of all parts can hold."""
    if node.partition is None:
        return {**files}
    records, size = files[DATA], size_of_part(node.partition.count)
    return {**files, DATA: streamed(partial(_once, records), len(records), size)}


def _once(records: pd.DataFrame) -> Iterator[pd.DataFrame]:
    yield records


def cut_by(path: Path) -> str:
    """The column that says whose these records are, by which they are cut; nothing where they are of nobody."""
    if SUBJECT in as_written(path).names:
        return SUBJECT
    return RAW if RAW in filled(path) else ""


def cut_files(folder: Path, count: int, study: str = "") -> list[str]:
    """Write into a folder the records of each part of the data that lie there; the names of the files.

    None are written of what is of no subject, which every part sees whole. The types are those of all records: a part
    without a value says nothing else of a variable. Raw records, of subjects of a study, say beside them which fields
    have codes in all their form. No more is held than a row group and what is not yet written.
    """
    path, column = folder / DATA, cut_by(folder / DATA)
    if not column:
        return []
    schema, there = as_written(path), filled(path)
    files = [one.file for one in Partition(1, count).all]
    marked = column == RAW and CODED not in schema.names
    coded = " ".join(name for name in there if name.endswith(CODE)) if marked else None
    schema = _with_coded(schema) if marked else schema
    with ExitStack() as held:
        size, beside = size_of_part(count), StepsBeside()
        parts = [held.enter_context(RowGroups(folder / file, schema, size, beside)) for file in files]
        for table in ahead(row_groups(path)):
            of = _partition_of(table.column(column), f"{study}-" if column == RAW else "", count)
            whole = table if coded is None else _with(table, coded, schema)
            for number, part in enumerate(parts, start=1):
                part.add(whole.filter(of == number))
    return files


def written_beside(node: Node, specs: Specs, folder: Path) -> list[str]:
    """Write what is kept beside the data of a node in its folder: its records by parts, the hashes of its columns."""
    parts = cut_files(folder, node.cut, specs.study.study) if node.cut else []
    return [*parts, *(hashes_beside(folder) if is_dataset(node, specs) else [])]


def _with_coded(schema: pa.Schema) -> pa.Schema:
    """The types of raw records that say which fields of their form have codes."""
    import pyarrow as pa

    from sdtm.mapping.terms import with_coded

    return pa.Schema.from_pandas(with_coded(schema.empty_table().to_pandas()), preserve_index=False)


def _with(table: pa.Table, coded: str, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    return table.append_column(CODED, pa.repeat(pa.scalar(coded, schema.field(CODED).type), len(table))).cast(schema)


def of_whole(entries: Mapping[str, Entry], graph: Graph) -> dict[str, dict[str, str]]:
    """The files of made things by their names, with their hashes, as they are in however many partitions."""
    whole = {name: entry.files for name, entry in entries.items() if name not in graph or not _of_parts(graph[name])}
    cut = {name: {one.file for one in Partition(1, graph[name].cut).all} for name in whole if name in graph}
    return {name: {file: noted for file, noted in files.items() if file not in cut.get(name, ())}
            for name, files in whole.items()}  # fmt: skip


def entry_for(node: Node, entry: Entry, need: Node | None) -> Entry:
    """What a node has to know of a need: of records that are cut only its own part, since parts are many.

    The gate goes over all of them.
    """
    if need is None or not need.cut or node.kind == GATE:
        return entry
    own = node.partition.file if node.partition else ""
    others = {one.file for one in Partition(1, need.cut).all if one.file != own}
    return replace(entry, files={name: noted for name, noted in entry.files.items() if name not in others})


def file_for(build: Any, node: Node, need: str) -> str:
    """The file of a need that a node is given: that of its part where records are cut.

    Raises DefectError where these are not known: given all, the records of other parts would stand in this one too.
    """
    if not node.partition:
        return DATA
    entry, of = build.entries[need], build.graph.get(need)
    if node.partition.file in entry.files:
        return node.partition.file
    if of and of.cut and cut_by(build.cache.vouched(need, entry, DATA)):
        what = f"{node.name} is of a part of the subjects, and {need} is known to it of all alone."
        raise DefectError(what, need, "tell it of the file of its part (entry_for)")
    return DATA


def _of_parts(node: Node) -> bool:
    """True for what is there only where there are parts: one of them, or what they agree on."""
    return node.partition is not None or node.kind == AGREED


def joined(build: Any, node: Node) -> dict[str, pd.DataFrame | Stream]:
    """The dataset of all subjects, in the order of its keys, judged as a whole; with what was met in its parts."""
    import pandas as pd

    from pipeline.engine.schema import closed_of, conform, in_order, looked_at, out_of_order
    from pipeline.ground.queries import gather

    if node.kind == WHOLE:
        return joined_mapping(build, node)
    spec = build.specs.datasets[node.dataset]
    whole = merged_parts(build, node, DATA, spec.keys)
    if node.kind != RECIPE:
        return {DATA: whole}
    own, ct = of_part(spec.own), build.table("ct")
    closed, told = closed_of(own, ct), [build.read(name, MET) for name in node.partitions]
    if not isinstance(whole, Stream):
        dataset, findings = conform(whole, own, ct)
        return {DATA: dataset, FINDINGS: gather([*told, findings])}
    asked = looked_at(own, closed)
    doubted = [name for name in node.partitions if not in_order(build.read(name, columns=asked), own, closed)]
    if doubted:
        wrong = pd.concat([out_of_order(build.read(name), own, closed) for name in doubted])
        told.append(conform(wrong, own, ct)[1])
    return {DATA: whole, FINDINGS: gather(told)}
