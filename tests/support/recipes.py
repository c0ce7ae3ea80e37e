"""Recipes of adam/ by name: what one asks for is made first, from given SDTM datasets and the standard decisions."""

from __future__ import annotations

import importlib
import inspect
from functools import partial

import pandas as pd
import yaml
from read_once import specs_of
from tables import DTYPES, STANDARD, alive_of_standard, conformed, declared, given, spec, spec_types, toxicities

import adam.sets
from pipeline.ground import source
from pipeline.ground.conditions import SubjectSet
from pipeline.ground.dlt import DltPlan
from pipeline.ground.endpoints import Derivation, Endpoints, Responses
from pipeline.ground.metadata import StudySettings
from pipeline.study.course import load_baselines, load_doses, load_kinetics
from pipeline.study.declared import named_by
from pipeline.study.dlt import load_dlt
from pipeline.study.endpoints import read_endpoints
from pipeline.study.responses import read_responses

ROOT = STANDARD.parents[1]
CONVERT = {"flag": "Y".__eq__, "integer": lambda text: None if text == "none" else int(text), "number": float,
           "integers": lambda text: tuple(int(one) for one in text.split(","))}  # fmt: skip


def decisions() -> dict[str, object]:
    """The standard decisions by lower-case name, typed."""
    entries = yaml.load((STANDARD / "decisions.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return {e["id"].lower(): CONVERT.get(e["type"], str)(e["default"]) for e in entries}


def recipe_functions() -> dict[str, object]:
    """Every function of adam/ that has a spec of its name."""
    found = {}
    for name in source.modules("adam"):
        module = importlib.import_module(name)
        own = {n: f for n, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__}
        found |= {name: own[name] for name in own if (STANDARD / "adam" / f"{name}.yaml").exists()}
    sets = {name: one for name, one in declared().of_subjects.items() if isinstance(one, SubjectSet)}
    return found | {name: partial(adam.sets.declared, one) for name, one in sets.items()}


def everything(datasets: dict[str, pd.DataFrame], **changed: object) -> dict[str, pd.DataFrame]:
    """All datasets of adam/ as the runner would make them; SDTM datasets that are not given are empty."""
    settings = decisions() | {"cutoff": "2026-06-30", "study": StudySettings(), "visits": table_of("visits")}
    settings |= {"dlt": dlt_plan(), "toxicities": toxicities(), "endpoints": standard_endpoints(settings | changed)}
    settings |= {"responses": standard_responses(settings | windows(settings["visits"]) | changed)}
    settings |= {"derivation": Derivation()}
    settings |= {"ct": pd.read_csv(STANDARD / "terminology" / "codelists.csv", dtype="str")}
    settings |= {"period": 1, "doses": load_doses(STANDARD, STANDARD / "none").value({})}
    settings |= {"kinetics": load_kinetics(STANDARD, STANDARD / "none").value({})}
    settings |= {"baselines": load_baselines(STANDARD, STANDARD / "none").value({})}
    settings |= {"alive_sources": alive_of_standard(lstalv_leuk=settings["lstalv_leuk"])}
    settings |= windows(settings["visits"]) | changed
    for name in ("ctcae", "icaht", "hematotox", "iechs"):
        settings |= {name: criteria_table(f"{name}_{settings[name]}")}
    functions, known = recipe_functions(), dict(datasets)
    for name in functions:
        _make(name, known, settings, functions)
    return known


def criteria_table(name: str) -> pd.DataFrame:
    """A table of published criteria, all text."""
    return pd.read_csv(STANDARD / "criteria" / f"{name}.csv", dtype="str")


def dlt_plan(**changed: object) -> DltPlan:
    """What the standard says of dose-limiting toxicity, with these decisions changed."""
    (told,) = load_dlt(STANDARD, STANDARD / "nowhere").values()
    return told.read(told.said, decisions() | changed)


def named_for(name: str) -> list[str]:
    """What a set takes as `**named`: what its clauses ask; ADSL takes all sets."""
    sets = {one.node: one for one in declared().sets if one.flag}
    if name == "adsl":
        return list(sets)
    makers = {variable: node for node, one in sets.items() for variable in (one.flag, one.reason)}
    one = sets.get(name)
    asked = [makers[word] for word in named_by(one) if word in makers] if one and one.declared else []
    return [*([one.source] if one and one.source else []), *asked]


def windows(visits: pd.DataFrame) -> dict[str, int]:
    """The windows of Day 30 and Day 100, which visits.csv says."""
    planned = visits.set_index("AVISIT")
    ends = {"low": "WINDOW_LOW", "high": "WINDOW_HIGH"}
    return {f"crd{day}_{end}": int(planned.loc[f"Day {day}", name]) for day in (30, 100) for end, name in ends.items()}


def table_of(word: str) -> pd.DataFrame:
    """A table of the specs that recipes ask for."""
    return pd.read_csv(ROOT / "specs" / "iomab_act" / f"{word}.csv", dtype="str")


def standard_endpoints(settings: dict) -> Endpoints:
    """The usual endpoints of the standard."""
    told = specs_of("iomab_act").inputs["endpoints"]
    return read_endpoints(told.said, settings)


def standard_responses(settings: dict) -> Responses:
    """The response parameters of the standard."""
    told = specs_of("iomab_act").inputs["responses"]
    return read_responses(told.said, settings)


def _make(name: str, known: dict, settings: dict, functions: dict) -> pd.DataFrame:
    """The dataset, made when it is not known yet; `known` remembers it."""
    if name not in known:
        known[name] = _run(name, known, settings, functions) if name in functions else given(name, "USUBJID")
    return known[name]


def _run(name: str, known: dict, settings: dict, functions: dict) -> pd.DataFrame:
    words = inspect.signature(functions[name]).parameters
    told = specs_of("iomab_act").inputs.values() if "named" in words else ()
    named = [dataset for one in told for dataset in one.datasets.get(name, ())]
    asked = dict.fromkeys([*(word for word in words if word != "named"), *named, *named_for(name)])
    arguments = {w: settings[w] if w in settings else _make(w, known, settings, functions) for w in asked}
    result = functions[name](**arguments)
    dataset = result[0] if isinstance(result, tuple) else result
    labels = specs_of("iomab_act").datasets[name].parameter_labels
    dataset = dataset.assign(PARAM=dataset["PARAMCD"].map(labels).astype("str")) if labels else dataset
    if "completed_by" in spec(name):
        dataset = _completed(spec(name)["completed_by"], dataset, known, settings)
    lacking = [variable for variable in spec_types(name) if variable not in dataset.columns]
    if lacking:
        raise KeyError(f"{name} does not make {', '.join(lacking)} of its spec")
    types = {variable: DTYPES[kind] for variable, kind in spec_types(name).items()}
    return conformed(name, dataset).astype(types)


def _completed(name: str, dataset: pd.DataFrame, known: dict, settings: dict) -> pd.DataFrame:
    """The dataset with what the function of its spec adds, whose first parameter it is."""
    modules = (importlib.import_module(module) for module in source.modules("adam"))
    found = ((module, getattr(module, name, None)) for module in modules)
    function = next(f for module, f in found if inspect.isfunction(f) and f.__module__ == module.__name__)
    _, *others = inspect.signature(function).parameters
    return function(dataset, **{word: settings.get(word, known.get(word)) for word in others})
