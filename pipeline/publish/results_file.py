"""The files of the results: unrounded (Parquet), as a study's readers know them (CSV), and as other programs do.

They are joined of what is kept of each output (`pipeline/publish/results_pieces.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import ROW_GROUP, Cache, Content, Entry, Stream, digest_of, parquet_writer
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.publish.ars.event import EventOf, event
from pipeline.publish.results_pieces import (
    ANALYSES,
    CARDS,
    READ,
    REFERRED,
    ROWS,
    analysed_of,
    piece_node,
    pieces_of_build,
    pieces_of_results,
    table_of,
    unpacked,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KEPT, EVENT = "files:results", "files:event"  # the nodes that keep what the same results gave
RESULTS, AS_READ, AS_CARDS, AS_EVENT = "results.parquet", "results.csv", "ard.csv", "ars.json"
RESULT_FILES = {RESULTS: KEPT, AS_READ: KEPT, AS_CARDS: KEPT, AS_EVENT: EVENT}  # and the nodes that have them


def results_of_build(build: Build) -> dict[str, Entry]:
    """What keeps the files of the results of all outputs that are made, by node; nothing where no output is."""
    names = [name for name in build.specs.outputs if name in build.entries]
    return _joined(build, pieces_of_build(build, names)) if names else {}


def results_as_joined(build: Build, results: pd.DataFrame) -> dict[str, Entry]:
    """The same of results of this build and another."""
    return _joined(build, pieces_of_results(build, results)) if len(results) else {}


def _joined(build: Build, pieces: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries of the files; what the same results gave before is in the cache."""
    files = [[one, {file: entry.files[file] for file in (ROWS, READ, CARDS)}] for one, entry in pieces.items()]
    digest = digest_of([files, source.code_hash(__name__), versions()])
    kept = build.cache.entry(KEPT, digest) or build.cache.write(KEPT, digest, _files(build.cache, pieces))
    return {KEPT: kept, EVENT: _event(build, {one: entry for one, entry in pieces.items() if ANALYSES in entry.files})}


def _event(build: Build, pieces: Mapping[str, Entry]) -> Entry:
    """The entry of the reporting event, which alone says titles and footnotes, and the run."""
    from pipeline.publish.pages import page_of_specs, run_identity

    specs, cache = build.specs, build.cache
    shells = [one.shell for one in specs.outputs.values()]
    pages = {shell.output: page_of_specs(shell, specs) for shell in shells}
    named = EventOf(specs.study.study, run_identity(build))
    files = [[one, entry.files[ANALYSES], entry.files[REFERRED]] for one, entry in pieces.items()]
    digest = digest_of([files, hash_of(shells, list(pages.items())), list(named), source.code_hash(__name__)])

    def write(path: Path) -> None:
        _write(path, event((analysed_of(cache, one, told) for one, told in pieces.items()), shells, pages, named))

    return cache.entry(EVENT, digest) or cache.write(EVENT, digest, {AS_EVENT: Stream(write, 0)})


def _files(cache: Cache, pieces: Mapping[str, Entry]) -> Iterator[tuple[str, Content]]:
    """The files that results and shells without titles and footnotes say."""
    def places(file: str) -> Iterator[Path]:
        return (cache.vouched(piece_node(one), entry, file) for one, entry in pieces.items())

    yield RESULTS, Stream(lambda path: write_parquet(path, map(table_of, places(ROWS))), 0)
    yield AS_READ, Stream(lambda path: _write(path, _one_table(places(READ))), 0)
    yield AS_CARDS, Stream(lambda path: _write(path, _one_table(places(CARDS))), 0)


def _one_table(parts: Iterable[Path]) -> Iterator[bytes]:
    """One CSV of several with the same columns, in pieces: the header stands once."""
    for number, part in enumerate(parts):
        for place, piece in enumerate(unpacked(part)):
            yield piece.partition(b"\n")[2] if number and not place else piece


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)


def write_parquet(path: Path, tables: Iterable[pa.Table]) -> None:
    """The records of all tables as one file, with the row groups that it would have were it written at once."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    writer, have = None, 0
    for table in tables:
        writer = writer or parquet_writer(path, table.schema)
        waiting.append(table)
        have += table.num_rows
        while have >= ROW_GROUP:
            whole = pa.concat_tables(waiting).combine_chunks()
            writer.write_table(whole.slice(0, ROW_GROUP), row_group_size=ROW_GROUP)
            waiting, have = [whole.slice(ROW_GROUP)], have - ROW_GROUP
    if writer:
        writer.write_table(pa.concat_tables(waiting).combine_chunks(), row_group_size=ROW_GROUP)
        writer.close()
