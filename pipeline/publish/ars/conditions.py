"""Clauses as conditions of the Analysis Results Standard, and what of a clause is a group rather than a condition.

Source: CDISC ARS 1.0, WhereClauseCondition and CompoundSetExpression; no value in `value` asks for what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from pipeline.engine.store import Json
from pipeline.ground.grammar import Comparison, Joined, Name, parsed, quoted
from pipeline.publish.ard import as_text

SUBJECT = "USUBJID"
COMPARATORS = {"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE", "in": "IN", "not in": "NOTIN"}
Node: TypeAlias = "Comparison | Joined"


class Split(NamedTuple):
    """A clause without what tells its subject and its level apart from those beside it: these are groups.

    `rest` are the parts that remain, all of which must hold, `told` these as a clause; `by` is the variable that the
    level is a value of.
    """

    rest: tuple[Node, ...]
    told: str = ""
    subject: str = ""
    by: str = ""


@cache
def split(where: str, level: str) -> Split:
    """The parts of a clause, and the subject and the level that it names."""
    subject, by, rest = "", "", []
    for part in _parts(parsed(where).node) if where.strip() else ():
        value = said(part.right) if isinstance(part, Comparison) and part.how == "==" else ""
        if isinstance(part, Comparison) and value and part.left.id == SUBJECT:
            subject = value
        elif isinstance(part, Comparison) and value and value == level:
            by = part.left.id
        else:
            rest.append(part)
    return Split(tuple(rest), as_clause(rest), subject, by)


def _parts(node: Node) -> tuple[Node, ...]:
    """What must all hold."""
    if isinstance(node, Joined) and node.by == "and":
        return tuple(part for one in node.parts for part in _parts(one))
    return (node,)


def as_clause(parts: Sequence[Node]) -> str:
    """What must all hold, as a clause is written."""
    return " and ".join(_as_clause(part) if len(parts) == 1 else f"({_as_clause(part)})" for part in parts)


def _as_clause(node: Node) -> str:
    if isinstance(node, Joined):
        parts = [f"({_as_clause(part)})" for part in node.parts]
        return f"not {parts[0]}" if node.by == "not" else f" {node.by} ".join(parts)
    right = node.right.id if isinstance(node.right, Name) else quoted(node.right)
    return f"{node.left.id} {node.how} {right}"


def said(value: object) -> str:
    """A literal as text; '' for a field."""
    if isinstance(value, Name | tuple):
        return ""
    return as_text(value) if isinstance(value, float) else str(value)


def expression(parts: tuple[Node, ...], dataset: str) -> dict[str, Json]:
    """What must all hold as `condition` or `compoundExpression`; nothing for no part, or one that ARS cannot say."""
    node = parts[0] if len(parts) == 1 else Joined("and", parts) if parts else None
    return _expression(node, dataset, 2) if node is not None and _can_be_said(node) else {}


def _can_be_said(node: Node) -> bool:
    """ARS compares a variable with values, never with another variable."""
    if isinstance(node, Joined):
        return all(_can_be_said(part) for part in node.parts)
    return not isinstance(node.right, Name) or (node.right == node.left and node.how in ("==", "!="))


def _expression(node: Node, dataset: str, level: int) -> dict[str, Json]:
    if isinstance(node, Comparison):
        return {"condition": _condition(node, dataset)}
    clauses = [
        {"level": level, "order": order, **_expression(part, dataset, level + 1)}
        for order, part in enumerate(node.parts, 1)
    ]
    return {"compoundExpression": {"logicalOperator": node.by.upper(), "whereClauses": clauses}}


def _condition(node: Comparison, dataset: str) -> dict[str, Json]:
    how, right = COMPARATORS[node.how], node.right
    if isinstance(right, Name):  # X == X: has a value
        how, right = ("NE" if node.how == "==" else "EQ"), ""
    values = [said(one) for one in (right if isinstance(right, tuple) else (right,))]
    missing = values == [""] and how in ("EQ", "NE")
    return {"dataset": dataset, "variable": node.left.id, "comparator": how, "value": [] if missing else values}
