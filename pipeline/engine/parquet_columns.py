"""What a build has made, by columns: one is read, and known by its hash, without the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.engine.pieces import read_row_groups
from pipeline.engine.store import read_parquet, sha256

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.parquet as pq


class ParquetColumns:
    """The columns of forms or datasets in their order, each a parquet file that is read when it is first asked for.

    Nothing is told of columns of the names `but`.
    """

    def __init__(self, forms: Sequence[str], content: Callable[[str], bytes], but: Collection[str] = ()):
        self.forms, self._content, self._but = tuple(forms), content, but
        self._files: dict[str, tuple[bytes, pq.ParquetFile]] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def names(self, form: str) -> Sequence[str]:
        """The columns of a form or dataset, in their order."""
        if form not in self._names:
            self._names[form] = tuple(name for name in self._file(form)[1].schema_arrow.names if name not in self._but)
        return self._names[form]

    def count(self, form: str) -> int:
        """How many records it has."""
        return int(self._file(form)[1].metadata.num_rows)

    def read(self, form: str, names: Sequence[str]) -> pd.DataFrame:
        """Some columns, on the index from 0; of many records, a text that stands many times is kept once."""
        return read_parquet(self._file(form)[0], list(names))

    def pieces(self, form: str) -> Iterator[pd.DataFrame]:
        """All columns, a row group at a time, each on an index from 0."""
        return read_row_groups(self._file(form)[0], self.names(form))

    def known(self, form: str, names: Sequence[str]) -> pd.DataFrame:
        """Those of some columns that it has; of none, its records all the same."""
        import pandas as pd

        there = [name for name in names if name in self.names(form)]
        return self.read(form, there) if there else pd.DataFrame(index=pd.RangeIndex(self.count(form)))

    def digest(self, form: str, name: str) -> str:
        """The hash of the bytes in which a column stands: one writer writes the same values as the same bytes."""
        content, file = self._file(form)
        at = file.schema_arrow.names.index(name)
        told = f"{file.schema_arrow.field(name).type} {self.count(form)}".encode()
        for group in range(file.metadata.num_row_groups):
            chunk = file.metadata.row_group(group).column(at)
            first = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
            told += content[first : first + chunk.total_compressed_size]
        return sha256(told)

    def _file(self, form: str) -> tuple[bytes, pq.ParquetFile]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if form not in self._files:
            content = self._content(form)
            self._files[form] = content, pq.ParquetFile(pa.BufferReader(content))
        return self._files[form]
