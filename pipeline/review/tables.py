"""The columns of a dataset as a browser takes them: texts by their number in a list, numbers as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.review.script import MOST, Facts, script

CELLS, LEAST, EXACT = 900_000, 1, 2**53
DATE, DATETIME = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"


def columns(records: pd.DataFrame) -> list[Any]:
    """Each column: `[values, numbers of them]` of texts, a plain list of numbers; null is a missing value."""
    return [_column(records[name]) for name in records]


def _column(values: pd.Series) -> Any:
    if pd.api.types.is_datetime64_any_dtype(values):
        dated = values.dt.normalize().eq(values) | values.isna()
        values = values.dt.strftime(DATE if dated.all() else DATETIME)
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return _numbers(values.to_numpy(dtype="float64", na_value=np.nan))
    numbers, texts = pd.factorize(values)
    return {"t": list(map(str, np.asarray(texts, dtype="object"))), "i": numbers.tolist()}


def _numbers(values: Any) -> list[float | int | None]:
    """Numbers, whole ones without a point; null is a missing value."""
    missing = np.isnan(values)
    whole = bool((values[~missing] == np.trunc(values[~missing])).all()) and bool(
        (np.abs(values[~missing]) < EXACT).all()
    )
    told = (np.where(missing, 0, values).astype("int64") if whole else values).tolist()
    return [None if gone else one for one, gone in zip(told, missing.tolist(), strict=True)] if missing.any() else told


def by_column(records: Sequence[Mapping[str, str]]) -> Facts:
    """Records as `names` and `columns`, each name once; what a record does not say, or says nothing in, is missing."""
    told = pd.DataFrame(records, dtype="str")
    return {"names": [*told], "columns": columns(told.where(told != ""))}


class Slices:
    """Records that come some at a time, taken forwards: what lies before a slice that was asked for is let go."""

    def __init__(self, pieces: Iterable[pd.DataFrame]):
        self.pieces, self.start = iter(pieces), 0
        self.held = [next(self.pieces)]

    @property
    def width(self) -> int:
        """How many columns they have."""
        return len(self.held[0].columns)

    def take(self, start: int, stop: int) -> pd.DataFrame:
        """The records from the place `start` to before `stop`."""
        while self.start + sum(map(len, self.held)) < stop:
            self.held.append(next(self.pieces))
        while len(self.held) > 1 and self.start + len(self.held[0]) <= start:
            self.start += len(self.held.pop(0))
        first = self.held[0].iloc[start - self.start :]
        self.held = [first if len(self.held) == 1 else pd.concat([first, *self.held[1:]], ignore_index=True)]
        self.start = start
        return self.held[0].iloc[: stop - start]


def chunks(name: str, records: Slices, count: int, beside: Any) -> Iterator[tuple[int, bytes]]:
    """The rows of a dataset in files no larger than MOST: the number of the first row, and the file's content.

    `beside(start, stop)` is what else is told of these rows.
    """
    start = 0
    size = max(LEAST, CELLS // max(1, records.width))
    while start < count or start == 0:
        stop = min(start + size, count)
        content = script(
            f"{name}/{start}", {"start": start, "columns": columns(records.take(start, stop)), **beside(start, stop)}
        )
        if len(content) > MOST and stop - start > LEAST:
            size = max(LEAST, min((stop - start) // 2, int((stop - start) * 0.9 * MOST / len(content))))
            continue
        yield start, content
        start = max(stop, 1)
