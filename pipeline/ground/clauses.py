"""The one reader, checker and evaluator of every `where`: comparisons, joined by and, or, not; nothing else.

A clause compares a field with a literal (text in quotes, a number, a list after `in`) or with another field, by
== != < <= > >= in, not in; `@NAME` is a decision, filled in before it is evaluated. Nothing is ever handed to Python:
there are no calls, attributes, arithmetic or subscripts in the grammar.

Measured and derived numbers are held against their bound by the one rule of `bounds`: 0.1 + 0.2 meets `X >= 0.3`.

The rule for missing values: a missing value (of text, number or date alike) meets no comparison but `!=` and `not in`;
it is not even equal to another missing value, so that `X != X` asks for it. The literal "" stands for "missing":
`X == ""` holds where X is missing or empty, `X != ""` where it has a value, `X in ["", "NA"]` takes both.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from pipeline.ground import bounds
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Clause, Comparison, Joined, Name, NotReadError, cut, parsed
from pipeline.ground.words import did_you_mean

HOW = {"==": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MEASURED = {"==": bounds.equal, "<": bounds.below, "<=": bounds.at_most, ">": bounds.above, ">=": bounds.at_least}
SHOWN = 200


def read(text: str, place: str = "") -> Clause:
    """The clause of a text. Raises TrialError saying what is not understood, at which character, and `place`."""
    try:
        return parsed(text)
    except NotReadError as error:
        raise _unreadable(text, error, place) from None


def check(text: str, known: Collection[str], place: str = "", decisions: Collection[str] | None = None) -> Clause:
    """The clause, all of whose fields (and decisions, where given) are known. Raises TrialError with the near ones."""
    clause = read(text, place)
    for name in clause.names:
        if name not in known:
            what = f"The condition {text!r} names the unknown field {name}."
            raise TrialError(what, place, did_you_mean(name, known))
    for name in clause.decisions if decisions is not None else ():
        if name.upper() not in {known_one.upper() for known_one in decisions or ()}:
            what = f"The condition {text!r} names the unknown decision {name}."
            raise TrialError(what, place, did_you_mean(name.upper(), decisions or ()))
    return clause


def names(text: str) -> list[str]:
    """The fields a clause names, in their order; none for the empty clause. Raises TrialError."""
    return list(read(text).names) if text.strip() else []


def meets(frame: pd.DataFrame, text: str, place: str = "") -> pd.Series:
    """True for the records of which the clause holds, all for the empty clause; only the fields named are touched.

    Raises TrialError for a clause that cannot be read, an unknown field, and a text compared with a number.
    """
    if not text.strip():
        return pd.Series(True, index=frame.index, dtype="bool")
    clause = check(text, list(frame.columns), place)
    if clause.decisions:
        what = f"The condition {text!r} names the decision {clause.decisions[0]}, which is not known here."
        raise TrialError(what, place, "list it under `decisions:` of the output")
    return _holds(clause.node, frame, f"{place}: {text}" if place else text)


def meeting(frame: pd.DataFrame, text: str, place: str = "") -> pd.DataFrame:
    """The records of which the clause holds, in their order."""
    return frame[meets(frame, text, place)] if text.strip() else frame


def filled(text: str, decisions: Mapping[str, Any], place: str = "") -> str:
    """The clause with the value of each decision (by name in lower case) as a literal, so that it can be read alone.

    Raises TrialError naming a decision that is not among them.
    """
    if "@" not in text:
        return text
    parts, at = [], 0
    for token in _tokens(text, place):
        if token.lastgroup == "decision":
            name = token["decision"]
            if name.lower() not in decisions:
                what = f"The decision {name.upper()} is not known here."
                raise TrialError(what, place, "list it under `decisions:` of the output")
            parts += [text[at : token.start("decision") - 1], quoted(decisions[name.lower()])]
            at = token.end()
    return "".join([*parts, text[at:]])


def quoted(value: Any) -> str:
    """A value as the literal of a clause: text in quotes, a number as it is, a list in brackets."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(quoted(part) for part in value) + "]"
    if isinstance(value, bool):
        return quoted("Y" if value else "N")
    if value is None:
        return '""'
    if isinstance(value, int | float):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _tokens(text: str, place: str) -> list[re.Match[str]]:
    try:
        return cut(text)
    except NotReadError as error:
        raise _unreadable(text, error, place) from None


