"""The columns of a dataset as a browser takes them: texts by their number in a list, numbers as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.review.script import MOST, script

SAMPLE, LEAST = 500, 1
DATE, DATETIME = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"


def columns(records: pd.DataFrame) -> list[Any]:
    """Each column: `[values, numbers of them]` of texts, a plain list of numbers; null is a missing value."""
    return [_column(records[name]) for name in records]


def _column(values: pd.Series) -> Any:
    if pd.api.types.is_datetime64_any_dtype(values):
        dated = values.dt.normalize().eq(values) | values.isna()
        values = values.dt.strftime(DATE if dated.all() else DATETIME)
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        whole = values.dropna()
        if len(whole) and (whole == whole.round()).all() and whole.abs().max() < 2**53:
            return [None if number != number else int(number) for number in values.astype("float64").tolist()]
        return [None if number != number else number for number in values.astype("float64").tolist()]
    numbers, texts = pd.factorize(values.astype("str").where(values.notna()))
    return {"t": [str(text) for text in texts], "i": numbers.tolist()}


def chunks(name: str, records: pd.DataFrame, beside: Any) -> Iterator[tuple[int, bytes]]:
    """The rows of a dataset in files no larger than MOST: the number of the first row, and the file's content.

    `beside(start, stop)` is what else is told of these rows.
    """
    start = 0
    size = _rows(records)
    while start < len(records) or start == 0:
        stop = min(start + size, len(records))
        content = script(
            f"{name}/{start}", {"start": start, "columns": columns(records.iloc[start:stop]), **beside(start, stop)}
        )
        if len(content) > MOST and stop - start > LEAST:
            size = max(LEAST, (stop - start) // 2)
            continue
        yield start, content
        start = max(stop, 1)


def _rows(records: pd.DataFrame) -> int:
    """How many rows fill a file, guessed from the first ones with room to spare."""
    if not len(records):
        return 1
    sample = records.iloc[:SAMPLE]
    told = len(script("", columns(sample))) / len(sample)
    return max(LEAST, int(MOST * 0.7 / (told + 20)))
