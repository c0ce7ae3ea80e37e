"""Parquet files written and read a row group at a time, so that nobody holds a large dataset."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from pipeline.engine.store import ROW_GROUP, Stream, parquet_writer
from pipeline.engine.text_columns import as_frame
from pipeline.ground.beside import StepsBeside

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

LEAST = 8192  # records of a row group of a part: a file of many small ones tells more of them than of its records
Frames: TypeAlias = "Callable[[], Iterator[pd.DataFrame | pa.Table]]"  # go over records, some at a time
PANDAS = b"pandas"  # under which a file tells of its columns as frames had them


class RowGroups:
    """A file that is written in row groups of so many records, however many are added at a time.

    A row group is packed and written beside; `beside` is what several files share, so that one is written at a time.
    """

    def __init__(self, path: Path, schema: pa.Schema, size: int = 0, beside: StepsBeside | None = None):
        self.beside, self.schema, self.size = beside or StepsBeside(), schema, size or ROW_GROUP
        self.writer = parquet_writer(path, schema)
        self.rest: list[pa.Table] = []
        self.count = self.written = 0

    def add(self, table: pa.Table) -> None:
        """Add records; the full row groups are written."""
        import pyarrow as pa

        self.rest.append(table)
        self.count += table.num_rows
        while self.count - self.written >= self.size:
            whole = pa.concat_tables(self.rest)
            self._write(whole.slice(0, self.size))
            self.rest = [whole.slice(self.size)]

    def _write(self, table: pa.Table) -> None:
        whole = table.combine_chunks()
        self.beside.add(partial(self.writer.write_table, whole, row_group_size=self.size))
        self.written += table.num_rows

    def __enter__(self) -> RowGroups:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the last records; a file without any has one empty row group."""
        import pyarrow as pa

        try:
            if kind is None and (self.count > self.written or not self.count):
                self._write(pa.concat_tables([self.schema.empty_table(), *self.rest]))
            self.beside.done()
        finally:
            self.writer.close()


def size_of_part(count: int) -> int:
    """The records of a row group of one of so many parts, so that those of all parts are held when they are joined."""
    return max(LEAST, ROW_GROUP // count)


def streamed(frames: Frames, count: int, size: int = 0) -> Stream:
    """The records of these frames, as one frame of all of them would be written, in row groups of so many records."""
    return Stream(partial(_write, frames, size), count)


def _write(frames: Frames, size: int, path: Path) -> None:
    import pyarrow as pa

    tables = (frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
              for frame in frames())  # fmt: skip
    first = next(tables)
    with RowGroups(path, first.schema, size) as groups:
        groups.add(first)
        for table in tables:
            groups.add(table.cast(first.schema))


def as_written(path: Path) -> pa.Schema:
    """The types of a file's columns as they were before it was written: Parquet knows no time in seconds."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    told = pq.read_metadata(path).metadata[b"ARROW:schema"]
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(told)))


def row_groups(path: Path) -> Iterator[pa.Table]:
    """The records of a file, a row group at a time, as they were before it was written."""
    import pyarrow.parquet as pq

    schema = as_written(path)
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, use_threads=False).cast(schema)


def filled(path: Path) -> list[str]:
    """The columns of a file that have a value on any record, in their order."""
    import pyarrow.parquet as pq

    told = pq.read_metadata(path)
    names = told.schema.to_arrow_schema().names
    groups = [group for number in range(told.num_row_groups) if (group := told.row_group(number)).num_rows]
    return [name for place, name in enumerate(names)
            if any(group.column(place).statistics.null_count < group.num_rows for group in groups)]  # fmt: skip


def read_row_groups(source: Path | bytes, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Some columns of a file, or of its content, a row group at a time, as `read_parquet` reads them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    at = source if isinstance(source, Path) else pa.BufferReader(source)
    texts = [one.name for one in pq.read_schema(at) if one.type in (pa.large_string(), pa.string())]
    texts = [name for name in texts if name in columns]
    with pq.ParquetFile(at, read_dictionary=texts) as file:
        for number in range(file.num_row_groups):
            yield as_frame(file.read_row_group(number, columns=list(columns), use_threads=False))


def value_counts(path: Path, columns: Sequence[str]) -> dict[str, pd.Series]:
    """How often each text stands in columns of a file, by column; what is missing is not counted."""
    import pandas as pd
    import pyarrow.parquet as pq

    told: dict[str, dict[str, int]] = {name: {} for name in columns}
    with pq.ParquetFile(path, read_dictionary=list(columns)) as file:
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, columns=list(columns), use_threads=False)
            for name, counts in told.items():
                for one in group[name].drop_null().value_counts():
                    text = one["values"].as_py()
                    counts[text] = counts.get(text, 0) + one["counts"].as_py()
    return {name: pd.Series(counts, dtype="int64") for name, counts in told.items()}


def without(path: Path, target: Path, dropped: Collection[str]) -> None:
    """Write the records of a file into another without some columns, as a frame without these would be written."""
    import pyarrow as pa

    schema = as_written(path)
    kept = [name for name in schema.names if name not in dropped]
    told = json.loads(schema.metadata[PANDAS])
    told["columns"] = [one for one in told["columns"] if one["name"] in kept]
    less = pa.schema([schema.field(name) for name in kept], {PANDAS: json.dumps(told).encode("utf-8")})
    with RowGroups(target, less) as groups:
        for table in row_groups(path):
            groups.add(table.select(kept).cast(less))
