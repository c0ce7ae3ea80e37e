"""The order in which values stand: that of their variable's numeric partner (VISITNUM of VISIT), where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.ground.words import value_text
from tlf.companions import partners
from tlf.rows.words import RowLevel


def partner(frame: pd.DataFrame, variable: str) -> str:
    """The numeric partner that the records have of a variable, else the variable itself."""
    numeric = [name for name in partners(variable) if name in frame and pd.api.types.is_numeric_dtype(frame[name])]
    return next(iter(numeric), variable)


def in_order(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The records in the order of these variables, each in that of its partner; what has none stands last."""
    return frame.sort_values(ordered_by(frame, by), kind="stable")


def ordered_by(frame: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """The variables that say the order of these, each behind its partner."""
    return list(dict.fromkeys(name for variable in by for name in (partner(frame, variable), variable)))


def ranked(values: Iterable[object], levels: Sequence[RowLevel]) -> list:
    """The values of which levels are told in the order of these, then the others as they stand."""
    ranks = {level.value: rank for rank, level in enumerate(levels)}
    return sorted(values, key=lambda value: ranks.get(value_text(value), len(ranks)))
