"""The files of the results: unrounded (Parquet), as a study's readers know them (CSV), and as other programs do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import (
    ROW_GROUP,
    Cache,
    Content,
    Entry,
    Stream,
    digest_of,
    parquet_bytes,
    parquet_writer,
    sha256,
)
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.publish.ars.event import EventOf
from pipeline.publish.printed import FORMATTED, printed_hash

if TYPE_CHECKING:
    import pandas as pd

    from tlf.model import Page
    from tlf.shells import Shell

GROUPS, PIECE = 4, 1024 * 1024  # row groups kept, bytes read at a time
BATCH, BATCHES = 50_000, 2  # results of outputs that are looked at together, and how many such are kept


KEPT, EVENT = "files:results", "files:event"  # the nodes that keep what the same results gave
PART = ".part.json"  # a part of the reporting event
RESULTS, AS_EVENT = "results.parquet", "ars.json"
RESULT_FILES = {RESULTS: KEPT, "results.csv": KEPT, "ard.csv": KEPT, AS_EVENT: EVENT}  # and the nodes that have them


def results_of_build(build: Build) -> dict[str, Entry]:
    """What keeps the files of the results of all outputs that are made, by node; nothing where no output is."""
    from pipeline.publish.ard import with_printed

    names = [name for name in build.specs.outputs if name in build.entries]
    if not names:
        return {}
    made = [[name, build.content(name), printed_hash(build, name)] for name in names]
    several = _together(names, [build.entries[name].records for name in names])
    return _kept(build, digest_of(made), (with_printed(_read(build, some), build, some) for some in several))


def _together(names: Sequence[str], rows: Sequence[int]) -> list[list[str]]:
    """Outputs that follow each other, so many together that they have a BATCH of rows: each by itself costs more."""
    found, count = list[list[str]](), BATCH
    for name, own in zip(names, rows, strict=True):
        if count + own > BATCH:
            found.append([])
            count = 0
        found[-1].append(name)
        count += own
    return [some for some in found if some]


def _read(build: Build, names: Sequence[str]) -> pd.DataFrame:
    """The results of some outputs, one after the other."""
    import pandas as pd

    return pd.concat([build.read(name) for name in names], ignore_index=True)


def results_as_joined(build: Build, results: pd.DataFrame) -> dict[str, Entry]:
    """The same of results of this build and another."""
    printed = results.get(FORMATTED, results["VALUEC"]).fillna("")  # an earlier build may have noted none
    whole = results.assign(**{FORMATTED: printed})
    return _kept(build, sha256(parquet_bytes(whole)), [whole]) if len(whole) else {}


def _kept(build: Build, of: str, parts: Iterable[pd.DataFrame]) -> dict[str, Entry]:
    """The entries of these results; what the same results gave before is in the cache."""
    from pipeline.publish.pages import page_of_specs, run_identity

    specs, cache = build.specs, build.cache
    shells = [one.shell for one in specs.outputs.values()]
    measured = [shell.measured for shell in shells]  # the reporting event alone says titles and footnotes
    statistics, code = specs.study.statistics, [source.code_hash(one) for one in (__name__, "pipeline.publish.ard")]
    digest = digest_of([of, hash_of(statistics, measured), code, versions()])
    entry = cache.entry(KEPT, digest) or cache.write(KEPT, digest, _files(parts, measured, statistics))
    pages = {shell.output: page_of_specs(shell, specs) for shell in shells}
    named = EventOf(specs.study.study, run_identity(build))
    whole = digest_of([entry.files, hash_of(shells, list(pages.items())), list(named), code])
    told = cache.entry(EVENT, whole) or cache.write(EVENT, whole, _event(cache, entry, shells, pages, named))
    return {KEPT: entry, EVENT: told}


def _files(
    parts: Iterable[pd.DataFrame], shells: Sequence[Shell], statistics: Mapping[str, str]
) -> Iterator[tuple[str, Content]]:  # fmt: skip
    """What results and shells without titles and footnotes say: the files, and the parts of the event as JSON.

    The unrounded results are written first, output by output; all others are made of that file.
    """
    from pipeline.publish.ard import ard
    from pipeline.publish.ars.event import analysed

    written: list[ResultsRead] = []

    def write(path: Path) -> None:
        write_parquet(path, parts)
        written.append(ResultsRead(path))

    def table(made: Callable[[pd.DataFrame], pd.DataFrame]) -> Stream:
        return Stream(partial(_table, lambda: (made(written[0].batch(at)) for at in range(len(written[0].batches)))), 0)

    yield RESULTS, Stream(write, 0)
    yield "results.csv", table(lambda results: as_read(results, statistics, _of(results, shells)))
    yield "ard.csv", table(lambda results: ard(results, _of(results, shells)))
    for name, pieces in analysed([*written[0].ranges], written[0].of, shells):
        yield f"{name}{PART}", Stream(partial(_pieces, (one.encode("utf-8") for one in pieces)), 0)


def _of(results: pd.DataFrame, shells: Iterable[Shell]) -> list[Shell]:
    """The shells of the outputs that these results are of."""
    outputs = {*results["OUTPUT"].unique()}
    return [shell for shell in shells if shell.output in outputs]


def _table(parts: Callable[[], Iterable[pd.DataFrame]], path: Path) -> None:
    """One CSV of tables with the same columns."""
    from pipeline.ground.plain_csv import csv_text

    with path.open("wb") as file:
        for number, part in enumerate(parts()):
            text = csv_text(part)
            file.write((text.partition("\n")[2] if number else text).encode("utf-8"))


def _pieces(pieces: Iterable[bytes], path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)


def _event(
    cache: Cache, entry: Entry, shells: Sequence[Shell], pages: Mapping[str, Page], named: EventOf
) -> Iterator[tuple[str, Content]]:  # fmt: skip
    """The reporting event, put together of its parts."""
    from pipeline.publish.ars.event import ANALYSED, LISTED, event

    between = {name: _content(cache.vouched(KEPT, entry, f"{name}{PART}")) for name in ANALYSED}
    listed = json.loads(cache.read(KEPT, entry, f"{LISTED}{PART}"))
    yield AS_EVENT, Stream(partial(_pieces, event(listed, between, shells, pages, named)), 0)


def _content(path: Path) -> Iterator[bytes]:
    """The content of a file, a piece at a time."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def write_parquet(path: Path, parts: Iterable[pd.DataFrame]) -> None:
    """The records of all parts as one file, with the row groups that it would have were it written at once."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    writer, have = None, 0
    for part in parts:
        table = pa.Table.from_pandas(part, preserve_index=False)
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


class ResultsRead:
    """The results in a file, read output by output; the row groups read last are kept."""

    def __init__(self, path: Path):
        import pyarrow.parquet as pq

        outputs = pq.read_table(path, columns=["OUTPUT"], read_dictionary=["OUTPUT"])["OUTPUT"]
        runs = _runs(outputs.unify_dictionaries().combine_chunks())
        self.ranges = {name: (start, start + count) for name, start, count in runs}
        names = [field.name for field in pq.read_schema(path) if field.name != "VALUE"]
        self.file = pq.ParquetFile(path, read_dictionary=names)
        self.group = lru_cache(GROUPS)(self.file.read_row_group)
        self.batches = _together([*self.ranges], [stop - start for start, stop in self.ranges.values()])
        self.within = {name: at for at, some in enumerate(self.batches) for name in some}
        self.batch = lru_cache(BATCHES)(self._batch)

    def of(self, output: str) -> pd.DataFrame:
        """The results of an output, in their order."""
        at = self.within[output]
        first, (start, stop) = self.ranges[self.batches[at][0]][0], self.ranges[output]
        return self.batch(at).iloc[start - first : stop - first].reset_index(drop=True)

    def _batch(self, at: int) -> pd.DataFrame:
        """The results of some outputs that follow each other."""
        import pyarrow as pa

        start, stop = self.ranges[self.batches[at][0]][0], self.ranges[self.batches[at][-1]][1]
        groups = range(start // ROW_GROUP, max(start, stop - 1) // ROW_GROUP + 1)
        tables = [self.group(number) for number in groups]
        whole = pa.concat_tables(tables).slice(start - groups[0] * ROW_GROUP, stop - start)
        frame = whole.to_pandas()
        return frame.astype({name: "str" for name in frame if name != "VALUE"})


def _runs(outputs: Any) -> Iterator[tuple[str, int, int]]:
    """Each output with its first row and how many it has."""
    import numpy as np

    told = outputs.dictionary_encode() if not hasattr(outputs, "indices") else outputs
    codes = told.indices.to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    names = told.dictionary.to_pylist()
    for start, count in zip(starts, np.diff(starts, append=len(codes)), strict=True):
        yield names[codes[start]], int(start), int(count)


def as_read(results: pd.DataFrame, names: Mapping[str, str], shells: Iterable[Shell] = ()) -> pd.DataFrame:
    """The results with statistics as the study calls them, and NR or NE in VALUEC where that stands for a number.

    `names` (study.yaml, `statistics:`) are of a statistic, or of that of one kind of row (`median.estimate`), which
    wins.
    """
    from tlf.shell import CODES

    code = results["NOTE"].str.extract(rf"^({'|'.join(CODES)})\b", expand=False)
    told = results["VALUE"].isna() & results["VALUEC"].eq("") & code.notna()
    called = results["STATISTIC"].replace({name: own for name, own in names.items() if "." not in name})
    for name, own in names.items():
        kind, dot, statistic = name.partition(".")
        if dot:
            called = called.mask(results["STATISTIC"].eq(statistic) & _of_kind(results, kind, shells), own)
    return results.assign(STATISTIC=called, VALUEC=results["VALUEC"].mask(told, code))


def _of_kind(results: pd.DataFrame, kind: str, shells: Iterable[Shell]) -> pd.Series:
    """Which results are of rows of this kind, or of what the data made below them."""
    from tlf.lines import lines
    from tlf.results import BELOW
    from tlf.rows.kinds import KINDS

    found = results["OUTPUT"].ne(results["OUTPUT"])
    for shell in shells:
        for line in [line for line in lines(shell) if type(line.row) is KINDS[kind]]:
            below = results["ROW"].str.startswith(f"{line.key.row}{BELOW}")
            own = results["OUTPUT"].eq(shell.output) & results["SET"].eq(line.key.set)
            found |= own & (below | results["ROW"].eq(line.key.row))
    return found
