"""Treatment periods: to which a dose belongs; a dataset with several is read as the first, unless a clause asks."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pipeline.ground.clauses import meets, names
from pipeline.ground.metadata import Period

PERIOD = "APERIOD"
FIRST = f"{PERIOD} == 1"


def of_first(where: str, variables: Collection[str]) -> str:
    """The clause with the first period, where the dataset has periods and the clause names none."""
    if PERIOD not in variables or PERIOD in names(where):
        return where
    return f"({where}) and {FIRST}" if where.strip() else FIRST


def in_periods(ex: pd.DataFrame, periods: tuple[Period, ...]) -> tuple[pd.Series, pd.Series]:
    """The number of the first period whose clause a record of EX meets (missing: none), and of how many it does.

    A study that names no periods has one, to which every record belongs.
    """
    if not periods:
        return pd.Series(1.0, ex.index), pd.Series(1, ex.index)
    met = pd.DataFrame({n: meets(ex, one.where, "study.yaml, periods") for n, one in enumerate(periods, start=1)})
    return met.idxmax(axis="columns").astype("float64").where(met.any(axis="columns")), met.sum(axis="columns")


def period_names(periods: tuple[Period, ...]) -> list[str]:
    """The variables and qualifiers of EX that the periods are told by."""
    return sorted({name for period in periods for name in names(period.where)})
