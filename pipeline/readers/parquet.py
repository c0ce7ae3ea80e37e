"""A Parquet file as text cells."""

from __future__ import annotations

from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet
from pipeline.readers.header import once_each

SUFFIX = ".parquet"
MAX_CELLS = 200_000_000
MAX_UNPACKED = 4_000_000_000  # bytes


def read_parquet_file(path: Path) -> Sheet:
    """One Parquet file as text cells, missing as ''. Raises TrialError for what cannot be read or is nested."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipeline.readers.column import texts

    try:
        with pq.ParquetFile(path) as file:
            meta = file.metadata
            unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
            if meta.num_rows * max(meta.num_columns, 1) > MAX_CELLS or unpacked > MAX_UNPACKED:
                what = f"The file holds {meta.num_rows:,} records in {unpacked / 1e6:,.0f} MB; it is not read."
                raise TrialError(what, path.name, "ask for the data in parts")
            nested = [f.name for f in file.schema_arrow if pa.types.is_nested(f.type) or pa.types.is_binary(f.type)]
            if nested:
                what = f"The column {nested[0]} holds no plain values."
                raise TrialError(what, path.name, "ask for one value per cell")
            table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise TrialError(
            f"This file cannot be read as Parquet: {error}.", path.name, "ask for the file again"
        ) from error
    header = once_each(table.column_names, f"{path.name}, its columns")
    columns = [texts(table.column(i).to_pandas()) for i in range(table.num_columns)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Sheet(path.name, header, rows, list(range(2, len(rows) + 2)))
