"""What the implementation guide of SDTM says of each domain: its variables in order, with label, type and core.

The list is `terminology/sdtmig-VERSION.csv`. Behind the domains of the guide it holds what the model lets any domain of
a class have (GENERAL, EVENTS, INTERVENTIONS, FINDINGS, FINDINGS ABOUT), with `--` for the name of the domain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from pipeline.study.csv_text import load_text, sheet_of

Guide: TypeAlias = Mapping[str, tuple[Variable, ...]]
FOLDER, LIST = "terminology", "sdtmig-"
EACH, QUALIFIERS, OF_QUALIFIERS = "--", "SUPP", "SUPPQUAL"
GENERAL, OF_MODEL = "GENERAL", ("EVENTS", "INTERVENTIONS", "FINDINGS", "FINDINGS ABOUT")
IDENTIFIERS = "--BEATNO"  # with which those of the model end; what is further GENERAL is timing
COLLECTED, PERMISSIBLE = "sdtm", "Perm"


def load_guide(standard: Path, version: str) -> Guide:
    """The variables of each domain (and class) by its name: of this version, else of the newest; none without a list.

    Raises TrialError for a list that cannot be read.
    """
    found = sorted((standard / FOLDER).glob(f"{LIST}{version or '*'}.csv"))
    return _guide(found[-1], load_text(found[-1])) if found else {}


@lru_cache(maxsize=8)
def _guide(path: Path, text: str) -> Guide:
    """What a text of this file lists; the same text is read once."""
    rows = [cells for _, cells in sheet_of(path, text).rows]
    return {domain: tuple(Variable(name, label, kind, core=core) for _, name, label, kind, core in own)
            for domain, own in groupby(rows, key=itemgetter(0))}  # fmt: skip


def guided(spec: DatasetSpec, guide: Guide) -> tuple[Variable, ...]:
    """The variables that the guide has for a dataset, in its order; those that only the model has stand without core.

    Source: SDTMIG 3.4, 4.1.4 (order); 2.5 and 4.1.5 (a variable of the model may be added to a domain of a class).
    """
    own = guide.get(OF_QUALIFIERS if spec.dataset.startswith(QUALIFIERS) else spec.dataset, ())
    found = {variable.name: variable for variable in own}
    order = list(found)
    model = _of_model(spec.observation_class, spec.dataset, guide)
    for place, variable in enumerate(model):
        if variable.name not in found:
            before = next((one.name for one in reversed(model[:place]) if one.name in found), "")
            order.insert(order.index(before) + 1 if before else 0, variable.name)
            found[variable.name] = variable
    return tuple(found[name] for name in order)


def _of_model(of_class: str, domain: str, guide: Guide) -> list[Variable]:
    """What the model lets a domain of this class have: identifiers, what is of the class, timing."""
    general = guide.get(GENERAL, ())
    if of_class not in OF_MODEL or not general:
        return []
    last = [variable.name for variable in general].index(IDENTIFIERS) + 1
    classes = ("FINDINGS", "FINDINGS ABOUT") if of_class == "FINDINGS ABOUT" else (of_class,)
    own = [variable for name in classes for variable in guide.get(name, ())]
    return [Variable(one.name.replace(EACH, domain), one.label, one.type, core=one.core)
            for one in (*general[:last], *own, *general[last:])]  # fmt: skip


def in_place(spec: DatasetSpec, known: Collection[str], guide: Guide) -> DatasetSpec:
    """The dataset, its variables but those `known` each where the guide puts it; what it does not know stands last."""
    order = [variable.name for variable in guided(spec, guide)]
    whole = [variable for variable in spec.variables if variable.name in known]
    for variable in [variable for variable in spec.variables if variable.name not in known]:
        before = {*order[: order.index(variable.name)]} if variable.name in order else {one.name for one in whole}
        whole.insert(max((n for n, one in enumerate(whole, 1) if one.name in before), default=0), variable)
    return replace(spec, variables=tuple(whole))


def with_permissible(
    datasets: Mapping[str, DatasetSpec], study: StudySettings, standard: Path
) -> dict[str, DatasetSpec]:
    """The datasets; of a study that starts from SDTM with what else the guide permits, carried as it is delivered."""
    if not study.from_sdtm:
        return dict(datasets)
    guide = load_guide(standard, study.standards.get("sdtmig", ""))
    return {name: _carrying(spec, guide) if spec.layer == COLLECTED and not spec.intermediate else spec
            for name, spec in datasets.items()}  # fmt: skip


def _carrying(spec: DatasetSpec, guide: Guide) -> DatasetSpec:
    further = [replace(variable, core=PERMISSIBLE, origin="Collected") for variable in guided(spec, guide)
               if variable.name not in spec.by_name and variable.name not in spec.without]  # fmt: skip
    whole = replace(spec, variables=(*spec.variables, *further), carried=tuple(one.name for one in further))
    return in_place(whole, spec.names, guide)
