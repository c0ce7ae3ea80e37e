"""The folder `endpoints/` of the standard and of a study: sources and situations by name, one file per endpoint.

A study's own sources, situations and endpoints win over the standard's of the same name. Of the standard's endpoints
those are made that study.yaml lists under `endpoints:`, the usual ones where it lists none; a study's own always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.ground.clauses import named_in
from pipeline.ground.endpoints import TIMES, Endpoints
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.ground.words import did_you_mean
from pipeline.study import situations
from pipeline.study.decisions import Choice
from pipeline.study.endpoint_checks import checked, leaves_nobody
from pipeline.study.endpoint_folder import (
    EndpointContext,
    EndpointFolder,
    SpecPart,
    asked,
    datasets_of,
    population,
)
from pipeline.study.endpoint_sentence import sentence
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content

DAY1 = "@TTE_DAY1"
EVENT_CAUSE = Variable(
    "EVNTCD", "Event Code", "number", core="Cond", origin="Derived",
    derivation="Cause of the event among competing ones, 0 where censored; see the endpoint.",
)  # fmt: skip


def load_endpoints(told: EndpointFolder, study: EndpointContext) -> SpecInput:
    """The endpoints that are made, and what they are made of. Raises TrialError with file, line and column."""
    made = [_in_full(one, told, study) for one in asked(told.endpoints, told, study)]
    sources = {name: told.sources[name].words for name in _sources_of(made, told, study)}
    beside, datasets = datasets_of((name for one in made for name in _asked(one)), sources, study.datasets)
    decisions = tuple(dict.fromkeys(name for _, name in situations.named_decisions([made, sources])))
    said = {"made": made, "sources": sources, "beside": beside}
    by_recipe = dict.fromkeys(TIMES, datasets), dict.fromkeys(TIMES, decisions)
    return SpecInput(said, read_endpoints, told.files, *by_recipe)


def with_endpoints(datasets: Mapping[str, DatasetSpec], told: SpecInput) -> dict[str, DatasetSpec]:
    """The dataset specs, those of times with the endpoints that are made as parameters; none that would have none."""
    whole = dict(datasets)
    for name in [name for name in TIMES if name in whole]:
        made = [one for one in told.said["made"] if one.get("dataset", TIMES[0]) == name]
        if made or name == TIMES[0]:
            whole[name] = _with_parameters(whole[name], made, told.said["sources"])
        else:
            del whole[name]
    return whole


def _with_parameters(spec: DatasetSpec, made: list[Content], sources: Mapping[str, Content]) -> DatasetSpec:
    """The dataset with its endpoints, each with its sentence, and with causes where events compete."""
    parameters = tuple(Parameter(one["endpoint"], one["label"], one.get("derivation") or sentence(one, sources))
                       for one in made)  # fmt: skip
    causes = any("cause" in situation for one in made for situation in one["situations"])
    added = [EVENT_CAUSE] if causes and EVENT_CAUSE.name not in spec.names else []
    return replace(spec, parameters=parameters, variables=(*spec.variables, *added))


def read_endpoints(said: Content, decisions: Mapping[str, Choice]) -> Endpoints:
    """The endpoints with the choices in force."""
    words = situations.filled(said, decisions)
    sources = {name: situations.source(name, one) for name, one in words["sources"].items()}
    made = tuple(
        situations.endpoint(one, one["clause"], tuple(situations.situation(s["name"], s) for s in one["situations"]))
        for one in words["made"]
    )
    return Endpoints(made, sources, tuple(words["beside"]))


def _in_full(one: SpecPart, told: EndpointFolder, study: EndpointContext) -> Content:
    """An endpoint's words with its situations written out and its population as a clause."""
    words = {"day1": DAY1} | one.words
    clause = population(one, study)
    full = [_situation(one, number, told) for number in range(len(words["situations"]))]
    for situation in full:
        checked(situation, one, told)
    for name in filter(None, (words.get("assessments", ""), *_origins(words["origin"], study))):
        if name not in told.sources:
            word = "assessments" if name == words.get("assessments") else "origin"
            raise one.fault(f"Unknown source '{name}'.", did_you_mean(name, told.sources), word)
    leaves_nobody(full[-1], one)
    return words | {"clause": clause, "situations": [situation.words for situation in full]}


def _situation(one: SpecPart, number: int, told: EndpointFolder) -> SpecPart:
    """A situation of an endpoint: by its name, or as it stands there."""
    said = one.words["situations"][number]
    if isinstance(said, str):
        if said not in told.situations:
            cure = did_you_mean(said, told.situations)
            raise one.fault(f"Unknown situation '{said}'.", cure, "situations", number)
        named = told.situations[said]
        return SpecPart({"name": said} | named.words, named.path, named.where)
    return SpecPart({"name": f"{one.words['endpoint']} {number + 1}"} | said, one.path, ("situations", number))


def _origins(origin: str, study: EndpointContext) -> tuple[str, ...]:
    """The sources that may be the origin: the one named, or all choices of a decision."""
    name = origin.removeprefix("@").upper()
    return study.decisions[name].choices if origin.startswith("@") and name in study.decisions else (origin,)


def _sources_of(made: Iterable[Content], told: EndpointFolder, study: EndpointContext) -> list[str]:
    """All sources that the endpoints name, and those that these name, in the order of their files."""
    todo = [name for one in made for name in (*_origins(one["origin"], study), one.get("assessments", ""))]
    todo += [name for one in made for situation in one["situations"] for name in situations.named_sources(situation)]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name and name not in found:
            found.add(name)
            after = told.sources[name].words.get("after", "")
            if after and after not in told.sources:
                raise told.sources[name].fault(f"Unknown source '{after}'.", did_you_mean(after, told.sources), "after")
            todo.append(after)
    return [name for name in told.sources if name in found]


def _asked(one: Content) -> Iterator[str]:
    """What an endpoint asks of its subjects."""
    clauses = [one["clause"], *(situation.get("when", "") for situation in one["situations"])]
    yield from (name for clause in clauses for name in named_in(clause))
