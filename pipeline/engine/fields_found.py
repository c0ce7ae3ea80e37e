"""What is found in the fields of each raw form that was read, kept beside it: what a build without the gate tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.engine.graph import gate_parts_files
from pipeline.engine.node import DATA, FINDINGS, GATE
from pipeline.engine.pieces import as_written, read_row_groups
from pipeline.engine.spec_hashes import spec_hash
from pipeline.engine.store import Entry, digest_of, read_parquet
from pipeline.ground import source
from pipeline.ground.machine import versions

if TYPE_CHECKING:
    import pandas as pd

RAW = "raw:"


def kept_as(name: str) -> str:
    """The name under which the findings of a raw form are kept."""
    return f"fields:{name.removeprefix(RAW)}"


def forms_to_look_at(build: Any) -> list[str]:
    """The raw forms of which a build tells what is in their fields: those that it read, where the gate did not look."""
    return [] if GATE in build.entries else [name for name in build.entries if name.startswith(RAW)]


def known(build: Any, name: str) -> bool:
    """True where the findings of a form are kept as they would be found now."""
    return _entry(build, name) is not None


def look_at(build: Any, name: str, entry: Entry) -> Entry:
    """Look at the fields of a raw form that was read as the entry says, and keep what is found."""
    one = replace(build, entries={name: entry})
    found = _found(one, name)
    kept: Entry = build.cache.write(kept_as(name), _digest(one, name), {FINDINGS: found}, len(found), len(found))
    return kept


def _found(build: Any, name: str) -> pd.DataFrame:
    """What is found in the fields of a form, of which no more than a row group is held."""
    from pipeline.gate.fields import OfFields

    path = build.cache.vouched(name, build.entries[name], DATA)
    columns = as_written(path).names
    return OfFields(build.specs).found_in(name.removeprefix(RAW), lambda: read_row_groups(path, columns))


def fields_found(build: Any, name: str) -> pd.DataFrame:
    """The findings of the fields of a raw form."""
    entry = _entry(build, name) or look_at(build, name, build.entries[name])
    return read_parquet(build.cache.read(kept_as(name), entry, FINDINGS))


def _entry(build: Any, name: str) -> Entry | None:
    entry: Entry | None = build.cache.entry(kept_as(name), _digest(build, name))
    return entry


def _digest(build: Any, name: str) -> str:
    """What they rest on: the records, the raw contracts, what the mapping takes of text and code, the code."""
    return digest_of({
        "records": build.content(name),
        "code": source.code_hash("pipeline.gate.fields"),
        "environment": digest_of(versions()),
        "terms": build.setting_hash("ct") if "ct" in build.specs.tables else "",
        "files": [spec_hash(path) for path in gate_parts_files(build.specs)],
    })  # fmt: skip
