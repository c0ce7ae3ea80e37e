"""What a recipe makes of what its node needs, and what is made of datasets that are there; conformed to the spec."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.engine.conditions import ahead, laid
from pipeline.engine.core import CORE, places
from pipeline.engine.node import AT, DATA, FINDINGS, Node
from pipeline.engine.partition import MET
from pipeline.engine.parts import MADE, argument, completed, core
from pipeline.engine.periods import STARTS
from pipeline.engine.recipes import BY_CLASS
from pipeline.study.declared import LAID
from pipeline.study.periods import of_part
from pipeline.study.specs import TERMINOLOGY

if TYPE_CHECKING:
    import pandas as pd

Frames: TypeAlias = "dict[str, pd.DataFrame]"


def of_recipe(build: Any, node: Node) -> Frames:
    """The dataset that a recipe makes, and what was found in it; of a part of the subjects what was met in making it.

    A part is judged when it is joined with the others.
    """
    from pipeline.engine.schema import conform, shaped
    from pipeline.ground.queries import gather

    spec = of_part(build.specs.datasets[node.dataset].own)
    named = {word: build.given(node, word) for word in node.named}
    told: tuple[Any, ...] = ()
    if node.module in BY_CLASS.values():
        told = (build.given(node, node.needs[0].partition(AT)[0]), spec)
    told = (build.setting(node.dataset),) if node.dataset in node.settings else told
    made = of_function(build, node, (node.module, node.function, node.parameters), *told, **named)
    dataset, met = made if isinstance(made, tuple) else (made, None)
    beside = [build.given(node, word) for word in node.beside]
    declared = build.setting(f"{node.dataset}{LAID}") if beside else ()
    early, late = ahead(declared, list(dataset.columns), spec) if node.completed_by[1] else ((), declared)
    dataset = _completed(build, node, laid(node, dataset, spec, early, beside))
    dataset = laid(node, dataset, spec, late, beside)
    if node.partition:
        return {DATA: shaped(dataset, spec), MET: gather([met])}
    dataset, findings = conform(dataset, spec, build.table("ct"))
    return {DATA: dataset, FINDINGS: gather([met, findings])}


def of_function(build: Any, node: Node, of: tuple[str, str, tuple[str, ...]], *told: Any, **named: Any) -> Any:
    """What a function (module, name, parameters) makes of a node's needs and settings, and of what it is told."""
    (module, name, words), chosen = of, build.specs.chosen
    asked = {w: build.given(node, w) if w in node.given else argument(node, w, build.setting(chosen(w))) for w in words}
    return getattr(importlib.import_module(module), name)(*told, **asked, **named)


def _completed(build: Any, node: Node, dataset: pd.DataFrame) -> pd.DataFrame:
    """The dataset with what its spec lets another function add, which may rest on all of it, and ADSL's periods."""
    starts = build.needed(node, node.given[STARTS]) if STARTS in node.given else None
    dataset = completed(node, dataset, starts, build.specs.study)
    complete: pd.DataFrame = of_function(build, node, node.completed_by, dataset) if node.completed_by[1] else dataset
    return complete


def of_made(build: Any, node: Node) -> Frames:
    """What is made of datasets that are there: cut to a period, stacked, with core variables."""
    given, spec = [build.needed(node, need) for need in node.needs], build.specs.datasets[node.dataset]
    if node.made_as == CORE:
        return {DATA: core(given, spec, places(node.dataset, build.specs, build.table(TERMINOLOGY)))}
    return {DATA: MADE[node.made_as](given, spec, build.specs.study, node.period)}
