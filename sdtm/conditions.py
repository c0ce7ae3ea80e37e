"""The `where` of a mapping sheet: comparisons of fields with literals, joined by and, or, not; nothing else."""

import ast

import pandas as pd

from sdtm.errors import MappingError, near

ALLOWED = (ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Eq, ast.NotEq, ast.In,
           ast.NotIn, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple)


def check_condition(where: str, fields: list[str], place: str) -> None:
    """Raises MappingError when the condition computes, cannot be read, or names an unknown field."""
    try:
        tree = ast.parse(where, mode="eval")
    except SyntaxError as error:
        what = f"{place}: the condition {where!r} cannot be read"
        raise MappingError(what, 'write it as FIELD == "VALUE"') from error
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            cure = "compare fields with values, joined by and, or, not; what needs more is a rule"
            raise MappingError(f"{place}: the condition {where!r} computes", cure)
        if isinstance(node, ast.Name) and node.id not in fields:
            raise MappingError(f"{place}: the condition names the unknown field {node.id}", near(node.id, fields))


def holds(records: pd.DataFrame, where: str) -> pd.Series:
    """True for the records for which the condition holds (all of them when it is empty)."""
    if not where or records.empty:
        return pd.Series(True, index=records.index)
    return records.eval(where, engine="python").fillna(False).astype(bool)
