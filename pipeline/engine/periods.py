"""Treatment periods in the graph: what is by period is made once for each, of that period's records, then stacked.

With one period nothing changes. With several, a dataset that says `by_period: true` has a part for each (`adrs@1`,
`adrs@2`), made by its recipe as ever: its needs are parts of the same period, and SDTM domains without what came after
it (`rs@1`). What people are handed is the stack of the parts (`adrs`); the first part of an intermediate keeps its
name. What is not by period (ADSL) sees the first period alone, so that a subject counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.engine.node import AT, Node
from pipeline.study.periods import SUBJECTS, is_stacked
from pipeline.study.specs import Specs

CUT, STACK = "cut", "stack"
STARTS = "treatment_periods"
MODULE = "pipeline.engine.parts"
CLASSES = ("EVENTS", "INTERVENTIONS", "FINDINGS", "FINDINGS ABOUT")
# What tells whether a subject lives and takes part does so beyond any period; of doses the periods themselves say.
RUN_ON = ("ds", "dd", "ss", "ex")


def in_periods(nodes: list[Node], specs: Specs) -> list[Node]:
    """The nodes of a study, those by period once for each of its periods."""
    periods = range(1, len(specs.study.periods) + 1)
    if len(periods) < 2:
        return nodes
    split = [part for node in nodes for part in _split(node, specs, list(periods))]
    cuts = {need: _cut(need, specs) for node in split for need in node.needs if _is_cut(need, specs)}
    return [*split, *cuts.values()]


def _split(node: Node, specs: Specs, periods: list[int]) -> Iterator[Node]:
    """A node, or its parts and their stack."""
    spec = specs.datasets.get(node.name)
    if node.kind == "output":
        yield node
    elif node.kind == "check":
        whole = [need for need in node.needs if not _by_period(need, specs)]
        for period in periods[:1] if whole else periods:
            yield _part(node, node.name if period == 1 else f"{node.name}{AT}{period}", specs, period)
    elif spec is not None and spec.layer == "sdtm":
        yield node  # it holds all periods
    elif spec is None or not spec.by_period:
        yield _for_all(node, specs)
    else:
        parts = [_part(node, part_name(node.name, specs, period), specs, period) for period in periods]
        yield from parts
        if is_stacked(spec):
            needs = (*(part.name for part in parts), STARTS)
            yield Node(node.name, STACK, needs, ("study",), MODULE, STACK, (), node.files)


def _for_all(node: Node, specs: Specs) -> Node:
    """A node that is not by period: it sees the first; ADSL has the dates of each beside."""
    first = replace(node, needs=tuple(part_name(need, specs, 1) for need in node.needs))
    if node.name != SUBJECTS:
        return first
    return replace(first, needs=(*first.needs, STARTS), settings=(*first.settings, "study"))


def _part(node: Node, name: str, specs: Specs, period: int) -> Node:
    needs = tuple(_need_of_part(need, specs, period) for need in node.needs)
    return replace(node, name=name, needs=needs, period=period)


def part_name(name: str, specs: Specs, period: int) -> str:
    """What the part of one period is called; what is not by period keeps its name."""
    if not _by_period(name, specs) or (period == 1 and not is_stacked(specs.datasets[name])):
        return name
    return f"{name}{AT}{period}"


def _by_period(name: str, specs: Specs) -> bool:
    return name in specs.datasets and specs.datasets[name].by_period


def _need_of_part(need: str, specs: Specs, period: int) -> str:
    """The part that a part needs, or the domain cut to its period."""
    spec = specs.datasets.get(need)
    if spec is None or spec.layer != "sdtm" or need in RUN_ON:
        return part_name(need, specs, period)
    observed = spec.observation_class in CLASSES
    return f"{need}{AT}{period}" if observed or (need == "dm" and period > 1) else need


def _is_cut(need: str, specs: Specs) -> bool:
    spec = specs.datasets.get(need.partition(AT)[0])
    return AT in need and spec is not None and spec.layer == "sdtm"


def _cut(name: str, specs: Specs) -> Node:
    """The node of a domain cut to a period."""
    domain, _, period = name.partition(AT)
    return Node(name, CUT, (domain, STARTS), (), MODULE, CUT, (), specs.datasets[domain].files, period=int(period))
