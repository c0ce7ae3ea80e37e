"""What a build has read of an extract, as the gate takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.engine.graph import gate_parts_files
from pipeline.engine.node import DATA, FINDINGS, GATE, Node, Partition
from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.partition import CODED
from pipeline.engine.spec_hashes import spec_hash
from pipeline.engine.store import Entry, digest_of, read_parquet
from pipeline.ground import source

if TYPE_CHECKING:
    from pipeline.gate.of_build import ReadExtract


def read_extract(build: Any, node: Node) -> ReadExtract:
    """The raw records by columns, what was found in reading them, and what earlier gates kept of their parts."""
    from pipeline.gate.of_build import ReadExtract

    roster = build.specs.study.subjects
    forms = sorted(build.specs.raw, key=lambda name: name != roster)
    columns = ParquetColumns(forms, partial(_raw, build, DATA))
    common = digest_of({
        "code": source.code_hash(node.module),
        "environment": build.environment,
        "settings": {word: build.setting_hash(word) for word in node.settings},
        "files": [spec_hash(path) for path in gate_parts_files(build.specs)],
    })  # fmt: skip
    earlier = [_files(build, entry) for entry in build.cache.kept(GATE)]
    parts = {one.told: ParquetColumns(forms, partial(_raw, build, one.file), (CODED,)) for one in _parts(build, forms)}
    return ReadExtract(columns, lambda form: build.read(f"raw:{form}", FINDINGS), common, earlier, parts)


def _parts(build: Any, forms: Sequence[str]) -> list[Partition]:
    """The parts of the subjects that raw records are kept in; none where a form of subjects has no such records."""
    count = max(build.graph[f"raw:{form}"].cut for form in forms)
    parts, entries = Partition(1, count).all, {form: build.entries[f"raw:{form}"] for form in forms}
    of_subjects = [entry for form, entry in entries.items() if build.specs.contracts[form].subject.column]
    there = all(not entry.records or {one.file for one in parts} <= {*entry.files} for entry in of_subjects)
    return parts if there and len(parts) > 1 else []


def _raw(build: Any, file: str, form: str) -> bytes:
    """The raw records of a form, or those of a part of the subjects; of what is not cut all."""
    entry: Entry = build.entries[f"raw:{form}"]
    return bytes(build.cache.read(f"raw:{form}", entry, file if file in entry.files else DATA))


def _files(build: Any, entry: Entry) -> dict[str, Callable[[], Any]]:
    """What an earlier gate kept, each file read when it is asked for."""
    return {name: partial(_content, build, entry, name) for name in entry.files if name.startswith("parts")}


def _content(build: Any, entry: Entry, name: str) -> Any:
    content = build.cache.read(GATE, entry, name)
    return read_parquet(content) if name.endswith(".parquet") else content
