"""What is found in the fields of each raw form that was read, kept beside it: what a build without the gate tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.engine.graph import GATE, gate_parts_files
from pipeline.engine.node import DATA, FINDINGS
from pipeline.engine.pieces import as_written, read_row_groups
from pipeline.engine.spec_hashes import spec_hash
from pipeline.engine.store import ROW_GROUP, Entry, digest_of, read_parquet
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
    """What is found in the fields of a form.

    Each finding is of what stands in a cell, or in most cells of a column: where no piece of a large form has any, the
    form has none, and is never held.
    """
    from pipeline.gate.fields import OfFields
    from pipeline.ground.queries import none_found

    look, form, entry = OfFields(build.specs), name.removeprefix(RAW), build.entries[name]
    if entry.records > ROW_GROUP:
        path = build.cache.vouched(name, entry, DATA)
        pieces = read_row_groups(path, as_written(path).names)
        if not any(len(look.found(form, piece)) for piece in pieces):
            return none_found()
    return look.found(form, build.read(name))


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
