"""The one rule by which a dataset with several treatment periods is read: the first alone, unless a clause asks."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.ground.clauses import names

PERIOD = "APERIOD"
FIRST = f"{PERIOD} == 1"


def of_first(where: str, variables: Collection[str]) -> str:
    """The clause with the first period, where the dataset has periods and the clause names none."""
    if PERIOD not in variables or PERIOD in names(where):
        return where
    return f"({where}) and {FIRST}" if where.strip() else FIRST
