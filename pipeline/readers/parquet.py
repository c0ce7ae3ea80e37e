"""A Parquet file as text cells, read anew some records at a time whenever they are asked for.

How much text it holds is counted before any of it is unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet
from pipeline.readers.columns import Arrays, Columns, held
from pipeline.readers.header import once_each

SUFFIX = ".parquet"
BATCH = 1 << 16  # records that are unpacked at once
MAX_CELLS, MOST_CELLS_A_BYTE = 50_000_000, 100
MAX_UNPACKED = 1_000_000_000  # bytes, of what the file itself keeps together


def read_parquet_file(path: Path) -> Sheet:
    """One Parquet file as text cells, missing as ''. Raises TrialError for what cannot be read or is nested."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _told(path), pq.ParquetFile(path) as file:
        _check_size(file.metadata, path)
        texts, names, count = _text_columns(file.schema_arrow, path), file.schema_arrow.names, file.metadata.num_rows
        moments = [field.name for field in file.schema_arrow if pa.types.is_timestamp(field.type)]
    header = once_each(names, f"{path.name}, its columns")
    read = partial(_cells, path, texts, _with_time(path, moments))
    columns = Columns(read, len(names), count)
    if count <= BATCH:
        columns = held(columns.arrays if count else tuple(pa.array([], pa.string()) for _ in names))
    for _ in _batches(path, texts) if count > BATCH else ():
        pass  # what cannot be read is told now
    return Sheet(path.name, header, columns, range(2, count + 2))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Raises TrialError for what Arrow cannot read."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        what = f"This file cannot be read as Parquet: {str(error).rstrip('.')}."
        raise TrialError(what, path.name, "ask for the file again") from error


def _batches(path: Path, texts: Sequence[str], names: Sequence[str] | None = None) -> Iterator[Any]:
    """The records of a file, some at a time: whole columns, or those of these names."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _told(path), pq.ParquetFile(path, read_dictionary=list(texts)) as file:
        for batch in file.iter_batches(BATCH, columns=names, use_threads=False):
            table = pa.Table.from_batches([batch])
            _check_text(table, path)
            table.validate(full=True)
            yield table


def _with_time(path: Path, names: Sequence[str]) -> frozenset[str]:
    """Those of the columns of moments that have a time of the day on any record."""
    from pipeline.readers.column import has_time

    found: set[str] = set()
    for table in _batches(path, (), list(names)) if names else ():
        found |= {name for name in table.column_names if has_time(table.column(name).to_pandas())}
    return frozenset(found)


def _cells(path: Path, texts: Sequence[str], timed: frozenset[str], places: Sequence[int]) -> Iterator[Arrays]:
    """The cells of the columns of these places, some records at a time. Raises TrialError."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        every = file.schema_arrow.names
    names = [every[place] for place in places]
    chosen, at = (None, places) if list(places) == list(range(len(every))) else (names, range(len(names)))
    for table in _batches(path, texts, chosen):
        with _told(path):
            arrays = tuple(_texts(table.column(n), name in timed) for n, name in zip(at, names, strict=True))
        yield arrays


def _check_size(meta: Any, path: Path) -> None:
    """Refuse a file that keeps too much together, or says far more than a file of its size does. Raises TrialError."""
    cells, size = meta.num_rows * max(meta.num_columns, 1), path.stat().st_size
    if cells > MAX_CELLS and cells > MOST_CELLS_A_BYTE * size:
        what = f"The file holds {meta.num_rows:,} records in {size:,} bytes; it is not read."
        raise TrialError(what, path.name, "ask for the data in parts")
    unpacked = max((meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)), default=0)
    if unpacked > MAX_UNPACKED:
        what = f"The file holds {meta.num_rows:,} records, of which {unpacked / 1e6:,.0f} MB lie in one row group; "
        raise TrialError(what + "it is not read.", path.name, "ask for the data in smaller row groups")


def _text_columns(schema: Any, path: Path) -> list[str]:
    """The columns of text; one that holds no plain values is refused. Raises TrialError."""
    import pyarrow as pa

    plain = (pa.types.is_nested, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    nested = [f.name for f in schema if any(is_kind(f.type) for is_kind in plain)]
    if nested:
        raise TrialError(f"The column {nested[0]} holds no plain values.", path.name, "ask for one value per cell")
    return [f.name for f in schema if pa.types.is_string(f.type)]


def _check_text(table: Any, path: Path) -> None:
    """Refuse records whose few different texts would make far too much text: each stands once in the file."""
    size = 0
    for column in table.columns:
        for chunk in column.chunks:
            size += _text_size(chunk)
    if size > MAX_UNPACKED:
        what = f"{table.num_rows:,} records of the file unpack to {size / 1e6:,.0f} MB of text; it is not read."
        raise TrialError(what, path.name, "ask for the data in parts")


def _text_size(chunk: Any) -> int:
    """Bytes of text that the cells of a chunk say, without saying them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(chunk.type) or not pa.types.is_string(chunk.type.value_type):
        return 0
    lengths = pc.cast(pc.binary_length(chunk.dictionary), pa.int64())
    return int(pc.sum(lengths.take(chunk.indices)).as_py() or 0)


def _texts(column: Any, timed: bool) -> Any:
    """A column as one array of text, '' where missing; text and whole numbers go no way through Python."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from pipeline.readers.column import texts

    coded = pa.types.is_dictionary(column.type)
    kind = column.type.value_type if coded else column.type
    if pa.types.is_string(kind) or (not coded and (pa.types.is_integer(kind) or pa.types.is_large_string(kind))):
        return pa.concat_arrays(pc.fill_null(column.cast(pa.string()), "").chunks or [pa.array([], pa.string())])
    frame = column.to_pandas()
    plain = frame.astype("object") if coded else frame
    return pa.array(texts(plain, timed), pa.string())
