"""Outputs: family, datasets, decisions, and every variable that a clause names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.ground import clauses, source
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.needed import check_needed
from pipeline.lint.page import check_page
from pipeline.lint.places import ERROR, WARNING, Document, Problem
from pipeline.lint.shells import Filled
from pipeline.lint.twice import check_twice
from pipeline.lint.values import Slip
from pipeline.study.catalogue import name_of
from pipeline.study.decisions import Decision
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Where
from tlf.rows import kinds

REQUIRED = ("output", "family", "kind", "title", "datasets")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
KINDS = ("table", "figure", "listing")
DECISION = re.compile(r"@([A-Z]\w+)")


def check_output(document: Document, specs: Specs, ct: pd.DataFrame) -> list[Problem]:
    """Problems of one output's YAML."""
    output = document.content
    if not isinstance(output, dict):
        return [document.problem((), ERROR, "an output must hold `name: value` pairs")]
    lost = [word for word in REQUIRED if not output.get(word)]
    found = [document.problem((), ERROR, f"the output lacks `{word}:`", "add it") for word in lost]
    families = [p.stem for p in (source.CODE / "tlf" / "templates").glob("*.py")]
    families = [name for name in families if "results" in source.functions(f"tlf.templates.{name}")]
    found += _one_of(document, ("family",), output.get("family"), families)
    found += _one_of(document, ("kind",), output.get("kind"), KINDS)
    known = {"datasets": list(specs.datasets), "decisions": list(specs.decisions), "tables": list(specs.tables)}
    for word, names in known.items():
        for number, name in enumerate(output.get(word, [])):
            found += _one_of(document, (word, number), str(name), names)
    expected = name_of(str(output.get("output", "")))
    if expected and expected != document.path.stem and not isinstance(document, Filled):
        what = f"{output['output']} is in {document.path.name}"
        found.append(document.problem(("output",), ERROR, what, f"the file's name must be {expected}.yaml"))
    found += [*_decisions(document, output), *check_twice(document), *check_needed(document, specs)]
    return found + _clauses(document, output, specs, ct) + check_page(document, specs)


def _one_of(document: Document, where: tuple[Any, ...], word: Any, known: Any) -> list[Problem]:
    if word is None or word in known:
        return []
    thing = str(where[0]).rstrip("s")
    return [document.problem(where, ERROR, f"unknown {thing} '{word}'", did_you_mean(str(word), known))]


def _decisions(document: Document, output: dict[str, Any]) -> list[Problem]:
    listed = {str(name).upper() for name in output.get("decisions", [])}
    named = [(where, name) for where, text in _texts(output, ()) for name in DECISION.findall(text)]
    what = "@{} is not under `decisions:`"
    return [document.problem(where, ERROR, what.format(n), "list it there") for where, n in named if n not in listed]


def _texts(content: Any, where: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text of a document with its path."""
    if isinstance(content, str):
        yield where, content
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        yield from _texts(value, (*where, key))


def _clauses(document: Document, output: dict[str, Any], specs: Specs, ct: pd.DataFrame) -> list[Problem]:
    """Clauses that cannot be read, and variables, kinds and values that their dataset does not have."""
    found = []
    listed = [str(name) for name in output.get("datasets", [])]
    asked = list(_where(output, (), "adsl"))
    named = [name for name in dict.fromkeys(dataset for *_, dataset in asked) if name in specs.datasets]
    fields = {name: values.of_dataset(specs.datasets[name].variables, ct) for name in named}
    for where, clause, dataset in asked:
        if dataset in specs.datasets and dataset not in listed:
            what = f"the dataset {dataset} is not under `datasets:`"
            found.append(document.problem(where, ERROR, what, "list it there"))
        elif dataset in specs.datasets:
            for what, cure in _slips(where, clause, fields[dataset], specs.decisions, dataset.upper()):
                found.append(document.problem(where, ERROR, what, cure))
        else:
            what = f"unknown dataset '{dataset}'"
            found.append(document.problem(where, ERROR, what, did_you_mean(dataset, specs.datasets)))
    return found


def _slips(
    where: Where, clause: str, fields: values.Fields, decisions: dict[str, Decision], thing: str
) -> Iterator[Slip]:
    if where[-2:-1] == ("values",):
        yield from values.slips(_as_compared(clause, fields), fields, decisions, thing)
    elif where[-1] != "variable":
        yield from values.slips(clause, fields, decisions, thing)
    elif clause not in fields:
        yield f"{thing} has no variable {clause}", did_you_mean(clause, fields)


def _as_compared(clause: str, fields: values.Fields) -> str:
    """The value of a level without its quotes where the variable holds numbers."""
    name, _, literal = clause.partition(" == ")
    number = name in fields and fields[name].kind == "number" and NUMBER.fullmatch(literal.strip('"'))
    return f"{name} == {number.group()}" if number else clause


def _where(content: Any, where: tuple[Any, ...], dataset: str) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    """Every clause with its path and its dataset: that of its row or its kind of row, ADTTE for curves, else ADSL."""
    if isinstance(content, dict):
        own = content.get("of", _usual(content, where) or dataset)
        for key, value in content.items():
            if key == "published" and isinstance(value, dict):
                continue
            inside = (
                "adsl"
                if key in ("columns", "population", "sets", "denominator")
                else "adtte"
                if key == "order"
                else own
            )
            if key == "where" and isinstance(value, str):
                yield (*where, key), value, own
            elif key == "population" and isinstance(value, str):
                yield (*where, key), value, "adsl"
            elif key == "variable" and isinstance(value, str):
                yield (*where, key), value, own
                yield from ((at, clause, own) for at, clause in _levels(content, where, value))
            else:
                yield from _where(value, (*where, key), inside)
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _where(value, (*where, number), dataset)


def _usual(content: dict[str, Any], where: Where) -> str:
    """The dataset of a row that names none, by its kind; that of curves."""
    kind = kinds.KINDS.get(next(iter(content), "")) if where[-2:-1] == ("rows",) else None
    return getattr(kind, "default", "") or ("adtte" if "ticks" in content else "")


def _levels(row: dict[str, Any], where: Where, variable: str) -> Iterator[tuple[Where, str]]:
    """A level that is a value asks for `VARIABLE == value`."""
    for number, level in enumerate(row.get("values", [])):
        value = level if isinstance(level, str) else level.get("value", "")
        if value:
            yield (*where, "values", number), f"{variable} == {clauses.quoted(value)}"


def repeated_numbers(documents: list[Document]) -> list[Problem]:
    """Two outputs with one number."""
    seen: dict[str, str] = {}
    found = []
    for document in documents:
        number = str(document.content.get("output", "")) if isinstance(document.content, dict) else ""
        if number in seen:
            what = f"{number} is also the number of {seen[number]}"
            found.append(document.problem(("output",), WARNING, what, "give each output its own"))
        seen.setdefault(number, document.name)
    return found
