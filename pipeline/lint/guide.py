"""Dataset specs of SDTM against the implementation guide: what it requires, its labels, types and order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, WARNING, Document, Problem, read_document
from pipeline.study.datasets import study_datasets
from pipeline.study.guide import COLLECTED, guided, load_guide
from pipeline.study.yaml_text import Where

STRENGTH = {"Req": 2, "Exp": 1}
NUMBERS = ("number", "integer")


def check_guide(root: Path, folder: Path, version: str) -> Iterator[Problem]:
    """Problems of the SDTM specs in force (standard and study); none while they cannot be read, or without a guide."""
    standard = root / "specs" / "standard"
    try:
        guide, specs = load_guide(standard, version), study_datasets(standard, folder, version)
    except TrialError:
        return
    for spec in specs.values() if guide else ():
        if spec.layer == COLLECTED and not spec.intermediate:
            read = [read_document(path, str(path.relative_to(root))) for path in spec.files]
            documents = [document for document in read if isinstance(document, Document)]
            yield from of_spec(spec, guided(spec, guide), documents)


def of_spec(spec: DatasetSpec, due: tuple[Variable, ...], documents: list[Document]) -> Iterator[Problem]:
    """What a spec says otherwise than the guide, each at the file that says it (the study's, else the standard's)."""
    known, order = {variable.name: variable for variable in due}, [variable.name for variable in due]
    there = [name for name in spec.names if name in known]
    for name, next_name in pairwise(there):
        if order.index(name) > order.index(next_name):
            what = f"{next_name} stands behind {name}; the guide has it before"
            yield _problem(documents, next_name, "", WARNING, what, "put it where the guide has it")
    for variable in spec.variables:
        for word, what, cure in _otherwise(variable, known, bool(due)):
            yield _problem(documents, variable.name, word, WARNING, f"{variable.name}: {what}", cure)
    for variable in due:
        if variable.core in STRENGTH and variable.name not in spec.by_name:
            what = f"{spec.dataset} is without {variable.name}, which the guide calls {variable.core}"
            yield documents[-1].problem(("variables",), ERROR, what, "add it")


def _otherwise(variable: Variable, known: dict[str, Variable], guided: bool) -> Iterator[tuple[str, str, str]]:
    """The word of a variable that the guide says otherwise, how, and the cure."""
    due = known.get(variable.name)
    if due is None:
        if guided and variable.name.rstrip("0123456789") not in known:  # COVAL1, TSVAL1: what went on
            cure = did_you_mean(variable.name, known)
            yield "name", "neither the guide nor the model has it", f"{cure} What is a sponsor's own goes to SUPP--."
        return
    if variable.label != due.label:
        yield "label", f"the guide labels it '{due.label}'", "write that"
    if (variable.type in NUMBERS) != (due.type in NUMBERS):
        yield "type", f"the guide has it as {due.type}", f"write {due.type}"
    if STRENGTH.get(variable.core, 0) < STRENGTH.get(due.core, 0):
        yield "core", f"the guide calls it {due.core}", f"write {due.core}"


def _problem(documents: list[Document], name: str, word: str, kind: str, what: str, cure: str) -> Problem:
    """The problem of a variable, in the last file that names it (and says this word of it)."""
    for document in reversed(documents):
        for number, said in enumerate(document.content.get("variables", [])):
            if isinstance(said, dict) and said.get("name") == name:
                where: Where = ("variables", number, *((word,) if word in said else ()))
                return document.problem(where, kind, what, cure)
    return documents[-1].problem(("variables",), kind, what, cure)
