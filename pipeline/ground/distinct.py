"""What is said of each distinct value, told on all records: columns of an extract repeat few values many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

if TYPE_CHECKING:
    Told = TypeVar("Told", pd.Series, pd.DataFrame)


def on_distinct(values: pd.Series, say: Callable[[pd.Series], Told]) -> Told:
    """What `say` makes of each value by itself (a missing one too), on the index of all; one row per value."""
    codes, texts = pd.factorize(values, use_na_sentinel=False)
    return say(pd.Series(texts, dtype=values.dtype, name=values.name)).iloc[codes].set_axis(values.index)


def matching(values: pd.Series, pattern: str) -> pd.Series:
    """True where a whole text is of a pattern, False for a missing one."""
    return on_distinct(values, lambda texts: texts.str.fullmatch(pattern).eq(True).fillna(False).astype("bool"))


def beginning(values: pd.Series, pattern: str) -> pd.Series:
    """True where a text begins by a pattern, False for a missing one."""
    return on_distinct(values, lambda texts: texts.str.match(pattern).eq(True).fillna(False).astype("bool"))
