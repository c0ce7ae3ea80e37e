"""A dataset as outputs see it, read a column at a time: nobody holds a large one whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import pandas as pd
import pyarrow.parquet as pq

from adam.derive.dated import seen_by
from pipeline.engine.node import DATA
from pipeline.engine.output_view import as_seen
from pipeline.engine.pieces import as_written, read_row_groups
from pipeline.engine.runner import Build

SUBJECT = "USUBJID"


class SeenByColumn:
    """The columns of a dataset as seen, beside ADSL; each is read when it is asked for, and kept by nobody."""

    def __init__(self, build: Build, name: str, adsl: pd.DataFrame):
        self.name, self.adsl = name, adsl
        self._path = build.cache.vouched(name, build.entries[name], DATA)
        told = pq.read_metadata(self._path)
        self._stored, self._count = [str(one) for one in told.schema.to_arrow_schema().names], int(told.num_rows)

    @cached_property
    def columns(self) -> list[str]:
        """The names of its columns, in their order."""
        none = as_written(self._path).empty_table().to_pandas()
        return [str(one) for one in as_seen(self.name, none, self.adsl)]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> pd.Series:
        pieces = [piece[name] for piece in self.pieces([name])]
        return pieces[0] if len(pieces) == 1 else pd.concat(pieces)

    def pieces(self, names: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some of its columns, some records at a time; the index is the place of each record."""
        added = [one for one in names if one not in self._stored]
        more = {SUBJECT, *seen_by(self._stored)} if added else set()
        start = 0
        for piece in read_row_groups(self._path, [one for one in self._stored if one in names or one in more]):
            piece.index = pd.RangeIndex(start, start + len(piece))
            told = as_seen(self.name, piece, self.adsl) if added else piece
            yield told[[one for one in told if one in names]]
            start += len(piece)
