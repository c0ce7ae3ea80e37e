"""The rows of a sheet held column by column, as Arrow reads them: nothing is taken apart record by record.

Those of a large file are not held at all: they are read again, some at a time, whenever they are gone over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Arrays: TypeAlias = "tuple[Any, ...]"  # one Arrow array of text for each column, '' where a cell is empty

Read: TypeAlias = "Callable[[Sequence[int]], Iterator[Arrays]]"  # the columns of these places, some rows at a time


@dataclass(frozen=True, eq=False)
class Columns(Sequence[list[str]]):
    """Rows that have a cell in every column; `read` goes over them.

    `held` says that all rows are in memory, as one piece. A row is made when it is asked.
    """

    read: Read
    width: int
    length: int
    held: bool = False

    @property
    def arrays(self) -> Arrays:
        """All columns, each as one array."""
        import pyarrow as pa

        parts = list(self.read(range(self.width)))
        return parts[0] if len(parts) == 1 else tuple(pa.concat_arrays(column) for column in zip(*parts, strict=True))

    def of(self, places: Sequence[int]) -> Columns:
        """The columns of these places alone."""
        chosen = [range(self.width)[place] for place in places]
        return Columns(partial(_chosen, self.read, chosen), len(chosen), self.length, self.held)

    def pieces(self) -> Iterator[Columns]:
        """The rows, some at a time, in their order."""
        return (held(arrays) for arrays in self.read(range(self.width)))

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return list(self)[at]
        return [array[at].as_py() for array in self.arrays] if at >= 0 else self[len(self) + at]

    def __iter__(self) -> Iterator[list[str]]:
        for arrays in self.read(range(self.width)):
            yield from (list(row) for row in zip(*(array.to_pylist() for array in arrays), strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def frame(self, header: Sequence[str], bare: bool = False) -> pd.DataFrame:
        """The rows as a frame of text, in which each distinct text of a column stands once in memory.

        `bare`: without blanks around them, missing where nothing is left (looked at once for each distinct text).
        """
        import numpy as np
        import pandas as pd

        cells = []
        for array in self.arrays:
            told = array.dictionary_encode()
            distinct = without_blanks(told.dictionary) if bare else told.dictionary
            texts = np.append(distinct.to_numpy(zero_copy_only=False), np.nan)  # the last one: missing
            cells.append(pd.Series(texts[told.indices.fill_null(-1).to_numpy()], dtype="str"))
        frame = pd.DataFrame(dict(enumerate(cells)), copy=False)
        return frame.set_axis(list(header), axis=1)


def held(arrays: Arrays) -> Columns:
    """Rows that are in memory: one array for each column."""
    return Columns(partial(_of, arrays), len(arrays), len(arrays[0]) if arrays else 0, held=True)


def _of(arrays: Arrays, places: Sequence[int]) -> Iterator[Arrays]:
    yield tuple(arrays[place] for place in places)


def _chosen(read: Read, chosen: list[int], at: Sequence[int]) -> Iterator[Arrays]:
    return read([chosen[place] for place in at])


def without_blanks(texts: Any) -> Any:
    """The texts without blanks around them, missing where nothing is left."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, bare.type), bare)


Rows = Sequence[list[str]]


def parted(rows: Rows, lines: Sequence[int], width: int) -> tuple[Rows, Sequence[int], list[tuple[int, list[str]]]]:
    """The rows of so many cells with their lines, and the others, each with its line."""
    if isinstance(rows, Columns) or all(len(row) == width for row in rows):
        return rows, lines, []
    told = list(zip(lines, rows, strict=True))
    right = [(line, row) for line, row in told if len(row) == width]
    return [row for _, row in right], [line for line, _ in right], [one for one in told if len(one[1]) != width]


def stripped_frame(rows: Rows, header: Sequence[str]) -> pd.DataFrame:
    """As `text_frame`, each cell without blanks around it, missing where nothing is left."""
    if isinstance(rows, Columns):
        return rows.frame(header, bare=True)
    frame = text_frame(rows, header)
    for name in frame.columns:
        cells = frame[name].str.strip()
        frame[name] = cells.mask(cells == "")
    return frame


def text_frame(rows: Rows, header: Sequence[str]) -> pd.DataFrame:
    """The rows of a sheet, each with a cell for every name of the header, as a frame of text."""
    import pandas as pd

    return rows.frame(header) if isinstance(rows, Columns) else pd.DataFrame(rows, columns=list(header), dtype="str")
