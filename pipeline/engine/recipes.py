"""The nodes of recipes: which function makes a dataset, and what it needs by its parameters and by what specs name.

A recipe with `**named` is handed, beside its parameters, the datasets that the spec files behind its settings name
(`pipeline/study/spec_input.py`); the decisions that they name are its settings too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from pipeline.engine.conditions import with_conditions
from pipeline.engine.node import MAPPED, Node
from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.words import did_you_mean
from pipeline.study.specs import Specs

SINGLE_SETTINGS = ("study", "cutoff", "period")
NAMED, QUALIFIERS, RAW = "named", "qualifiers", "raw:"
# The recipes by class, of sdtm/classes.py (SDTMIG 3.4) and adam/classes.py (ADaMIG 1.3); each takes records and the
# spec first: what was mapped to the domain, and the domain that `of:` names.
BY_CLASS, OF_CLASS = {"sdtm": "sdtm.classes", "adam": "adam.classes"}, ("records", "spec")
CLASSES = {
    "observations": ("EVENTS", "INTERVENTIONS", "FINDINGS", "FINDINGS ABOUT"),
    "qualifiers": ("RELATIONSHIP",),
    "findings": ("BASIC DATA STRUCTURE",),
    "occurrences": ("OCCURRENCE DATA STRUCTURE",),
}
HOLDS = {"findings": ("FINDINGS", "FINDINGS ABOUT"), "occurrences": ("EVENTS", "INTERVENTIONS")}  # domains, by class


def recipe_nodes(specs: Specs) -> list[Node]:
    """One node per dataset and set that a function of the project makes."""
    nodes, asked_of = [], _made_here(specs)
    for name, spec in asked_of.items():
        found = _find_function(spec.layer, name)
        if found is None:
            nodes += _class_nodes(spec, specs)
            continue
        module, parameters = found
        needs, settings = split(name, module, parameters, specs)
        completion, more = _completion(spec, specs)
        needs, settings = (*needs, *more[0]), (*settings, *more[1])
        named, decisions = _named(name, settings, specs)
        named = named if source.takes(module, name, NAMED) else ()
        needs, settings = (tuple(dict.fromkeys(both)) for both in ((*needs, *named), (*settings, *decisions)))
        asked = tuple(dataset for dataset in named if dataset not in parameters)
        nodes.append(Node(name, "recipe", needs, settings, module, name, parameters, spec.files, asked, completion))
    nodes = with_conditions(nodes, specs)
    _all_made({node.name for node in nodes}, asked_of)
    return nodes


def _made_here(specs: Specs) -> dict[str, DatasetSpec]:
    """The datasets that recipes make: all, but of a study that starts from SDTM those that rest on it."""
    return {name: spec for name, spec in specs.datasets.items() if spec.layer != "sdtm" or not specs.study.from_sdtm}


def _all_made(made: Collection[str], datasets: Mapping[str, DatasetSpec]) -> None:
    """Every dataset that a spec says is made; never is one left out in silence. Raises TrialError."""
    for name, spec in datasets.items():
        if name not in made:
            recipes = source.functions(BY_CLASS[spec.layer])
            classes = [one for recipe, told in CLASSES.items() if recipe in recipes for one in told]
            said = f"of class {spec.observation_class}" if spec.observation_class else "without a class"
            what = f"Nothing makes {spec.dataset} ({said}{f', of {spec.of}' if spec.of else ', without `of:`'})."
            cure = f"say `class:` ({', '.join(classes)})" + (" and `of:`, its domain" if spec.layer == "adam" else "")
            raise TrialError(what, str(spec.path), f"{cure}; a rule of its own is a function {name} in {spec.layer}/")


def _completion(
    spec: DatasetSpec, specs: Specs
) -> tuple[tuple[str, str, tuple[str, ...]], tuple[tuple[str, ...], tuple[str, ...]]]:
    """The function that completes a dataset, with its other parameters; what it needs, and its settings."""
    if not spec.completed_by:
        return ("", "", ()), ((), ())
    found = _find_function(spec.layer, spec.completed_by)
    if found is None:
        what = f"Nothing of {spec.layer}/ is called '{spec.completed_by}', which {spec.dataset} is completed by."
        raise TrialError(what, str(spec.path), "take `completed_by:` as the standard's spec has it")
    module, (_, *others) = found
    return (module, spec.completed_by, tuple(others)), split(spec.name, module, tuple(others), specs)


def _class_nodes(spec: DatasetSpec, specs: Specs) -> list[Node]:
    """The node of a dataset without a rule of its own: the recipe of its class, told by its spec."""
    recipe = next((of for of, classes in CLASSES.items() if spec.observation_class in classes), "")
    module, records = BY_CLASS.get(spec.layer, ""), spec.of or spec.name.removeprefix("supp") + MAPPED
    if recipe not in source.functions(module) or (spec.layer == "adam" and not spec.of):
        return []
    domain = specs.datasets.get(spec.of)
    if domain and domain.observation_class not in HOLDS[recipe]:
        what = f"{spec.dataset} ({spec.observation_class}) holds no records of {domain.dataset}, which is not of "
        raise TrialError(f"{what}{' or '.join(HOLDS[recipe])}.", str(spec.path), "name another domain under `of:`")
    parameters = source.functions(module)[recipe][len(OF_CLASS) :]
    needs, settings = split(spec.name, module, parameters, specs)
    supp = f"supp{spec.of}"
    named = (supp,) if supp in specs.datasets and source.takes(module, recipe, QUALIFIERS) else ()
    needs = tuple(dict.fromkeys((records, *needs, *named)))
    return [Node(spec.name, "recipe", needs, settings, module, recipe, parameters, spec.files, named)]


def _named(name: str, settings: tuple[str, ...], specs: Specs) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The datasets and decisions that the spec files behind a recipe's settings name for it. Raises TrialError."""
    told = [specs.inputs[word] for word in settings if word in specs.inputs]
    datasets = tuple(dict.fromkeys(dataset for one in told for dataset in one.datasets.get(name, ())))
    decisions = tuple(dict.fromkeys(word.lower() for one in told for word in one.decisions.get(name, ())))
    files = ", ".join(str(path) for one in told for path in one.files)
    for dataset in datasets:
        if dataset not in specs.datasets and not dataset.endswith(MAPPED) and not dataset.startswith(RAW):
            what = f"Nobody makes the dataset '{dataset}', which a spec names for {name}."
            raise TrialError(what, files, did_you_mean(dataset, specs.datasets))
    for word in decisions:
        if word.upper() not in specs.decisions:
            what = f"Unknown decision '{word.upper()}', which a spec names for {name}."
            raise TrialError(what, files, did_you_mean(word.upper(), specs.decisions))
    return datasets, decisions


