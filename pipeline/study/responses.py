"""The response parameters of a study: files of `endpoints/` that begin with `response:`.

Of the standard's those are made that study.yaml lists under `endpoints:`, the usual ones where it lists none, except
where a window is not planned; a study's own always, and in place of the standard's of the same code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.ground.clauses import named_in
from pipeline.ground.endpoints import NONE, Response, Responses
from pipeline.ground.metadata import DatasetSpec, Parameter
from pipeline.ground.words import did_you_mean
from pipeline.study import situations
from pipeline.study.decisions import Choice
from pipeline.study.derivation import load_derivation, with_derived
from pipeline.study.endpoint_folder import (
    EndpointContext,
    EndpointFolder,
    SpecPart,
    asked,
    datasets_of,
    population,
)
from pipeline.study.endpoints import load_endpoints, with_endpoints
from pipeline.study.frozen import frozen, texts
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content

RECIPE, DATASET = "response_summary", "adrs"
SOURCE = "RS.RSSTRESC[RSTESTCD=OVRLRESP], RS.RSDTC[RSTESTCD=OVRLRESP]"
YES_NO, LISTED = "N", "MISSING"  # what stands where there is no assessment


def parameter_inputs(told: EndpointFolder, study: EndpointContext) -> dict[str, SpecInput]:
    """The endpoints and the responses of a study, by what recipes call them. Raises TrialError with its place."""
    return {"endpoints": load_endpoints(told, study), "responses": load_responses(told, study),
            "derivation": load_derivation(told, study)}  # fmt: skip


def with_parameters(
    datasets: Mapping[str, DatasetSpec], told: EndpointFolder, study: EndpointContext, made: Mapping[str, SpecInput]
) -> dict[str, DatasetSpec]:
    """The dataset specs with the endpoints and responses that are made as parameters of ADTTE and ADRS."""
    return with_responses(with_endpoints(with_derived(datasets, told, study), made["endpoints"]), made["responses"])


def load_responses(told: EndpointFolder, study: EndpointContext) -> SpecInput:
    """The response parameters, and what they are made of. Raises TrialError with file, line and column."""
    made = [_in_full(one, told, study) for one in asked(told.responses, told, study)]
    sources = {name: told.sources[name].words for name in dict.fromkeys(one["assessments"] for one in made)}
    names = (name for one in made for name in _asked(one, sources, study.datasets))
    beside, datasets = datasets_of(names, sources, study.datasets)
    decisions = tuple(dict.fromkeys(name for _, name in situations.named_decisions([made, sources])))
    said = {"made": made, "sources": sources, "beside": beside}
    return SpecInput(said, read_responses, told.files, {RECIPE: datasets}, {RECIPE: decisions})


def with_responses(datasets: Mapping[str, DatasetSpec], told: SpecInput) -> dict[str, DatasetSpec]:
    """The dataset specs, ADRS with the response parameters beside those of its own."""
    whole = dict(datasets)
    if DATASET not in whole:
        return whole
    own = [one for one in whole[DATASET].parameters if one.code not in {said["response"] for said in told.said["made"]}]
    made = [Parameter(one["response"], one["label"], one.get("derivation", ""), one.get("source", SOURCE))
            for one in told.said["made"]]  # fmt: skip
    return whole | {DATASET: replace(whole[DATASET], parameters=(*own, *made))}


def read_responses(said: Content, decisions: Mapping[str, Choice]) -> Responses:
    """The response parameters with the choices in force; one whose window a decision leaves open is not made."""
    words = situations.filled(said, decisions)
    sources = {name: situations.source(name, one) for name, one in words["sources"].items()}
    planned = [one for one in words["made"] if NONE not in (one.get("from"), one.get("to"))]
    return Responses(tuple(map(response, planned)), sources, tuple(words["beside"]))


def response(words: Content) -> Response:
    """A response parameter from its words."""
    days = {name: int(words[word]) if word in words else None for name, word in (("start", "from"), ("end", "to"))}
    said = {word: ",".join(texts(words.get(word, ""))).split(",") for word in ("yes", "best")}
    lists = {word: tuple(one.strip() for one in listed if one.strip()) for word, listed in said.items()}
    missing = words.get("missing", YES_NO if lists["yes"] else LISTED)
    parts = {"code": words["response"], "population": words["clause"], "recode": dict(words.get("recode", {}))}
    return frozen(Response, words, missing="" if missing == NONE else missing, **parts, **days, **lists)


def _asked(one: Content, sources: Mapping[str, Content], datasets: Mapping[str, DatasetSpec]) -> Iterator[str]:
    """What a parameter asks of its subjects; what its assessments have themselves is none of it."""
    of = sources[one["assessments"]]["of"]
    own = datasets[of].names if of in datasets else ()
    yield from named_in(one["clause"])
    yield from (name for name in named_in(one.get("where", "")) if name not in own)


def _in_full(one: SpecPart, told: EndpointFolder, study: EndpointContext) -> Content:
    """A parameter's words with its population as a clause. Raises TrialError."""
    words = one.words
    name = words["assessments"]
    if name not in told.sources:
        raise one.fault(f"Unknown source '{name}'.", did_you_mean(name, told.sources), "assessments")
    if "yes" in words and "best" in words:
        raise one.fault("A parameter asks `yes:` or `best:`, not both.", "leave one out", "best")
    if words.get("take") == "nearest" and "window" not in words:
        raise one.fault("The nearest is sought by the planned day of a visit.", "say window: and the visit", "take")
    if not {"yes", "best", "take"} & set(words):
        raise one.fault(f"{words['response']} asks nothing.", "say yes:, best: or take:", "response")
    of = study.datasets.get(told.sources[name].words["of"])
    value = words.get("value", Response.value)
    if of and value not in of.names:
        cure = did_you_mean(value, of.names)
        raise one.fault(f"{of.dataset} has no variable {value}.", cure, "value" if "value" in words else "assessments")
    return words | {"clause": population(one, study)}
