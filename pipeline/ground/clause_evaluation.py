"""Where a clause holds: its comparisons over the columns of records.

It stands apart from the reading of clauses (`clauses.py`), which specs do before any data, and without pandas.
"""

from __future__ import annotations

import operator
import re
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from pipeline.ground import bounds, text_storage  # noqa: F401
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Comparison, Joined, Name, quoted

HOW = {"==": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MEASURED = {"==": bounds.equal, **bounds.BY_SIGN}
Mask: TypeAlias = "np.ndarray"  # True or False for each record
Known: TypeAlias = "dict[Comparison, Mask]"


def everybody(frame: pd.DataFrame) -> pd.Series:
    """True for every record."""
    return pd.Series(True, index=frame.index, dtype="bool")


def holds(node: Comparison | Joined, frame: pd.DataFrame, place: str, known: Known | None = None) -> pd.Series:
    """Where a clause that was read holds, by the rule for missing values (`clauses.py`). Raises TrialError.

    `known` keeps where each comparison of these records holds, for the clauses after it.
    """
    return pd.Series(_holds(node, frame, place, {} if known is None else known), index=frame.index)


def _holds(node: Comparison | Joined, frame: pd.DataFrame, place: str, known: Known) -> Mask:
    if isinstance(node, Comparison):
        if node not in known:
            known[node] = _met(node, frame, place)
        return known[node]
    parts = [_holds(part, frame, place, known) for part in node.parts]
    if node.by == "not":
        return ~parts[0]
    return reduce(np.logical_and if node.by == "and" else np.logical_or, parts)


def bounded(node: Comparison | Joined, frame: pd.DataFrame, place: str) -> tuple[pd.Series, pd.Series]:
    """Where a clause surely holds, and where it could: what is missing might be anything, unless "" asks for it."""
    surely, maybe = _bounded(node, frame, place)
    return pd.Series(surely, index=frame.index), pd.Series(maybe, index=frame.index)


def _bounded(node: Comparison | Joined, frame: pd.DataFrame, place: str) -> tuple[Mask, Mask]:
    if isinstance(node, Comparison):
        met = _met(node, frame, place)
        fields = [node.left.id, *([node.right.id] if isinstance(node.right, Name) else [])]
        asked = node.right == "" or (isinstance(node.right, tuple) and "" in node.right)
        unknown = frame[fields].isna().any(axis=1).to_numpy() & (not asked)
        return met & ~unknown, met | unknown
    parts = [_bounded(part, frame, place) for part in node.parts]
    if node.by == "not":
        return ~parts[0][1], ~parts[0][0]
    how = np.logical_and if node.by == "and" else np.logical_or
    return reduce(how, [surely for surely, _ in parts]), reduce(how, [maybe for _, maybe in parts])


def _met(node: Comparison, frame: pd.DataFrame, place: str) -> Mask:
    """One comparison over the records, by the rule for missing values."""
    values = frame[node.left.id]
    missing = values.isna().to_numpy()
    if node.how in ("in", "not in"):
        met = _among(values, missing, node.right, place)
        return ~met if node.how == "not in" else met
    if isinstance(node.right, Name):
        other = frame[node.right.id]
        lacking = other.isna().to_numpy()
        _alike(_Asked(values.name, _kind(values, missing)), _kind(other, lacking), node.right.id, place)
        return _compared(values, node.how, other, missing | lacking, place)
    if node.right == "" and node.how in ("==", "!="):
        return missing | _empty(values, missing) if node.how == "==" else ~(missing | _empty(values, missing))
    literal = _of_kind(_Asked(values.name, _kind(values, missing)), node.right, place)
    return _compared(values, node.how, literal, missing, place)


def _compared(values: pd.Series, how: str, other: Any, missing: Mask, place: str) -> Mask:
    if how == "!=":
        return ~_compared(values, "==", other, missing, place)
    if missing.all():
        return ~missing
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str")
    try:
        if pd.api.types.is_float_dtype(values):
            return MEASURED[how](_floats(values), _floats(other)) & ~missing
        return _surely(HOW[how](values, other)) & ~missing
    except TypeError as error:
        what = f"{values.name} holds values of several kinds, which cannot be compared."
        raise TrialError(what, place, "text stands in quotes, a number does not") from error


def _floats(values: Any) -> Any:
    return values.to_numpy(dtype="float64", na_value=np.nan) if isinstance(values, pd.Series) else values


def _surely(met: pd.Series) -> Mask:
    """What was compared, a missing value as not met."""
    return (met if met.dtype == "bool" else met.fillna(False).astype("bool")).to_numpy()


def _among(values: pd.Series, missing: Mask, listed: tuple[Any, ...], place: str) -> Mask:
    asked = _Asked(values.name, _kind(values, missing))
    literals = [_of_kind(asked, value, place) for value in listed if value != ""]
    found = values.isin(literals).to_numpy() & ~missing
    return found | missing | _empty(values, missing) if "" in listed else found


def _empty(values: pd.Series, missing: Mask) -> Mask:
    """Where a text has no sign."""
    return _surely(values == "") if _kind(values, missing) == "text" else np.zeros(len(values), dtype=bool)


def _kind(values: pd.Series, missing: Mask) -> str:
    """What a column holds: number, date or text; '' when it has no value at all."""
    if pd.api.types.is_numeric_dtype(values):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "" if missing.all() else "text"


class _Asked(NamedTuple):
    """A column that a literal is compared with: its name and its kind, told once for all literals of a list."""

    name: Any
    kind: str


def _of_kind(column: _Asked, literal: Any, place: str) -> Any:
    """The literal as the column's kind compares it. Raises TrialError where it is of another kind."""
    if column.kind == "date" and isinstance(literal, str):
        day = pd.to_datetime(literal, errors="coerce") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", literal) else pd.NaT
        if not pd.isna(day):
            return day
        raise TrialError(f"{column.name} holds dates, {literal!r} is none.", place, 'write "2026-06-30"')
    _alike(column, "text" if isinstance(literal, str) else "number", quoted(literal), place)
    return literal


def _alike(column: _Asked, other: str, shown: str, place: str) -> None:
    if column.kind and other and column.kind != other:
        cure = "text stands in quotes, a number does not"
        raise TrialError(f"{column.name} holds a {column.kind}, {shown} is a {other}.", place, cure)
