"""Why endpoints are not derived a second time, or of whom alone: what a study defines otherwise than the plan.

The SQL derives by the plan and by the decisions that it is given. Where a study's own endpoint file names other
situations or assessments, or its own dlt.yaml other events, that is a rule which no value can stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content, load_yaml
from pipeline.verify.comparison import VerifiedEndpoint, endpoints
from pipeline.verify.plan import DLT, rules_dlt

KNOWN = ("endpoint", "response", "label", "usual", "population", "origin", "best", "derivation", "footnote")
TREATED = ("INF", "SAF")  # the infused
ONE_WAY = {
    "Response": {"CONFIRM": "N", "CR_MIN_DUR": "none"},
    "Laboratory": {"CTCAE": "v5", "LAB_WORST": "N", "LAB_SAME_DAY": "LATEST"},
}  # decisions of which the SQL has one choice
SAID = {"None": "none", "False": "N", "True": "Y"}


def withheld(specs: Specs, decided: Mapping[str, str]) -> dict[str, str]:
    """Why endpoints are not derived, by their id."""
    found = {}
    for endpoint in endpoints():
        reasons = [*_chosen_otherwise(endpoint, decided), *_defined_otherwise(endpoint, specs)]
        if reasons:
            found[endpoint.id] = reasons[0]
    return found


def of_whom(specs: Specs) -> dict[str, str]:
    """Endpoints of a set that the study defines itself: of them the subjects whom ADaM has are compared."""
    found = {}
    for endpoint in endpoints():
        kind, _, name = endpoint.own.partition(" ")
        population = _words(specs, name).get("population", "") if kind == "endpoint" else ""
        if population not in TREATED and population in specs.declared.own:
            found[endpoint.id] = f"of the subjects whom ADaM has; {population} is the study's own set"
    return found


def _chosen_otherwise(endpoint: VerifiedEndpoint, decided: Mapping[str, str]) -> Iterator[str]:
    for name, had in ONE_WAY.get(endpoint.chapter, {}).items():
        said = SAID.get(decided.get(name, had), decided.get(name, had))
        if said != had:
            yield f"{name} is {said}, and the second derivation has {had} alone"


def _defined_otherwise(endpoint: VerifiedEndpoint, specs: Specs) -> Iterator[str]:
    kind, _, name = endpoint.own.partition(" ")
    if kind == "set" and name in specs.declared.own:
        yield f"the study defines the set {name} itself"
    if kind == "dlt" and "events" in _file(specs.folder / DLT) and not rules_dlt(specs):
        yield "the study says itself which events are dose-limiting (dlt.yaml: events)"
    if kind != "endpoint":
        return
    further = [word for word in _file(specs.folder / "endpoints" / f"{name}.yaml") if word not in KNOWN]
    if further:
        yield f"the study defines it otherwise than the plan ({name}.yaml: {', '.join(further)})"
    changed = sorted(_named(_words(specs, name)) & _anew(specs))
    if changed:
        yield f"the study defines anew what it rests on ({', '.join(changed)})"


def _words(specs: Specs, name: str) -> Content:
    """What the standard says of an endpoint, and over it the study."""
    path = specs.root / "specs" / "standard" / "endpoints" / f"{name}.yaml"
    return {**_file(path), **_file(specs.folder / "endpoints" / f"{name}.yaml")}


def _named(words: Content) -> set[str]:
    """The situations and sources that an endpoint names."""
    situations = [one for one in words.get("situations", ()) if isinstance(one, str)]
    return {*situations, *(str(words[word]) for word in ("assessments", "origin") if word in words)}


def _anew(specs: Specs) -> set[str]:
    """The situations and sources of the standard that the study says otherwise."""
    standard = specs.root / "specs" / "standard" / "endpoints"
    own = specs.folder / "endpoints"
    both = [(_file(own / file), _file(standard / file)) for file in ("situations.yaml", "sources.yaml")]
    return {name for ours, theirs in both for name in ours if name in theirs}


def _file(path: Path) -> Content:
    said = load_yaml(path) if path.exists() else None
    return said if isinstance(said, dict) else {}
