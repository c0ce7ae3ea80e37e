"""Where prepared columns do not meet what is expected of them, told by columns at a time: how a build asks.

`trial validate` asks great-expectations (`pipeline/gate/expectations.py`); a test holds that both tell the same places.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pipeline.gate.expected import Asked
from pipeline.ground.distinct import beginning

Unmet = Callable[[list[Asked]], list[list[int]]]


def unmet(asked: list[Asked]) -> list[list[int]]:
    """Places (row numbers) where each expectation is not met, in the order asked; an empty value is only not filled."""
    return [[int(place) for place in _wrong(one).to_numpy().nonzero()[0]] for one in asked]


def _wrong(asked: Asked) -> pd.Series:
    wanted, values = asked.wanted, asked.column
    if wanted.kind == "filled":
        return values.isna()
    if wanted.kind == "equal":
        other = asked.frame[wanted.other]
        return values.notna() & other.notna() & ~values.eq(other).fillna(False).astype("bool")
    if wanted.kind == "listed":
        return values.notna() & ~values.isin(wanted.values)
    if wanted.kind == "between":
        return values.notna() & ~values.between(*wanted.limits)
    return values.notna() & ~beginning(values, wanted.regex)
