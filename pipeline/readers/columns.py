"""The rows of a sheet held column by column, as Arrow reads them: nothing is taken apart record by record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Columns(Sequence[list[str]]):
    """Rows that have a cell in every column (Arrow arrays of text, '' where empty); a row is made when it is asked."""

    arrays: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.arrays[0]) if self.arrays else 0

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return list(self)[at]
        return [array[at].as_py() for array in self.arrays] if at >= 0 else self[len(self) + at]

    def __iter__(self) -> Iterator[list[str]]:
        return (list(row) for row in zip(*(array.to_pylist() for array in self.arrays), strict=True))

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
            distinct = _bare(told.dictionary) if bare else told.dictionary
            texts = np.append(distinct.to_numpy(zero_copy_only=False), np.nan)  # the last one: missing
            cells.append(pd.Series(texts[told.indices.fill_null(-1).to_numpy()], dtype="str"))
        frame = pd.DataFrame(dict(enumerate(cells)), copy=False)
        return frame.set_axis(list(header), axis=1)


def _bare(texts: Any) -> Any:
    """The texts without blanks around them, missing where nothing is left."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, bare.type), bare)


Rows = Sequence[list[str]]


def parted(rows: Rows, lines: list[int], width: int) -> tuple[Rows, list[int], list[tuple[int, list[str]]]]:
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
