"""Outputs: family, datasets, decisions, and every variable that a clause names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.asked import VARIABLES, Question, asked_of
from pipeline.lint.known import KnownValues, unsaid
from pipeline.lint.needed import check_needed
from pipeline.lint.page import check_page
from pipeline.lint.places import ERROR, WARNING, Document, Problem, read_document
from pipeline.lint.result_addresses import check_twice
from pipeline.lint.shells import Filled
from pipeline.lint.shown import rows_of
from pipeline.lint.values import Slip
from pipeline.lint.worded import check_words
from pipeline.study.catalogue import name_of
from pipeline.study.decisions import Decision
from pipeline.study.specs import Specs
from tlf.rows import kinds

REQUIRED = ("output", "family", "kind", "title", "datasets")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
KINDS = ("table", "figure", "listing")
PARAMETER, NAME_OF_PARAMETER = "PARAMCD", "PARAM"
DATES = ("ADT", "ASTDT")
DECISION = re.compile(r"@([A-Z]\w+)")


def check_output(document: Document, known: KnownValues) -> list[Problem]:
    """Problems of one output's YAML."""
    output, specs = document.content, known.specs
    if not isinstance(output, dict):
        return [document.problem((), ERROR, "an output must hold `name: value` pairs")]
    lost = [word for word in REQUIRED if not output.get(word)]
    found = [document.problem((), ERROR, f"the output lacks `{word}:`", "add it") for word in lost]
    found += _one_of(document, ("family",), output.get("family"), list(kinds.OF_FAMILY))
    found += _one_of(document, ("kind",), output.get("kind"), KINDS)
    lists = {"datasets": list(specs.datasets), "decisions": list(specs.decisions), "tables": list(specs.tables)}
    for word, names in lists.items():
        for number, name in enumerate(output.get(word, [])):
            found += _one_of(document, (word, number), str(name), names)
    expected = name_of(str(output.get("output", "")))
    if expected and expected != document.path.stem and not isinstance(document, Filled):
        what = f"{output['output']} is in {document.path.name}"
        found.append(document.problem(("output",), ERROR, what, f"the file's name must be {expected}.yaml"))
    found += [*_decisions(document, output), *check_twice(document), *check_needed(document, specs)]
    return found + _clauses(document, output, known) + check_page(document, specs)


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


def _clauses(document: Document, output: dict[str, Any], known: KnownValues) -> list[Problem]:
    """Clauses that cannot be read, and variables, kinds and values that their dataset does not have."""
    found = []
    listed = [str(name) for name in output.get("datasets", [])]
    asked, specs = list(asked_of(output)), known.specs
    named = dict.fromkeys([*listed, *(one.dataset for one in asked), "adsl"])
    fields = {name: known.fields(name) for name in named if name in specs.datasets}
    for one in asked:
        if one.dataset in specs.datasets and one.dataset not in listed:
            what = f"the dataset {one.dataset} is not under `datasets:`"
            found.append(document.problem(one.where, ERROR, what, "list it there"))
        elif one.dataset in specs.datasets:
            beside = fields["adsl"] if one.lent and "adsl" in fields else {}
            for what, cure in _slips(one, {**beside, **fields[one.dataset]}, specs.decisions):
                found.append(document.problem(one.where, ERROR, what, cure))
            for literal in _never(one, known):
                what = f'{one.dataset.upper()} never has "{literal}" there, as far as specs say'
                found.append(document.problem(one.where, WARNING, what, "see the file that gives its values"))
        else:
            what = f"unknown dataset '{one.dataset}'"
            found.append(document.problem(one.where, ERROR, what, did_you_mean(one.dataset, specs.datasets)))
    return [*found, *check_words(document, list(fields), known), *_of_all_parameters(document, specs)]


def _of_all_parameters(document: Document, specs: Specs) -> Iterator[Problem]:
    """A row over a dataset of parameters that says none of them, by code or by name, would mix them all."""
    for where, row in rows_of(document.content, ()):
        kind = kinds.KINDS.get(next(iter(row), ""))
        dataset = row.get("of") or getattr(kind, "default", "")
        spec = specs.datasets.get(dataset) if kind and issubclass(kind, kinds.Measured) else None
        said = " ".join(str(row.get(word, "")) for word in ("where", "also", "without", "reading", "by", "variable"))
        if spec is not None and PARAMETER in spec.names and NAME_OF_PARAMETER not in said:
            what = f"{dataset.upper()} holds several parameters, and no condition says {PARAMETER}"
            yield document.problem(where, WARNING, what, f'say where: {PARAMETER} == "..."')


def _never(one: Question, known: KnownValues) -> Iterator[str]:
    """Literals of a clause that nobody says a derived variable can be."""
    if one.word in VARIABLES or one.word == "take":
        return
    try:
        comparisons = clauses.read(one.text).comparisons
    except TrialError:
        return  # told as a slip
    for comparison in comparisons:
        if comparison.left.id != "PARAMCD":
            yield from unsaid(comparison, one.dataset, known)


def _slips(one: Question, fields: values.Fields, decisions: dict[str, Decision]) -> Iterator[Slip]:
    thing = one.dataset.upper()
    if one.word == "take":
        if one.text in ("first", "last") and not set(DATES) & set(fields):
            yield f"{thing} has no {' or '.join(DATES)} that dates its records", "take: highest or take: lowest"
    elif one.word in VARIABLES:
        if one.text not in fields:
            yield f"{thing} has no variable {one.text}", did_you_mean(one.text, fields)
    else:
        text = _as_compared(one.text, fields) if one.word == "values" else one.text
        yield from values.slips(text, fields, decisions, thing)


def _as_compared(clause: str, fields: values.Fields) -> str:
    """The value of a level without its quotes where the variable holds numbers."""
    name, _, literal = clause.partition(" == ")
    number = name in fields and fields[name].kind == "number" and NUMBER.fullmatch(literal.strip('"'))
    return f"{name} == {number.group()}" if number else clause


def check_named(root: Path, known: KnownValues) -> Iterator[Problem]:
    """The clauses of columns, and of sets without a flag, each where it stands, whether an output uses it or not."""
    adsl = known.specs.datasets.get("adsl")
    files = [path for path in known.specs.named.files if adsl and path.stem in ("columns", "sets")]
    flagged = {one.id for one in known.specs.declared.sets if one.flag}  # a study's set keeps the standard's flag
    read = (read_document(path, str(path.relative_to(root))) for path in files)
    fields = values.named_fields(adsl.clauses) | known.fields("adsl") if adsl else {}
    for document in (one for one in read if isinstance(one, Document)):
        for name, one in document.content.items():
            text = "" if document.name.endswith("sets.yaml") and name in flagged else one.get("where", "")
            for what, cure in values.slips(text, fields, known.specs.decisions, "ADSL"):
                yield document.problem((name, "where"), ERROR, what, cure)


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
