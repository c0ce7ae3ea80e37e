"""What is said of each distinct value, told on all records: columns of an extract repeat few values many times."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    Told = TypeVar("Told", pd.Series, pd.DataFrame)

LARGEST = 2**63 - 1


def on_distinct(values: pd.Series, say: Callable[[pd.Series], Told]) -> Told:
    """What `say` makes of each value by itself (a missing one too), on the index of all; one row per value.

    -0.0 is another value than 0.0, for it is written otherwise.
    """
    if values.dtype == "float64":
        codes, bits = pd.factorize(values.to_numpy().view("int64"))
        return say(pd.Series(bits.view("float64"), name=values.name)).iloc[codes].set_axis(values.index)
    codes, texts = pd.factorize(values, use_na_sentinel=False)
    return say(pd.Series(texts, dtype=values.dtype, name=values.name)).iloc[codes].set_axis(values.index)


def on_distinct_rows(rows: pd.DataFrame, say: Callable[[pd.DataFrame], Told]) -> Told:
    """What `say` makes of each row of texts, on the index of all; of those that are alike it is shown one."""
    codes = alike([rows[name] for name in rows])
    first = pd.Series(codes).drop_duplicates().index
    return say(rows.iloc[first].reset_index(drop=True)).iloc[codes].set_axis(rows.index)


def on_texts(collected: pd.Series, say: Callable[[str], str | None]) -> pd.Series:
    """What is said of each distinct text, on all records; missing where nothing is, and where the text is."""
    codes, texts = pd.factorize(collected)
    said = pd.array([*(say(text) or None for text in texts.tolist()), None], dtype="str")
    return pd.Series(said[codes], index=collected.index, name=collected.name)


def alike(columns: Iterable[pd.Series]) -> npt.NDArray[np.int64]:
    """A number for each record, the same for those that have the same values in all columns; from 0, as they come."""
    numbers, size = np.zeros(1, dtype="int64"), 1
    for column in columns:
        own, count = _numbered(column)
        if size > LARGEST // count:
            numbers, distinct = pd.factorize(numbers)
            size = len(distinct)
        numbers, size = numbers * count + own, size * count
    return pd.factorize(numbers)[0]


def _numbered(column: pd.Series) -> tuple[npt.NDArray[np.int64], int]:
    """A number for each value of a column, and how many there are."""
    if column.dtype == "bool":
        return column.to_numpy().astype("int64"), 2
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    return codes, max(len(distinct), 1)


def among(values: pd.Series, known: Collection[str]) -> npt.NDArray[np.bool_]:
    """True where a text is one of those known, a set however large of which only the distinct texts are looked up."""
    codes, texts = pd.factorize(values)
    return np.array([*(text in known for text in texts.tolist()), False], dtype=bool)[codes]


def matching(values: pd.Series, pattern: str) -> pd.Series:
    """True where a whole text is of a pattern, False for a missing one."""
    return on_distinct(values, lambda texts: texts.str.fullmatch(pattern).eq(True).fillna(False).astype("bool"))


def beginning(values: pd.Series, pattern: str) -> pd.Series:
    """True where a text begins by a pattern, False for a missing one."""
    return on_distinct(values, lambda texts: texts.str.match(pattern).eq(True).fillna(False).astype("bool"))


def stripped(values: pd.Series) -> pd.Series:
    """Texts without blanks at either end."""
    return on_distinct(values, lambda texts: texts.str.strip())
