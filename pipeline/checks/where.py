"""The `where` of a check: comparisons of fields with literals, joined by and, or, not; nothing else.

A missing text counts as "", so that `AEENDAT == ""` can be said; a missing number meets no comparison but `!=`.
"""

from __future__ import annotations

import ast
import operator
from functools import cache
from typing import Any

import pandas as pd

from pipeline.ground.faults import TrialError
from sdtm.conditions import ALLOWED

COMPARED = {ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
            ast.GtE: operator.ge}  # fmt: skip


@cache
def tree(where: str) -> ast.expr:
    """The condition read. Raises SyntaxError."""
    return ast.parse(where, mode="eval").body


def check_where(where: str, place: str) -> None:
    """Raises TrialError for a condition that cannot be read or that computes."""
    try:
        nodes = list(ast.walk(tree(where)))
    except SyntaxError as error:
        raise TrialError(f"The condition {where!r} cannot be read.", place, 'write it as FIELD == "VALUE"') from error
    if any(not isinstance(node, ALLOWED) for node in nodes) or not all(map(_one_comparison, nodes)):
        cure = "compare fields with values, joined by and, or, not; what needs more is a rule"
        raise TrialError(f"The condition {where!r} computes.", place, cure)


def _one_comparison(node: ast.AST) -> bool:
    """A comparison has a field on the left and one literal on the right."""
    if not isinstance(node, ast.Compare):
        return True
    right = node.comparators[0]
    literal = isinstance(right, ast.Constant | ast.List | ast.Tuple | ast.UnaryOp)
    return len(node.ops) == 1 and isinstance(node.left, ast.Name) and literal


def names_in(where: str) -> list[str]:
    """The fields a condition names."""
    return list(dict.fromkeys(n.id for n in ast.walk(tree(where)) if isinstance(n, ast.Name))) if where else []


def meets(records: pd.DataFrame, where: str) -> pd.Series:
    """True for the records of which the condition holds."""
    return _holds(tree(where), records)


def _holds(node: ast.expr, records: pd.DataFrame) -> pd.Series:
    if isinstance(node, ast.BoolOp):
        parts = [_holds(value, records) for value in node.values]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole & part if isinstance(node.op, ast.And) else whole | part
        return whole
    if isinstance(node, ast.UnaryOp):
        return ~_holds(node.operand, records)
    assert isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)
    return _compared(records[node.left.id], node.ops[0], ast.literal_eval(node.comparators[0]))


def _compared(values: pd.Series, how: ast.cmpop, literal: Any) -> pd.Series:
    if not pd.api.types.is_numeric_dtype(values):
        values = values.fillna("")
    if isinstance(how, ast.In | ast.NotIn):
        inside = values.isin(literal)
        return ~inside if isinstance(how, ast.NotIn) else inside
    return COMPARED[type(how)](values, literal).astype("bool")
