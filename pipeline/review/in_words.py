"""A clause as a sentence: variables by their labels, comparisons by words, parameters by their names."""

from __future__ import annotations

import re
from typing import Any

from pipeline.ground.clauses import read
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Comparison, Name
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.words import some_of, value_text

HOW = {"==": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least",
       "in": "is one of", "not in": "is none of"}  # fmt: skip
MANY = 12
ALTERNATIVES = re.compile(r"\((?:[^()]|\([^()]*\))*\)")


def in_words(where: str, *specs: DatasetSpec | None) -> str:
    """The clause in words, its variables as the first of these datasets that has them calls them; '' for none."""
    if not where.strip():
        return ""
    try:
        told = _told(read(where).node, [spec for spec in specs if spec])
    except TrialError:
        return where
    return told[1:-1] if ALTERNATIVES.fullmatch(told) else told


def _told(node: Any, specs: list[DatasetSpec]) -> str:
    if isinstance(node, Comparison):
        return _compared(node, specs)
    parts = [_told(part, specs) for part in node.parts]
    if node.by == "not":
        return f"not ({parts[0]})"
    joined = (", or " if node.by == "or" else ", and ").join(parts)
    return f"({joined})" if node.by == "or" else joined


def _compared(node: Comparison, specs: list[DatasetSpec]) -> str:
    name, value = node.left.id, node.right
    subject = _label(name, specs)
    if isinstance(value, Name):
        if value.id == name and node.how == "!=":
            return f"{subject} is missing"
        return f"{subject} {HOW[node.how]} {_label(value.id, specs)}"
    if value == "" and node.how in ("==", "!="):
        return f"{subject} {'is missing' if node.how == '==' else 'has a value'}"
    listed = value if isinstance(value, tuple) else (value,)
    return f"{subject} {HOW[node.how]} {some_of([_value(name, one, specs) for one in listed], MANY)}"


def _label(name: str, specs: list[DatasetSpec]) -> str:
    label = next((spec.by_name[name].label for spec in specs if name in spec.by_name), "")
    return label or name


def _value(name: str, value: Any, specs: list[DatasetSpec]) -> str:
    if name == "PARAMCD":
        told = next((spec.parameter_labels[value] for spec in specs if value in spec.parameter_labels), "")
        return told or str(value)
    return "missing" if value == "" else value_text(value) if isinstance(value, float) else str(value)
