"""A domain mapped in parts of its subjects: what all of them must agree on, the parts, and what is told of the whole.

Where it is cut, the graph has of LB `lb_mapped@agreed`, which looks at what no part can tell alone: whether a column
can be read at all, and which units a test without a standard unit, or a treatment (EX), comes in. Of these it knows by
`lb_collected@1of4`, the first part of the mapping (sdtm/mapping/domain.py), which `lb_mapped@1of4` completes; a domain
without such units is made in one go. `lb_mapped` joins the parts: what they found that stands for many records is added
up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.engine.linked import linked_forms
from pipeline.engine.mapping_sheets import domain_forms
from pipeline.engine.merging import by_subject
from pipeline.engine.node import AT, Node, Partition
from pipeline.study.specs import Specs

COLLECTED, AGREED, WHOLE = "collected", "agreed", "mapped"  # kinds of nodes


def is_cut(node: Node, specs: Specs) -> bool:
    """True for a domain that is mapped of some subjects at a time: its forms are of subjects, and of no linked ones."""
    if node.kind != WHOLE:
        return False
    forms, keys = domain_forms(specs, node.function), specs.datasets[node.function].keys
    of_subjects = by_subject(keys) and all(specs.contracts[form].subject.column for form in forms)
    return bool(forms) and of_subjects and not linked_forms(specs, node.function)


def mapping_nodes(node: Node, specs: Specs, count: int) -> Iterator[Node]:
    """The nodes of a domain that is cut: what is collected and agreed on, its parts, and what joins them."""
    agreed, first = f"{node.name}{AT}{AGREED}", list[Node]()
    if _has_units(node, specs):
        first = [_part(node, f"{node.function}_collected", replace(part, kind=COLLECTED), node.needs)
                 for part in Partition(1, count).all]  # fmt: skip
    yield from first
    told = tuple(one.name for one in first)
    yield replace(node, name=agreed, kind=AGREED, needs=(*node.needs, *told))
    parts = []
    for part in Partition(1, count, WHOLE).all:
        needs = (told[part.number - 1],) if told else node.needs
        parts.append(_part(node, node.name, part, (*needs, agreed)))
    yield from parts
    names = tuple(one.name for one in parts)
    yield replace(node, needs=(*names, agreed, *told, *node.needs), partitions=names)


def _has_units(node: Node, specs: Specs) -> bool:
    """True where results or doses of the domain are judged by the units that those of all subjects have."""
    from sdtm.units import TOGETHER

    results = (f"{node.function.upper()}{name}" for name in ("ORRESU", "STRESU"))
    return node.function.upper() in TOGETHER or all(name in specs.datasets[node.function].by_name for name in results)


def _part(node: Node, name: str, part: Partition, needs: Iterable[str]) -> Node:
    return replace(node, name=f"{name}{AT}{part.told}", kind="partition", needs=tuple(needs), partition=part)
