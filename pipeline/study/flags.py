"""What flags say where they are not Y: nothing, as the standard's recipes leave them, or N throughout a study.

The codelist `Y` marks a flag that is Y or blank, `NY` one that also says N (blank: the question is not asked).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.ground.grammar import Comparison, Name
from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from pipeline.ground.named_clauses import ALWAYS, NamedClause
from pipeline.study.declared import Declared

YES_ONLY, YES_NO, IN_FULL = "Y", "NY", "Y/N"


def with_flags(datasets: Mapping[str, DatasetSpec], study: StudySettings, path: Path) -> dict[str, DatasetSpec]:
    """The datasets; where study.yaml (`path`) says `flags: Y/N`, a flag of ADaM that is not Y is N."""
    if study.flags != IN_FULL:
        return dict(datasets)
    return {name: _in_full(spec, path) for name, spec in datasets.items()}


def while_made(declared: Declared, names: Iterable[str], study: StudySettings) -> Declared:
    """What is declared, for clauses that are read while a dataset is made, before its flags say N: not Y is N there."""
    if study.flags != IN_FULL:
        return declared
    cases = {name: (("Y", Comparison(Name(name), "==", "Y")), ("N", ALWAYS)) for name in names}
    return replace(declared, named={**declared.named, **{name: NamedClause(name, one) for name, one in cases.items()}})


def _in_full(spec: DatasetSpec, path: Path) -> DatasetSpec:
    """An analysis dataset whose flags are Y or N; study.yaml is then one of the files that say it."""
    if spec.layer != "adam" or YES_ONLY not in [one.codelist for one in spec.variables]:
        return spec
    variables = tuple(_flag(one) if one.codelist == YES_ONLY else one for one in spec.variables)
    return replace(spec, variables=variables, additions=(*spec.additions, path))


def _flag(one: Variable) -> Variable:
    told = f"{one.derivation.rstrip('.')}; else N." if one.derivation else one.derivation
    origin = {"origin": "Derived", "derivation": "As in the source; else N."} if not told else {"derivation": told}
    return replace(one, codelist=YES_NO, otherwise="N", **origin)
