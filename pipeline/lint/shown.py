"""What rows print: shells that can be read, of statistics somebody makes; parameters and columns somebody has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from pipeline.ground import clauses, source
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.yaml_text import Content, Where
from tlf.rows import kinds
from tlf.shell import FIELD

CODE = re.compile(r"\b[A-Z][A-Z0-9_]{1,7}\b")
CURE = "write a field as {n:xx.x}, {rate%:xx.x}, {x/n%:xx.x} or {text}"
LIMITS = ("lower", "upper", "level")
OF_ONE_COLUMN = ("swimmer", "waterfall", "heat_map", "stacked")  # figures of each subject, a panel for more


@cache
def statistics() -> tuple[str, ...]:
    """Every statistic that rows of any kind make."""
    measured = [kind for kind in kinds.KINDS.values() if issubclass(kind, kinds.Measured)]
    return tuple(dict.fromkeys(name for kind in measured for name in kind.made))


@cache
def statistics_of_kinds() -> tuple[str, ...]:
    """Every statistic of rows of one kind: median.estimate."""
    measured = [(name, kind) for name, kind in kinds.KINDS.items() if issubclass(kind, kinds.Measured)]
    return tuple(f"{name}.{statistic}" for name, kind in measured for statistic in kind.made)


@cache
def parameters() -> frozenset[str]:
    """Every word in capitals that the code of analysis datasets says: parameters are named there."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((source.CODE / "adam").rglob("*.py"))]
    return frozenset({word for text in texts for word in CODE.findall(text)})


def check_shell(shell: str, made: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """What is wrong with a shell of these statistics (else of any), and the cure."""
    known = made or statistics()
    if re.search(r"[{}]", FIELD.sub("", shell)):
        yield f"the shell {shell!r} cannot be read", CURE
    for field in FIELD.finditer(shell):
        for name in filter(None, (field["name"], field["of"])):
            if name not in known:
                yield f"unknown statistic '{name}'", did_you_mean(name, known)


def check_shown(
    document: Document, terms: frozenset[str], unlisted: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Problems of the shells, parameters and columns of an output; `terms` are codes that data and tables add.

    `unlisted` are parameters of the standard's endpoints that the study does not make.
    """
    output = document.content
    for where, row in rows_of(output, ()):
        for at, what, cure in _of_row(row):
            yield document.problem((*where, *at), ERROR, what, cure)
    for where, word, text in _said(output, ()):
        if word == "where" and "published" not in where:
            yield from _parameters(document, where, text, terms, unlisted)
    labels = Counter(column["label"] for column in output.get("columns", []))
    for number, column in enumerate(output.get("columns", [])):
        if labels[column["label"]] > 1:
            what = f"two columns are called {column['label']}"
            yield document.problem(("columns", number), ERROR, what, "give each its own label")
    if output.get("family") in OF_ONE_COLUMN and len(output.get("columns", [])) > 1 and not output.get("panels"):
        what = f"a {output['family'].replace('_', ' ')} draws one column; the others would be lost"
        yield document.problem(("columns", 1), ERROR, what, "keep one column, or say `panels:`")
    if output.get("columns", None) == []:
        yield document.problem(("columns",), ERROR, "the output has no column", "name at least one")


def check_parameters(document: Document, terms: frozenset[str], unlisted: frozenset[str]) -> Iterator[Problem]:
    """Clauses of any file of specs that ask for a parameter which nobody makes."""
    for where, _, text in _said(document.content, ()):
        if "PARAMCD" in text:
            yield from _parameters(document, where, text, terms, unlisted)


def rows_of(output: Content, where: Where) -> Iterator[tuple[Where, Content]]:
    """The rows of an output and of its sets, with their paths."""
    for number, row in enumerate(output.get("rows", [])):
        yield (*where, "rows", number), row
    for number, one in enumerate(output.get("sets", [])):
        yield from rows_of(one, (*where, "sets", number))


def _of_row(row: Content) -> Iterator[tuple[Where, str, str]]:
    """What is wrong with what a row prints, each with its path in the row and the cure."""
    kind = kinds.KINDS.get(next(iter(row), ""))
    made = set(kind.made) if kind and issubclass(kind, kinds.Measured) else set()
    made = {"n"} if kind is kinds.Count and row.get("per") == "record" else made
    limited = "interval" in row or kind is None or not issubclass(kind, kinds.Share | kinds.Terms)
    shells: list[tuple[Where, str]] = [(("show",), row["show"])] if "show" in row else []
    shells += [(("statistics", label), show) for label, show in row.get("statistics", {}).items()]
    for at, show in shells:
        yield from ((at, what, cure) for what, cure in check_shell(show, made))
        asked = {field["name"] for field in FIELD.finditer(show)}
        if not limited and asked & set(LIMITS):
            yield at, "limits are made where the row asks for them", "say `interval: exact`"
        if "nquant" in asked and "quantifiable" not in row:
            yield at, "nquant counts what meets `quantifiable:`, which the row does not say", "add it"
    if kind is kinds.Terms and "take" in row and "value" not in row and row["take"] in ("highest", "lowest"):
        yield ("take",), f"the row takes the {row['take']} of nothing", "say `value:` VARIABLE"
    if kind in (kinds.Levels, kinds.SummaryRow) and ("at" in row) != (row.get("take") == "nearest"):
        yield ("at" if "at" in row else "take",), "`take: nearest` and `at:` DAY belong together", "say both"
    if row.get("value") and "take" not in row and kind in (kinds.Terms, kinds.Levels, kinds.SummaryRow):
        yield ("value",), "`value:` says of what one record is taken; the row takes none", "say `take:` too"


def _parameters(
    document: Document, where: Where, text: str, terms: frozenset[str], unlisted: frozenset[str]
) -> Iterator[Problem]:
    try:
        comparisons = clauses.read(text).comparisons
    except TrialError:
        return
    for one in [one for one in comparisons if one.left.id == "PARAMCD"]:
        for value in one.right if isinstance(one.right, tuple) else (one.right,):
            if value in unlisted:
                what = f'PARAMCD never is "{value}": the study does not make this parameter of the standard'
                yield document.problem(where, ERROR, what, f"list it in study.yaml: endpoints: [..., {value}]")
            elif isinstance(value, str) and value and value not in parameters() | terms:
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
