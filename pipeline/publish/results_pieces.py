"""What the results of each output are in the files of all results, kept by output: a change makes its own anew.

Of an output are kept its rows with the text in which each is printed, its lines of the two CSV files, and its analyses
for the reporting event. `pipeline/publish/results_file.py` joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import Cache, Content, Entry, digest_of, parquet_bytes, sha256
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.publish.ars.joined import Analysed, analysed, referred_of, referred_text
from pipeline.publish.printed import FORMATTED, printed_hash

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from tlf.shells import Shell

ROWS, READ, CARDS = "rows.arrow", "results.csv.zst", "ard.csv.zst"
ANALYSES, REFERRED = "analyses.json.zst", "referred.json"
BATCH = 50_000  # results of outputs that are looked at together: each by itself costs more
PIECE = 1024 * 1024  # bytes read at a time
PACKED = "zstd"


def piece_node(output: str) -> str:
    """The name under which what the results of an output are in all files is kept."""
    return f"results:{output}"


def pieces_of_build(build: Build, names: Sequence[str]) -> dict[str, Entry]:
    """What is kept of the results of these outputs, by their numbers, made where the cache does not have it."""
    from pipeline.publish.ard import with_printed

    outputs = build.specs.outputs
    numbers = {outputs[name].shell.output: name for name in names}
    made = {one: [build.content(name), printed_hash(build, name)] for one, name in numbers.items()}
    digests = {one: _digest(build, one, results) for one, results in made.items()}
    known = {one: entry for one, digest in digests.items() if (entry := build.cache.entry(piece_node(one), digest))}
    todo = [one for one in numbers if one not in known]
    for some in together(todo, [build.entries[numbers[one]].records for one in todo]):
        chosen = [numbers[one] for one in some]
        whole = with_printed(_read(build, chosen), build, chosen)
        known |= _written(build, whole, {one: digests[one] for one in some})
    return {one: known[one] for one in numbers}


def pieces_of_results(build: Build, results: pd.DataFrame) -> dict[str, Entry]:
    """The same of results of this build and another."""
    printed = results.get(FORMATTED, results["VALUEC"]).fillna("")  # an earlier build may have noted none
    by_output = results.assign(**{FORMATTED: printed}).groupby("OUTPUT", sort=False)
    found: dict[str, Entry] = {}
    for one, rows in by_output:
        digest = _digest(build, one, sha256(parquet_bytes(rows.reset_index(drop=True))))
        found[one] = build.cache.entry(piece_node(one), digest) or _written(build, rows, {one: digest})[one]
    return found


def together(names: Sequence[str], rows: Sequence[int]) -> list[list[str]]:
    """Outputs that follow each other, so many together that they have a BATCH of rows."""
    found, count = list[list[str]](), BATCH
    for name, own in zip(names, rows, strict=True):
        if count + own > BATCH:
            found.append([])
            count = 0
        found[-1].append(name)
        count += own
    return [some for some in found if some]


def _digest(build: Build, output: str, results: object) -> str:
    """What is kept of an output depends on its results and its shell without words, and the names of statistics."""
    shells = [one.shell.measured for one in build.specs.outputs.values() if one.shell.output == output]
    code = [source.code_hash(one) for one in (__name__, "pipeline.publish.ard")]
    return digest_of([results, hash_of(build.specs.study.statistics, shells), code, versions()])


def _read(build: Build, names: Sequence[str]) -> pd.DataFrame:
    """The results of some outputs, one after the other."""
    import pandas as pd

    return pd.concat([build.read(name) for name in names], ignore_index=True)


def _written(build: Build, results: pd.DataFrame, digests: Mapping[str, str]) -> dict[str, Entry]:
    """Keep what the results of some outputs are, each by itself; the entries by number."""
    shells = {one.shell.output: one.shell.measured for one in build.specs.outputs.values()}
    files = _files(results, [*digests], shells, build.specs.study.statistics)
    return {one: build.cache.write(piece_node(one), digests[one], own) for one, own in files}


def _files(
    results: pd.DataFrame, outputs: Sequence[str], shells: Mapping[str, Shell], statistics: Mapping[str, str]
) -> Iterator[tuple[str, Iterable[tuple[str, Content]]]]:  # fmt: skip
    """The files of each of these outputs, whose results stand one after the other."""
    import pyarrow as pa

    from pipeline.ground.plain_csv import csv_lines
    from pipeline.publish.ard import ard
    from pipeline.publish.as_read import as_read

    of = [shells[one] for one in outputs if one in shells]
    tables = {READ: csv_lines(as_read(results, statistics, of)), CARDS: csv_lines(ard(results, of))}
    whole, counts, first = pa.Table.from_pandas(results, preserve_index=False), results["OUTPUT"].value_counts(), 0
    for one in outputs:
        last = first + int(counts.get(one, 0))
        told = {name: [lines[0], *lines[first + 1 : last + 1]] for name, lines in tables.items()}
        yield one, _files_of(results.iloc[first:last], whole.slice(first, last - first), told, shells.get(one))
        first = last


def _files_of(
    results: pd.DataFrame, rows: pa.Table, tables: Mapping[str, Sequence[str]], shell: Shell | None
) -> Iterator[tuple[str, Content]]:  # fmt: skip
    """The files of one output; results of an output that the specs no longer have are no analyses."""
    yield ROWS, table_bytes(rows)
    yield from ((name, packed([*lines, ""])) for name, lines in tables.items())
    if shell is not None:
        lines, referred = analysed(results, shell)
        yield ANALYSES, packed([*lines, ""])
        yield REFERRED, referred_text(referred)


def table_bytes(table: pa.Table) -> bytes:
    """A table as Arrow writes it to be read again at once, compressed."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=PACKED)) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def table_of(path: Path) -> pa.Table:
    """The same table, read again."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_all()


def packed(lines: Sequence[str]) -> bytes:
    """Lines of text, compressed."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, PACKED) as file:
        file.write("\n".join(lines).encode("utf-8", "surrogatepass"))
    return bytes(sink.getvalue())


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes that were packed, a piece at a time."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as file, pa.CompressedInputStream(file, PACKED) as told:
        while piece := told.read(PIECE):
            yield piece


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines that were packed."""
    rest = b""
    for piece in unpacked(path):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines


def analysed_of(cache: Cache, output: str, entry: Entry) -> Analysed:
    """An output as its analyses are kept."""
    node = piece_node(output)
    referred = referred_of(cache.read(node, entry, REFERRED))
    return Analysed(output, referred, lambda: lines_of(cache.vouched(node, entry, ANALYSES)))
