"""Outputs: family, datasets, decisions, and every variable that a clause names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline import source
from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, WARNING, Document, Problem
from pipeline.specs import Specs

REQUIRED = ("output", "family", "kind", "title")
KINDS = ("table", "figure", "listing")
DECISION = re.compile(r"@([A-Z]\w+)")
CLAUSES = ("where", "population")


def check_output(document: Document, specs: Specs) -> list[Problem]:
    """Problems of one output's YAML."""
    output = document.content
    if not isinstance(output, dict):
        return [document.problem((), ERROR, "an output must hold `name: value` pairs")]
    found = [
        document.problem((), ERROR, f"the output lacks `{word}:`", "add it") for word in REQUIRED if word not in output
    ]
    families = [p.stem for p in (source.CODE / "tlf" / "templates").glob("*.py")]
    families = [name for name in families if "results" in source.functions(f"tlf.templates.{name}")]
    found += _one_of(document, ("family",), output.get("family"), families)
    found += _one_of(document, ("kind",), output.get("kind"), KINDS)
    known = {"datasets": list(specs.datasets), "decisions": list(specs.decisions), "tables": list(specs.tables)}
    for word, names in known.items():
        for number, name in enumerate(output.get(word, [])):
            found += _one_of(document, (word, number), str(name), names)
    expected = str(output.get("output", "")).lower().replace("-", "_").replace(".", "_")
    if expected and expected != document.path.stem:
        what = f"{output['output']} is in {document.path.name}"
        found.append(document.problem(("output",), ERROR, what, f"the file's name must be {expected}.yaml"))
    return found + _decisions(document, output) + _clauses(document, output, specs)


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


def _clauses(document: Document, output: dict[str, Any], specs: Specs) -> list[Problem]:
    """Clauses that cannot be read, and variables their dataset's spec does not have."""
    found = []
    listed = [str(name) for name in output.get("datasets", [])]
    for where, clause, dataset in _where(output, (), "adsl"):
        names = [clause] if where[-1] == "variable" else _names(clause)
        if names is None:
            found.append(document.problem(where, ERROR, f"the clause {clause} cannot be read", 'as in PARAMCD == "PD"'))
        elif dataset in specs.datasets and dataset not in listed and listed:
            found.append(
                document.problem(where, ERROR, f"the dataset {dataset} is not under `datasets:`", "list it there")
            )
        elif dataset in specs.datasets:
            known = specs.datasets[dataset].names
            for name in [n for n in names if n not in known and n.upper() not in specs.decisions]:
                what = f"{dataset.upper()} has no variable {name}"
                found.append(document.problem(where, ERROR, what, did_you_mean(name, known)))
    return found


def _where(content: Any, where: tuple[Any, ...], dataset: str) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    """Every clause with its path and its dataset: that of its row, ADTTE for a statistic, ADSL for columns."""
    if isinstance(content, dict):
        own = content.get("dataset", "adtte" if "statistic" in content or "ticks" in content else dataset)
        for key, value in content.items():
            if key == "published" and isinstance(value, dict):
                continue
            inside = "adsl" if key in ("columns", "population", "sets") else "adtte" if key == "order" else own
            if key == "where" and isinstance(value, str):
                yield (*where, key), value, own
            elif key == "population" and isinstance(value, str):
                yield (*where, key), value, "adsl"
            elif key == "variable" and isinstance(value, str):
                yield (*where, key), value, own
            else:
                yield from _where(value, (*where, key), inside)
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _where(value, (*where, number), dataset)


def _names(clause: str) -> list[str] | None:
    """The variables a clause names; None when it cannot be read."""
    try:
        return sorted(clauses.names(clause))
    except TrialError:
        return None


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
