"""A `where` in words, for who reads shells and not clauses: variables by their labels, parameters by their names."""

from __future__ import annotations

from typing import Any

from pipeline.ground.clauses import read
from pipeline.ground.grammar import Comparison, Joined, Name
from pipeline.ground.words import choice_text
from tlf.mock.foreseen import Foreseen

HOW = {"==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
       "in": "is one of", "not in": "is none of"}  # fmt: skip
MISSING = {"==": "is missing", "!=": "is known"}
PARAMETER = "Parameter"  # its code is told by its name
FLAGS = {"Y": "yes", "N": "no"}


def clause_in_words(where: str, dataset: str, known: Foreseen) -> str:
    """The condition as a sentence would have it; of none nothing."""
    return _told(read(where).node, dataset, known) if where.strip() else ""


def _told(node: Comparison | Joined, dataset: str, known: Foreseen) -> str:
    if isinstance(node, Comparison):
        return _compared(node, dataset, known)
    parts = [_told(part, dataset, known) for part in node.parts]
    if node.by == "not":
        return f"not ({parts[0]})"
    inner = [isinstance(part, Joined) and part.by != "not" for part in node.parts]
    return f" {node.by} ".join(f"({text})" if deep else text for text, deep in zip(parts, inner, strict=True))


def _compared(one: Comparison, dataset: str, known: Foreseen) -> str:
    name = one.left.id
    label = PARAMETER if name == "PARAMCD" else known.label(dataset, name)
    if one.right == "" or one.right == one.left:
        turned = one.right == one.left  # X != X asks for what is missing
        return f"{label} {MISSING[one.how if not turned else {'==': '!=', '!=': '=='}[one.how]]}"
    values = one.right if isinstance(one.right, tuple) else (one.right,)
    told = ", ".join(_value(value, name, dataset, known) for value in values)
    return f"{label} {HOW[one.how]} {told}"


def _value(value: Any, name: str, dataset: str, known: Foreseen) -> str:
    """A value as a reader knows it: a decision with its value, a parameter with its name, a flag as yes or no."""
    if isinstance(value, Name):
        settled = known.decisions.get(value.id.lower())
        return f"{choice_text(settled)} ({value.id})" if value.decision and settled is not None else value.id
    if value == "":
        return "missing"
    if name == "PARAMCD" and dataset in known.datasets:
        labels = {one.code: one.label for one in known.datasets[dataset].parameters}
        return labels.get(str(value), str(value))
    flag = name.endswith("FL") or known.variable(dataset, name).codelist in ("NY", "Y")
    return FLAGS.get(str(value), str(value)) if flag else f"{value:g}" if isinstance(value, float) else str(value)
