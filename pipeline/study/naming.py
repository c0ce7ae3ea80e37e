"""The names that clauses may use and that nobody stores: conditions on records of SDTM or of a step, and sets.

A condition `of:` a dataset that is handed out with variables of its own (ADaM) becomes a variable there; `of: pc` or
`of: assessments` it is a clause by name, `of: records` one on the records of any dataset. A set is named by its id: its
flag, or its clause where it has no flag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pipeline.ground.clauses import named_in
from pipeline.ground.conditions import Condition, SubjectSet
from pipeline.ground.faults import TrialError
from pipeline.ground.named_clauses import Known, NamedClause, flag, in_full, of_cases
from pipeline.study.yaml_text import Content, load_yaml

LAYERS, EACH = ("sdtm", "adam"), "--"
RECORDS = "records"  # `of:` of a clause on any dataset's records: their day, and what is known of the subject


@dataclass(frozen=True)
class DatasetFiles:
    """The dataset specs of the standard and of a study, as their files stand there."""

    standard: Path
    folder: Path

    @cached_property
    def read(self) -> list[tuple[str, str, Content]]:
        """Layer, stem and content of each file."""
        homes = ((layer, home / layer) for home in (self.standard, self.folder) for layer in LAYERS)
        found = ((layer, path.stem, load_yaml(path)) for layer, home in homes for path in sorted(home.glob("*.yaml")))
        return [one for one in found if isinstance(one[2], dict)]

    @cached_property
    def not_added_to(self) -> frozenset[str]:
        """The datasets that get no variable of a condition: those of SDTM, and steps that nobody is handed."""
        own = [one for one in self.read if one[0] == "sdtm" or one[2].get("intermediate") == "true"]
        domains = ((stem, domain) for _, stem, content in own for domain in content.get("domains", [""]))
        return frozenset(stem.replace(EACH, domain.lower()) for stem, domain in domains)

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of all variables."""
        said = [content.get("variables", []) for _, _, content in self.read]
        names = [one if isinstance(one, str) else one.get("name", "") for part in said for one in part]
        return frozenset(map(str, names))


def unstored(one: Condition, files: DatasetFiles) -> bool:
    """True for a condition that is a clause by name."""
    return one.of == RECORDS or (one.of in files.not_added_to and not one.source)


def known_names(
    clauses: Mapping[str, Condition], sets: Mapping[str, SubjectSet], files: DatasetFiles, at: Callable[[str], str]
) -> dict[str, NamedClause]:
    """What each name stands for, in the order of need. Raises TrialError for those that rest on each other."""
    told: dict[str, Any] = {name: one for name, one in sets.items() if name not in files.variables} | dict(clauses)
    asks = {name: [word for text in one.clauses for word in named_in(text)] for name, one in told.items()
            if not getattr(one, "flag", "")}  # fmt: skip
    needs = {name: [word for word in words if word in asks] for name, words in asks.items()}
    try:
        order = [*TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        what = f"Conditions rest on each other in a circle: {' needs '.join(circle)}."
        raise TrialError(what, at(circle[0]), "say one of them without the other") from error
    known = {name: NamedClause(name, variable=one.flag) for name, one in told.items() if name not in asks}
    for name in order:
        known[name] = _meaning(name, told[name], known)
    return {name: one._replace(told_in="sets.yaml") if name in sets else one for name, one in known.items()}


def _meaning(name: str, one: Condition | SubjectSet, known: Known) -> NamedClause:
    if isinstance(one, Condition) and one.cases:
        return of_cases(name, one.cases, one.otherwise, one.among, known)
    return flag(name, one.where, one.among if isinstance(one, Condition) else "", known)


def condition_in_full(one: Condition, known: Known) -> Condition:
    """A condition, its clauses written out."""
    cases = {text: in_full(clause, known) for text, clause in one.cases.items()}
    return replace(one, where=in_full(one.where, known), among=in_full(one.among, known), cases=cases)


def set_in_full(one: SubjectSet, known: Known) -> SubjectSet:
    """A set, its clauses written out."""
    reasons = {text: in_full(clause, known) for text, clause in one.reasons.items()}
    return replace(one, where=in_full(one.where, known), reasons=reasons)
