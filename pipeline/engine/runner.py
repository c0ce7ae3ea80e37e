"""A build: nodes made in order, from the cache when nothing they rest on has changed.

A node's digest covers the content of what it needs, the settings it reads, its spec files, what all files together say
of it, and the source of all project modules its code rests on. Equal digest, equal product: it is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.engine.audit import AUDITS, audited
from pipeline.engine.columns_read import contents_for
from pipeline.engine.conditions import LAYING
from pipeline.engine.core import CORE
from pipeline.engine.digest_parts import CONFORMING, delivered_parts
from pipeline.engine.few_columns import given_columns
from pipeline.engine.fields_found import fields_found
from pipeline.engine.from_sdtm import is_asked
from pipeline.engine.gate_of_build import read_extract
from pipeline.engine.given import as_given
from pipeline.engine.graph import order
from pipeline.engine.made_by_mapping import of_agreed, of_collected, of_mapping
from pipeline.engine.made_by_recipe import of_function, of_made, of_recipe
from pipeline.engine.mapping_parts import AGREED, COLLECTED, WHOLE
from pipeline.engine.merging import merged
from pipeline.engine.node import AT, DATA, FINDINGS, GATE, KEYS, POOLED, READ, TAKEN, Graph, Node, Partition
from pipeline.engine.output_view import Seen
from pipeline.engine.partition import file_for, in_groups, joined, of_whole, written_beside
from pipeline.engine.parts import MADE
from pipeline.engine.pieces import streamed
from pipeline.engine.pool import made_of
from pipeline.engine.spec_hashes import hash_of, spec_hash, specs_of
from pipeline.engine.store import Cache, Entry, Json, Stream, digest_of, file_hash, read_parquet
from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.ground.machine import give_back, versions
from pipeline.intake.delivery import Delivery
from pipeline.readers import Sheet
from pipeline.study.csv_text import load_tables
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd

Frames: TypeAlias = "dict[str, pd.DataFrame | Stream]"
FRAMES_KEPT = 64 * 1024 * 1024  # bytes of pointers; each distinct text of a column is kept once beside them
PER_VALUE = 8  # bytes; to ask pandas for those of a frame takes a millisecond
LARGE, MANY_RECORDS = 32 * 1024 * 1024, 20_000  # bytes of frames, records, from which on memory is given back
# What the runner does with a product beside what stands in this file.
ALSO_RUN = (as_given, given_columns, of_recipe, joined, of_mapping, merged, streamed)


@dataclass
class Build:
    """One run over a delivery: what makes nodes, what was made so far; of a pool, the build of each study (`part`).

    `columns` are the hashes of the columns of datasets, by that of the file that says them, `behind` which forms and
    datasets are behind an output. `frames` are data that were read or laid in, `sizes` the bytes of those read, the
    one asked for last at the end. `laying` is the code that lays out outputs, by family, `laid_of` what each is laid
    out of, and its hash; `traces` are for the log.
    """

    specs: Specs
    delivery: Delivery
    cutoff: str
    graph: Graph
    cache: Cache
    cut_named: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    traces: dict[str, str] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict, init=False)
    seen: Seen = field(default_factory=dict)
    environment: str = ""
    identity: str = ""
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    behind: dict[str, dict[str, bool]] = field(default_factory=dict)
    laying: dict[str, list[str]] = field(default_factory=dict)
    laid_of: dict[str, tuple[Any, str]] = field(default_factory=dict)
    part: Callable[[str], Build] | None = None

    def known(self, name: str, digest: str = "") -> bool:
        """True when the cache has the node as it would be made now: of the digest, where it was told already."""
        entry = self.cache.entry(name, digest or self.digest(self.graph[name]))
        if entry is not None:
            self.entries[name] = entry
        return entry is not None

    def with_what_is_known(self) -> Build:
        """The same build, knowing also what the cache has of all that was not asked for."""
        whole = replace(self, entries=dict(self.entries))
        for name in order(self.graph):
            if name not in whole.entries and all(need in whole.entries for need in self.graph[name].needs):
                whole.known(name)
        return whole

    def ensure(self, name: str) -> bool:
        """Make the node unless the cache has it; True when it was made now."""
        node, digest = self.graph[name], self.digest(self.graph[name])
        if self.known(name, digest):
            return False
        files = make(self, node)
        findings = len(files[FINDINGS]) if FINDINGS in files else 0
        beside = partial(written_beside, node, self.specs)
        self.entries[name] = self.cache.write(name, digest, files, len(files[DATA]), findings, beside)
        self.frames.pop(name, None)
        self.sizes.pop(name, None)
        self.made.append(name)
        self.release()
        if sum(self.sizes.values()) > LARGE or len(files[DATA]) > MANY_RECORDS:
            give_back()
        return True

    def digest(self, node: Node) -> str:
        """What the node's product depends on, as one SHA-256."""
        self.environment = self.environment or digest_of(versions())
        parts: dict[str, Json] = {
            "kind": node.kind,
            "name": node.name,
            "code": [source.code_hash(m) for m in (node.module, CONFORMING[node.made_as], node.completed_by[0]) if m],
            "laying": source.code_hash(LAYING) if node.beside else "",
            "runner": [file_hash(Path(__file__)), *(source.code_hash(one.__module__) for one in ALSO_RUN)],
            "needs": contents_for(self, node),
            "settings": {word: self.setting_hash(word) for word in node.settings},
            "files": [spec_hash(path) for path in node.files if node.kind != "output"],  # all that counts is `said`
            "said": hash_of(replace(node, files=()), specs_of(node, self.specs)),
            "environment": self.environment,
        }
        parts |= delivered_parts(node, self.delivery, self.specs)
        return digest_of(parts)

    def content(self, name: str, part: Partition | None = None) -> str:
        """The hash of a made node's data (not of its findings), or of what it has of a part of the subjects."""
        files = self.entries[name].files
        if part and part.file in files:
            return files[part.file]
        whole = of_whole({name: self.entries[name]}, self.graph)[name] if self.graph[name].cut else files
        return digest_of({k: v for k, v in whole.items() if k != FINDINGS})

    def setting_hash(self, word: str) -> str:
        """The hash of a setting's value."""
        if word.upper() in self.specs.decisions:
            decision = self.specs.decisions[word.upper()]
            return f"{decision.value!r} {self.setting_hash(decision.table)}" if decision.table else repr(decision.value)
        if word in self.specs.tables:
            return " ".join(spec_hash(path) for path in self.specs.table_files(word))
        if word in self.specs.inputs:
            told = self.specs.inputs[word]
            return hash_of(told.value(self.specs.decisions), [spec_hash(path) for path in told.files])
        return self.specs.study_hash if word == "study" else str(self.setting(word))

    def setting(self, word: str) -> Any:
        """The value of a setting as a recipe receives it."""
        if word.upper() in self.specs.decisions:
            return self.specs.decisions[word.upper()].value
        if word in self.specs.tables:
            return self.table(word)
        if word in self.specs.inputs:
            return self.specs.inputs[word].value(self.specs.decisions)
        return {"study": self.specs.study, "cutoff": self.cutoff}.get(word)

    def table(self, word: str) -> pd.DataFrame:
        """A CSV table of the specs, all text, '' as missing; what the study adds to a standard table stands last."""
        if f"table:{word}" not in self.frames:
            self.frames[f"table:{word}"] = load_tables(self.specs.table_files(word))
        return self.frames[f"table:{word}"]

    def read(self, name: str, file: str = DATA, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A made node's data, or another file or some columns of it, not kept."""
        return read_parquet(self.cache.read(name, self.entries[name], file), columns)

    def frame(self, name: str, file: str = DATA) -> pd.DataFrame:
        """A made node's data (or its findings, keys); read once, and only what its hash vouches for."""
        key = name if file == DATA else f"{name}/{file}"
        if key not in self.frames:
            self.frames[key] = self.read(name, file)
            self.sizes[key] = self.frames[key].size * PER_VALUE
        elif key in self.sizes:
            self.sizes[key] = self.sizes.pop(key)  # what was asked for last stands last
        return self.frames[key]

    def release(self, most: int = FRAMES_KEPT) -> None:
        """Let go what was read and asked for longest ago, so that what is kept is of so many bytes at most.

        It can be read again; what outputs saw of it goes with it.
        """
        for key in [*self.sizes][:-1]:
            if sum(self.sizes.values()) <= most:
                break
            del self.sizes[key]
            self.frames.pop(key, None)
            self.seen.pop(key.partition(AT)[0], None)

    def given(self, node: Node, word: str) -> pd.DataFrame:
        """The data of a need, under the name that the node's recipe has for it, as the node is given them."""
        return as_given(given_columns(self, node, node.given.get(word, word)), node, word, self.specs.datasets)

    def needed(self, node: Node, need: str) -> pd.DataFrame:
        """The data of a need, those of its part where the node is made for a part of the subjects."""
        return self.frame(need, file_for(self, node, need))

    def findings(self, names: Iterable[str]) -> pd.DataFrame:
        """All findings of these nodes, most severe first; without the gate, those of the forms that were read."""
        from pipeline.gate.fields import delivery_findings
        from pipeline.ground.queries import gather, ordered

        chosen = [n for n in names if self.entries[n].findings]
        parts = []
        if GATE in self.entries:
            chosen = [n for n in chosen if self.graph[n].kind != "raw"]
        elif not self.specs.study.pooled:
            fields = (fields_found(self, name) for name in names if self.graph[name].kind == "raw")
            parts = [delivery_findings(self.delivery, self.specs), *fields]
        return ordered(gather([*parts, *[self.read(n, FINDINGS) for n in chosen]]))


def make(build: Build, node: Node) -> Frames:
    """Make one node: its frames by the name of their file."""
    try:
        return joined(build, node) if node.partitions else in_groups(node, MAKERS[node.made_as](build, node))
    except KeyError as error:
        raise _lacking(build, node, error) from error


def _lacking(build: Build, node: Node, error: KeyError) -> TrialError:
    """A name that the recipe of a node asks for and nothing it was given has: a spec has lost or misspelt it."""
    asked = str(error.args[0]) if error.args else "a name"
    given = [p for need in node.given if need in build.specs.datasets for p in build.specs.datasets[need].files]
    given += [path for word in node.settings if word in build.specs.tables for path in build.specs.table_files(word)]
    places = ", ".join(str(path.relative_to(build.specs.root)) for path in dict.fromkeys([*node.files, *given]))
    cure = "restore it in the spec that lost it; where none did, the recipe is at fault"
    return TrialError(f"{node.name} needs {asked}, which nothing that it is given has.", places, cure)


def _raw(build: Build, node: Node) -> Frames:
    from pipeline.gate.fields import raw_records

    roster = build.read(node.needs[0], columns=["_SUBJECT"]) if node.needs else None
    found = raw_records(build.delivery, build.specs, node.function, roster)
    return {DATA: found.whole() if found.held else streamed(found.pieces, found.count), FINDINGS: found.findings}


def _read(build: Build, node: Node) -> Frames:
    from pipeline.engine.taken_domains import read

    return dict(zip((DATA, FINDINGS), read(build.delivery, build.specs, node.function), strict=True))


def _taken(build: Build, node: Node) -> Frames:
    from pipeline.engine.mapping_run import MappingTables
    from pipeline.engine.taken_domains import take

    datasets = {need.removeprefix("raw:"): build.frame(need) for need in node.needs}
    tables = MappingTables(**{word: build.setting(word) for word in node.settings if word != "study"})
    asked = is_asked(node.name, build.graph, build.specs)
    records, findings, keys = take(node.name, build.specs, datasets, tables, asked)
    return {DATA: records, FINDINGS: findings, KEYS: keys}


def _output(build: Build, node: Node) -> Frames:
    from pipeline.engine.results import of_output

    return of_output(build, node)


def _gate(build: Build, node: Node) -> dict[str, str | pd.DataFrame]:
    from pipeline.gate.step import not_run, open_in_parts

    if build.specs.study.from_sdtm:
        found = not_run(build.specs, build.delivery)
        return {DATA: found, FINDINGS: found}
    found, parts = open_in_parts(build.specs, build.delivery, build.cutoff, read_extract(build, node))
    return {DATA: found, FINDINGS: found, **parts.files()}


def _check(build: Build, node: Node) -> Frames:
    from pipeline.gate.step import set_aside
    from pipeline.ground.queries import gather

    found = gather([of_function(build, node, (node.module, node.function, node.parameters))])
    found = set_aside(found, build.specs, build.delivery.manifest.extracted[:10] or build.cutoff)
    return {DATA: found, FINDINGS: found}


MAKERS = {
    "raw": _raw, WHOLE: of_mapping, COLLECTED: of_collected, AGREED: of_agreed, READ: _read, TAKEN: _taken,
    "recipe": of_recipe, "output": _output, "check": _check,
    GATE: _gate, POOLED: made_of, **dict.fromkeys((*MADE, CORE), of_made), **dict.fromkeys(AUDITS, audited),
}  # fmt: skip