def _unreadable(text: str, error: NotReadError, place: str) -> TrialError:
    shown = text if len(text) <= SHOWN else text[:SHOWN] + " ..."
    return TrialError(f"The condition {shown!r} cannot be read: {error.what}.", place, error.cure)


def _holds(node: Comparison | Joined, frame: pd.DataFrame, place: str) -> pd.Series:
    if isinstance(node, Comparison):
        return _met(node, frame, place)
    parts = [_holds(part, frame, place) for part in node.parts]
    if node.by == "not":
        return ~parts[0]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part if node.by == "and" else whole | part
    return whole


def _met(node: Comparison, frame: pd.DataFrame, place: str) -> pd.Series:
    """One comparison over the records, by the rule for missing values."""
    values = frame[node.left.id]
    missing = values.isna()
    if node.how in ("in", "not in"):
        met = _among(values, missing, node.right, place)
        return ~met if node.how == "not in" else met
    if isinstance(node.right, Name):
        other = frame[node.right.id]
        missing = missing | other.isna()
        _alike(values, _kind(other), node.right.id, place)
        return _compared(values, node.how, other, missing, place)
    if node.right == "" and node.how in ("==", "!="):
        return missing | _empty(values) if node.how == "==" else ~(missing | _empty(values))
    return _compared(values, node.how, _of_kind(values, node.right, place), missing, place)


def _compared(values: pd.Series, how: str, other: Any, missing: pd.Series, place: str) -> pd.Series:
    if how == "!=":
        return ~_compared(values, "==", other, missing, place)
    if missing.all():
        return ~missing
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str")
    try:
        by = MEASURED if pd.api.types.is_float_dtype(values) else HOW
        met = by[how](values, other).fillna(False).astype("bool")
    except TypeError as error:
        what = f"{values.name} holds values of several kinds, which cannot be compared."
        raise TrialError(what, place, "text stands in quotes, a number does not") from error
    return met & ~missing


def _among(values: pd.Series, missing: pd.Series, listed: tuple[Any, ...], place: str) -> pd.Series:
    literals = [_of_kind(values, value, place) for value in listed if value != ""]
    found = values.isin(literals) & ~missing
    return found | missing | _empty(values) if "" in listed else found


def _empty(values: pd.Series) -> pd.Series:
    """Where a text has no sign."""
    if _kind(values) != "text":
        return pd.Series(False, index=values.index)
    return (values == "").fillna(False).astype("bool")


def _kind(values: pd.Series) -> str:
    """What a column holds: number, date or text; '' when it has no value at all."""
    if pd.api.types.is_numeric_dtype(values):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "text" if values.notna().any() else ""


def _of_kind(values: pd.Series, literal: Any, place: str) -> Any:
    """The literal as the column's kind compares it. Raises TrialError where it is of another kind."""
    kind = _kind(values)
    if kind == "date" and isinstance(literal, str):
        day = pd.to_datetime(literal, errors="coerce") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", literal) else pd.NaT
        if not pd.isna(day):
            return day
        raise TrialError(f"{values.name} holds dates, {literal!r} is none.", place, 'write "2026-06-30"')
    _alike(values, "text" if isinstance(literal, str) else "number", quoted(literal), place)
    return literal


def _alike(values: pd.Series, other: str, shown: str, place: str) -> None:
    kind = _kind(values)
    if kind and other and kind != other:
        cure = "text stands in quotes, a number does not"
        raise TrialError(f"{values.name} holds a {kind}, {shown} is a {other}.", place, cure)
