"""Datasets as people are handed them: with core variables of ADSL, and numbered (pipeline/study/core.py).

Recipes see a dataset as it was made (`adrs`), for ADSL itself may rest on it (responders); what is published is that
with its subject's variables beside (`adrs@core`), which nothing rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.node import AT, Node
from pipeline.study.csv_text import load_table
from pipeline.study.declared import ADSL
from pipeline.study.specs import TERMINOLOGY, Specs

if TYPE_CHECKING:
    import pandas as pd

CORE, ANALYSED = "core", "adam"
MODULE = "pipeline.engine.parts"


def with_core(nodes: list[Node], specs: Specs) -> list[Node]:
    """The nodes, and one for each dataset that carries variables of ADSL."""
    known = {node.name: specs.datasets[node.name] for node in nodes if node.name in specs.datasets}
    made = [name for name, spec in known.items() if spec.layer == ANALYSED and spec.carried]
    return [*nodes, *(_node(name, specs) for name in made)]


def _node(name: str, specs: Specs) -> Node:
    """The node of a dataset as people are handed it."""
    files = (*specs.datasets[name].files, *specs.datasets[ADSL].files, *tests_of(name, specs))
    return Node(f"{name}{AT}{CORE}", CORE, (name, ADSL), (TERMINOLOGY,), MODULE, CORE, (), files)


def tests_of(name: str, specs: Specs) -> tuple[Path, ...]:
    """The study's table of the tests that are the parameters of a dataset, where it has one."""
    domain = specs.datasets[name].tested.removesuffix("TESTCD").lower()
    return (specs.tests[domain],) if domain in specs.tests else ()


def places(name: str, specs: Specs, ct: pd.DataFrame) -> dict[str, int]:
    """The place of each parameter of a dataset: in its list, else of its test in the terminology, the study's last.

    Parameters that conditions lay upon the dataset come after those.
    """
    spec = specs.datasets[name]
    listed = [*spec.parameter_labels] or [*ct.loc[ct["codelist"] == spec.tested, "submission"]]
    listed += [test for path in tests_of(name, specs) for test in load_table(path)["test"]]
    listed += [one.name for one in specs.declared.laid_upon(name) if one.source]
    return {code: place for place, code in enumerate(dict.fromkeys(listed), start=1)}


def handed(name: str, known: Collection[str]) -> str:
    """The node of what people are handed as this dataset: with its core variables, or as it was made."""
    core = f"{name}{AT}{CORE}"
    return core if core in known else name


def with_handed(names: Iterable[str], known: Collection[str]) -> list[str]:
    """These nodes, and those of what people are handed of them."""
    return list(dict.fromkeys(one for name in names for one in (name, handed(name, known))))
