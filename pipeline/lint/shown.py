"""What rows print: shells that can be read, of statistics somebody makes; parameters and columns somebody has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipeline.ground import clauses, source
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.yaml_text import Where
from tlf.shell import FIELD

NAME = re.compile(r"[\"'](\w+)[\"']|\b(\w+)=")
CODE = re.compile(r"\b[A-Z][A-Z0-9_]{1,7}\b")
CURE = "write a field as {n:xx.x}, {rate%:xx.x}, {x/n%:xx.x} or {text}"


@cache
def statistics() -> frozenset[str]:
    """Every word that could name a statistic: the texts and argument names of the code of tables."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((source.CODE / "tlf").rglob("*.py"))]
    return frozenset({word for text in texts for pair in NAME.findall(text) for word in pair if word} | {"pct"})


@cache
def parameters() -> frozenset[str]:
    """Every word in capitals that the code of analysis datasets says: parameters are named there."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((source.CODE / "adam").rglob("*.py"))]
    return frozenset({word for text in texts for word in CODE.findall(text)})


def check_shell(shell: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a shell, and the cure."""
    if re.search(r"[{}]", FIELD.sub("", shell)):
        yield f"the shell {shell!r} cannot be read", CURE
    for field in FIELD.finditer(shell):
        for name in filter(None, (field["name"], field["of"])):
            if name not in statistics():
                yield f"unknown statistic '{name}'", did_you_mean(name, statistics())


def check_shown(document: Document, terms: frozenset[str]) -> Iterator[Problem]:
    """Problems of the shells, parameters and columns of an output; `terms` are codes that data and tables add."""
    output = document.content
    for where, word, text in _said(output, ()):
        if word == "show":
            yield from (document.problem(where, ERROR, what, cure) for what, cure in check_shell(text))
        elif word == "where" and "published" not in where:
            yield from _parameters(document, where, text, terms)
    labels = Counter(column["label"] for column in output.get("columns", []))
    for number, column in enumerate(output.get("columns", [])):
        if labels[column["label"]] > 1:
            what = f"two columns are called {column['label']}"
            yield document.problem(("columns", number), ERROR, what, "give each its own label")
    if output.get("columns", None) == []:
        yield document.problem(("columns",), ERROR, "the output has no column", "name at least one")


def _parameters(document: Document, where: Where, text: str, terms: frozenset[str]) -> Iterator[Problem]:
    try:
        comparisons = clauses.read(text).comparisons
    except TrialError:
        return
    for one in [one for one in comparisons if one.left.id == "PARAMCD"]:
        for value in one.right if isinstance(one.right, tuple) else (one.right,):
            if isinstance(value, str) and value and value not in parameters() | terms:
                what = f'PARAMCD never is "{value}": no dataset makes it'
                yield document.problem(where, ERROR, what, did_you_mean(value, parameters() | terms))


def _said(content: Any, where: Where) -> Iterator[tuple[Where, str, str]]:
    """Every text of a document with its path and the word it stands under."""
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        if isinstance(value, str) and isinstance(key, str):
            yield (*where, key), key, value
        else:
            yield from _said(value, (*where, key))
