"""Which raw records a clause takes, and the code or number that a field of them holds.

Raw values are text; what a clause asks as a number is compared as one.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.ground import clauses
from pipeline.ground.clause_evaluation import holds
from pipeline.ground.distinct import on_distinct
from pipeline.ground.grammar import Comparison, Joined, Name
from pipeline.ground.readable import MEASURED

BESIDE = "{} as a number"


def meets(records: pd.DataFrame, where: str, place: str = "", numbers: Collection[str] = ()) -> pd.Series:
    """True for the raw records of which the clause holds, all for the empty clause.

    A field is compared as a number with a number (no quotes), and with another field where both are among `numbers`
    (declared so by the raw contract); what is no number then meets nothing but `!=` and `not in`. All else is text as
    collected. Raises TrialError for a clause that cannot be read or names what is not there.
    """
    if not where.strip():
        return pd.Series(True, index=records.index, dtype="bool")
    clause = clauses.check(where, list(records.columns), place, decisions=())
    asked = {name for one in clause.comparisons if _numeric(one, numbers) for name in _fields(one)}
    beside = {BESIDE.format(name): as_numbers(records[name]) for name in sorted(asked)}
    node = _read(clause.node, numbers) if beside else clause.node
    return holds(node, records.assign(**beside), f"{place}: {where}" if place else where)


def meeting(records: pd.DataFrame, where: str, place: str = "", numbers: Collection[str] = ()) -> pd.DataFrame:
    """The raw records of which the clause holds, in their order."""
    return records[meets(records, where, place, numbers)] if where.strip() else records


def coded_value(records: pd.DataFrame, field: str) -> pd.Series:
    """The coded value of a field (its companion `_STD`), or the text where no code was entered."""
    return records[f"{field}_STD"].fillna(records[field]) if f"{field}_STD" in records else records[field]


def as_numbers(texts: pd.Series) -> pd.Series:
    """Decimals and powers of ten (5.09E+03) as they are written; what is none is missing."""
    return on_distinct(texts, _as_numbers)


def _as_numbers(texts: pd.Series) -> pd.Series:
    told = texts.str.strip()
    return pd.to_numeric(told.where(told.str.fullmatch(MEASURED).eq(True)), errors="coerce").astype("float64")


def _numeric(one: Comparison, numbers: Collection[str]) -> bool:
    """True for a comparison with a number, with numbers only, or of two fields that hold numbers."""
    if isinstance(one.right, Name):
        return one.left.id in numbers and one.right.id in numbers
    listed = one.right if isinstance(one.right, tuple) else (one.right,)
    return bool(listed) and all(isinstance(value, int | float) for value in listed)


def _fields(one: Comparison) -> list[str]:
    return [side.id for side in (one.left, one.right) if isinstance(side, Name)]


def _read(node: Comparison | Joined, numbers: Collection[str]) -> Comparison | Joined:
    """The tree of a clause whose numeric comparisons ask for the numbers beside the texts."""
    if isinstance(node, Joined):
        return replace(node, parts=tuple(_read(part, numbers) for part in node.parts))
    if not _numeric(node, numbers):
        return node
    right: Any = Name(BESIDE.format(node.right.id)) if isinstance(node.right, Name) else node.right
    return replace(node, left=Name(BESIDE.format(node.left.id)), right=right)
