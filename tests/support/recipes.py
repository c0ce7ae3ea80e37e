"""Recipes of adam/ by name: what one asks for is made first, from given SDTM datasets and the standard decisions."""

from __future__ import annotations

import importlib
import inspect

import pandas as pd
import yaml
from tables import DTYPES, STANDARD, conformed, given, labelled, spec_types

from pipeline.ground import source
from pipeline.ground.metadata import StudySettings

ROOT = STANDARD.parents[1]
CONVERT = {"flag": "Y".__eq__, "integer": lambda text: None if text == "none" else int(text), "number": float}


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
    return found


def everything(datasets: dict[str, pd.DataFrame], **changed: object) -> dict[str, pd.DataFrame]:
    """All datasets of adam/ as the runner would make them; SDTM datasets that are not given are empty."""
    settings = decisions() | {"cutoff": "2026-06-30", "study": StudySettings(), "visits": table_of("visits")}
    settings |= {"endpoints": table_of("endpoints")} | windows(settings["visits"]) | changed
    functions, known = recipe_functions(), dict(datasets)
    for name in functions:
        _make(name, known, settings, functions)
    return known


def windows(visits: pd.DataFrame) -> dict[str, int]:
    """The windows of Day 30 and Day 100, which visits.csv says."""
    planned = visits.set_index("AVISIT")
    ends = {"low": "WINDOW_LOW", "high": "WINDOW_HIGH"}
    return {f"crd{day}_{end}": int(planned.loc[f"Day {day}", name]) for day in (30, 100) for end, name in ends.items()}


def table_of(word: str) -> pd.DataFrame:
    """A table of the specs that recipes ask for."""
    folder = STANDARD if word == "endpoints" else ROOT / "specs" / "iomab_act"
    return pd.read_csv(folder / f"{word}.csv", dtype="str")


def _make(name: str, known: dict, settings: dict, functions: dict) -> pd.DataFrame:
    """The dataset, made when it is not known yet; `known` remembers it."""
    if name not in known:
        known[name] = _run(name, known, settings, functions) if name in functions else given(name, "USUBJID")
    return known[name]


def _run(name: str, known: dict, settings: dict, functions: dict) -> pd.DataFrame:
    words = inspect.signature(functions[name]).parameters
    arguments = {w: settings[w] if w in settings else _make(w, known, settings, functions) for w in words}
    dataset = labelled(name, functions[name](**arguments))
    lacking = [variable for variable in spec_types(name) if variable not in dataset.columns]
    if lacking:
        raise KeyError(f"{name} does not make {', '.join(lacking)} of its spec")
    types = {variable: DTYPES[kind] for variable, kind in spec_types(name).items()}
    return conformed(name, dataset).astype(types)
