"""The nodes of what specs declare of records and subjects: one each for subjects, and what is laid upon datasets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.engine.node import Node
from pipeline.ground.clauses import named_in
from pipeline.ground.conditions import Condition, SubjectSet
from pipeline.ground.metadata import DatasetSpec
from pipeline.study.conditions import makers
from pipeline.study.declared import ADSL, LAID, Declaration, decisions_of, named_by, node_of
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd

SUBJECTS = "subjects"
LAYING = "adam.derive.conditions"  # what lays conditions upon a dataset
MODULE = "adam.conditions"


def with_conditions(nodes: list[Node], specs: Specs) -> list[Node]:
    """The nodes of recipes with those of conditions and sets of subjects, and what each dataset needs for its own."""
    made = [_of_subjects(name, one, specs) for name, one in specs.declared.of_subjects.items()]
    names = {node.name for node in made}
    return [*[_laid(node, specs) for node in nodes if node.name not in names], *made]


def needs_of(one: Declaration, specs: Specs) -> tuple[str, ...]:
    """The datasets of subjects that a declaration needs for the variables it names, and that of its records."""
    known = makers(specs.datasets, specs.declared)
    records = one.source or ("" if isinstance(one, SubjectSet) else one.of)
    own = specs.datasets[records].own.names if records in specs.datasets and records != ADSL else ()
    beside = [known[name] for name in named_by(one) if name in known and name not in own]
    return tuple(dict.fromkeys([*([one.source] if one.source else []), SUBJECTS, *beside]))


def _of_subjects(name: str, one: Declaration, specs: Specs) -> Node:
    """The node of one thing that is asked of subjects."""
    needs = needs_of(one, specs)
    module = "adam.sets" if isinstance(one, SubjectSet) else MODULE
    named = tuple(need for need in needs if need != SUBJECTS)
    settings = tuple(dict.fromkeys([name, *decisions_of(one)]))
    return Node(name, "recipe", needs, settings, module, "declared", (SUBJECTS,), specs.declared.files, named)


def _laid(node: Node, specs: Specs) -> Node:
    """A dataset's node with what its conditions need; ADSL takes whatever is declared of subjects."""
    if node.name == ADSL:
        sets = [one.node for one in specs.declared.sets if one.flag]
        conditions = [name for name, one in specs.declared.of_subjects.items() if getattr(one, "of", "") == ADSL]
        named = tuple(dict.fromkeys([*sets, *conditions]))
        return replace(node, needs=(*node.needs, *named), named=(*node.named, *named))
    laid = specs.declared.laid_upon(node.name)
    if not laid:
        return node
    asked = [(SUBJECTS, node_of(one)) if one.source else needs_of(one, specs) for one in laid]
    beside = tuple(dict.fromkeys(name for names in asked for name in names))
    settings = [f"{node.name}{LAID}", *(word for one in laid for word in decisions_of(one))]
    return replace(
        node, needs=tuple(dict.fromkeys([*node.needs, *beside])), beside=beside,
        settings=tuple(dict.fromkeys([*node.settings, *settings])), files=(*node.files, *specs.declared.files),
    )  # fmt: skip


def ahead(
    declared: tuple[Condition, ...], made: list[str], spec: DatasetSpec
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """The conditions that can be laid before a dataset is completed, and those that rest on what completes it.

    So that what completes it may name the study's own flags. `made` are the variables that its recipe has made.
    """
    rests = {*spec.names} - {*made} - {one.name for one in declared}
    early: list[Condition] = []
    for one in declared:
        if one.source or rests & {name for text in (one.where, one.among) for name in named_in(text)}:
            rests.add(one.name)
        else:
            early.append(one)
    return tuple(early), tuple(one for one in declared if one not in early)


def laid(
    node: Node, dataset: pd.DataFrame, spec: DatasetSpec, declared: tuple[Condition, ...], beside: list[pd.DataFrame]
) -> pd.DataFrame:
    """The dataset with what conditions.yaml declares of its records; `beside`: the subjects, then what is named.

    Its flags say N already where they are to say so (`said_in_full`): clauses see what the dataset will have.
    """
    from pipeline.engine.schema import said_in_full

    dataset = said_in_full(dataset, spec)
    if not beside or not declared:
        return dataset
    from adam.derive.conditions import laid_upon

    named = dict(zip(node.beside[1:], beside[1:], strict=True))
    return laid_upon(dataset, declared, node.dataset, beside[0], named)