@cache
def _find_function(layer: str, name: str) -> tuple[str, tuple[str, ...]] | None:
    """The module of the layer that makes what has this name: the one called as it is, else any."""
    for module in sorted(source.modules(layer), key=lambda module: (not module.endswith(f".{name}"), module)):
        found = source.functions(module)
        if name in found:
            return module, found[name]
    return None


def split(name: str, module: str, parameters: tuple[str, ...], specs: Specs) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parameters that are nodes, and those that are settings. Raises TrialError for an unknown word."""
    needs, settings = [], []
    for word in parameters:
        if word.endswith(MAPPED) or word in specs.datasets:
            needs.append(word)
        elif is_setting(word, specs):
            settings.append(word)
        else:
            decisions = (d.lower() for d in specs.decisions)
            known = [*specs.datasets, *decisions, *specs.tables, *specs.inputs, *SINGLE_SETTINGS]
            what = f"'{word}', which {name} needs, is no dataset, decision or table of the specs."
            place = specs.datasets[name].path if name in specs.datasets else specs.root / "specs" / "standard"
            raise TrialError(what, str(place), f"restore it in specs/; {did_you_mean(word, known)}")
    return tuple(needs), tuple(settings)


def is_setting(word: str, specs: Specs) -> bool:
    """True for a decision in lower case, a table of the specs, what files tell, `study`, `cutoff` or `period`."""
    return any((word.upper() in specs.decisions, word in specs.tables, word in specs.inputs, word in SINGLE_SETTINGS))
