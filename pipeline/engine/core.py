"""Datasets as people are handed them: with the core variables that each carries of ADSL (pipeline/study/core.py).

Recipes see a dataset as it was made (`adrs`), for ADSL itself may rest on it (responders); what is published is that
with its subject's variables beside (`adrs@core`), which nothing rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.engine.node import AT, Node
from pipeline.study.declared import ADSL
from pipeline.study.specs import Specs

CORE = "core"
MODULE = "pipeline.engine.parts"


def with_core(nodes: list[Node], specs: Specs) -> list[Node]:
    """The nodes, and one for each dataset that carries variables of ADSL."""
    made = [node.name for node in nodes if node.name in specs.datasets and specs.datasets[node.name].carried]
    files = specs.datasets[ADSL].files if made else ()
    return [*nodes, *(Node(f"{name}{AT}{CORE}", CORE, (name, ADSL), (), MODULE, CORE, (),
                           (*specs.datasets[name].files, *files)) for name in made)]  # fmt: skip


def handed(name: str, known: Collection[str]) -> str:
    """The node of what people are handed as this dataset: with its core variables, or as it was made."""
    core = f"{name}{AT}{CORE}"
    return core if core in known else name


def with_handed(names: Iterable[str], known: Collection[str]) -> list[str]:
    """These nodes, and those of what people are handed of them."""
    return list(dict.fromkeys(one for name in names for one in (name, handed(name, known))))
