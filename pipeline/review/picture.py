"""What needs what, as a reader sees it: form, domain of SDTM, dataset of ADaM, output; what lies between is joined."""

from __future__ import annotations

from pipeline.engine.core import CORE
from pipeline.engine.graph import order
from pipeline.engine.node import AT
from pipeline.engine.runner import Build
from pipeline.publish.products import datasets_of
from pipeline.review.script import Facts

LAYERS = ("raw", "sdtm", "adam", "output")


def picture(build: Build) -> Facts:
    """The things a reader knows, layer by layer, each with those of earlier layers or its own that it is made of."""
    seen = _seen(build)
    near: dict[str, frozenset[str]] = {}
    edges: set[tuple[str, str]] = set()
    for name in order(build.graph):
        above = frozenset(one for need in build.graph[name].needs for one in near[need])
        shown = seen.get(name, ("", ""))
        key = f"{shown[0]}:{shown[1]}"
        near[name] = frozenset({key}) if shown[0] else above
        edges |= {(one, key) for one in above if shown[0] and one != key}
    nodes = list(dict.fromkeys(seen.values()))
    number = {f"{layer}:{name}": at for at, (layer, name) in enumerate(nodes)}
    return {"nodes": [list(one) for one in nodes],
            "edges": sorted([number[one], number[other]] for one, other in edges)}  # fmt: skip


def _seen(build: Build) -> dict[str, tuple[str, str]]:
    """The nodes that a reader knows, by layer and name; a dataset in its parts or with core variables is one."""
    published, found = datasets_of(build), {}
    for name, node in build.graph.items():
        if name not in build.entries:
            continue
        if node.kind == "raw":
            found[name] = ("raw", node.function)
        elif node.kind == "output":
            found[name] = ("output", str(build.specs.outputs[name].shell.output))
        elif node.dataset in published and name in (node.dataset, f"{node.dataset}{AT}{CORE}"):
            found[name] = (build.specs.datasets[node.dataset].layer, node.dataset.upper())
    return dict(sorted(found.items(), key=lambda one: LAYERS.index(one[1][0])))
