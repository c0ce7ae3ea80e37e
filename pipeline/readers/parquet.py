"""A Parquet file as text cells. How much text it holds is counted before any of it is unpacked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet
from pipeline.readers.columns import Columns
from pipeline.readers.header import once_each

SUFFIX = ".parquet"
MAX_CELLS = 50_000_000
MAX_UNPACKED = 1_000_000_000  # bytes


def read_parquet_file(path: Path) -> Sheet:
    """One Parquet file as text cells, missing as ''. Raises TrialError for what cannot be read or is nested."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            _check_size(file.metadata, path)
            names = _text_columns(file.schema_arrow, path)
        table = pq.ParquetFile(path, read_dictionary=names).read()
        _check_text(table, path)
        table.validate(full=True)
        columns = Columns(tuple(_texts(table.column(i)) for i in range(table.num_columns)))
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        what = f"This file cannot be read as Parquet: {str(error).rstrip('.')}."
        raise TrialError(what, path.name, "ask for the file again") from error
    header = once_each(table.column_names, f"{path.name}, its columns")
    return Sheet(path.name, header, columns, list(range(2, len(columns) + 2)))


def _check_size(meta: Any, path: Path) -> None:
    unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if meta.num_rows * max(meta.num_columns, 1) > MAX_CELLS or unpacked > MAX_UNPACKED:
        what = f"The file holds {meta.num_rows:,} records in {unpacked / 1e6:,.0f} MB; it is not read."
        raise TrialError(what, path.name, "ask for the data in parts")


def _text_columns(schema: Any, path: Path) -> list[str]:
    """The columns of text; one that holds no plain values is refused. Raises TrialError."""
    import pyarrow as pa

    plain = (pa.types.is_nested, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    nested = [f.name for f in schema if any(is_kind(f.type) for is_kind in plain)]
    if nested:
        raise TrialError(f"The column {nested[0]} holds no plain values.", path.name, "ask for one value per cell")
    return [f.name for f in schema if pa.types.is_string(f.type)]


def _check_text(table: Any, path: Path) -> None:
    """Refuse a file whose few different texts would make far too much text: each stands once in the file."""
    size = 0
    for column in table.columns:
        for chunk in column.chunks:
            size += _text_size(chunk)
    if size > MAX_UNPACKED:
        what = f"The file unpacks to {size / 1e6:,.0f} MB of text; it is not read."
        raise TrialError(what, path.name, "ask for the data in parts")


def _text_size(chunk: Any) -> int:
    """Bytes of text that the cells of a chunk say, without saying them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(chunk.type) or not pa.types.is_string(chunk.type.value_type):
        return 0
    lengths = pc.cast(pc.binary_length(chunk.dictionary), pa.int64())
    return int(pc.sum(lengths.take(chunk.indices)).as_py() or 0)


def _texts(column: Any) -> Any:
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
    return pa.array(texts(plain), pa.string())
