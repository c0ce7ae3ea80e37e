"""What is told of the products as a whole: where every raw field went, and conformance by rule.

Each is a node of the graph, made anew when anything it tells of has changed, and a table people are handed (CSV).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.engine.node import MAPPED, Node
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine.coverage import Told
    from pipeline.intake.delivery import Delivery

COVERAGE = "coverage"
AUDITS = (COVERAGE,)
EXCUSED = "not_submitted"
CARRIED = "carried.parquet"  # which values went where, of a mapped domain
Frames: TypeAlias = "Callable[..., pd.DataFrame]"  # a made node's data, or another file of it
MODULE = "pipeline.engine.{}"


def product(name: str) -> str:
    """The file that people are handed."""
    return f"{name}.csv"


def audit_nodes(nodes: list[Node], specs: Specs) -> list[Node]:
    """The nodes of what is told of all these."""
    read = tuple(node.name for node in nodes if node.kind in ("raw", "mapped"))
    settings = (EXCUSED,) if EXCUSED in specs.tables else ()
    files = tuple(path for node in nodes if node.kind == "raw" for path in node.files)
    module = MODULE.format(COVERAGE)
    return [Node(COVERAGE, COVERAGE, read, settings, module, COVERAGE, (), tuple(dict.fromkeys(files)))]


def audited(build: Any, node: Node) -> dict[str, Any]:
    """What a node of this kind tells of what it needs, as a frame and as people are handed it."""
    from pipeline.ground.plain_csv import csv_text

    found = MADE[node.kind](build, node)
    return {"data.parquet": found, product(node.kind): csv_text(found)}


def in_short(name: str, told: pd.DataFrame) -> str:
    """What an audit comes to, in one line."""
    from pipeline.engine import coverage

    short: dict[str, Callable[[pd.DataFrame], str]] = {COVERAGE: coverage.in_short}
    return short[name](told)


def _coverage(build: Any, node: Node) -> pd.DataFrame:
    """Where each raw field of a delivery went; of files that no contract knows, that they are there."""
    import pandas as pd

    from pipeline.engine.coverage import coverage, told_of
    from pipeline.ground.queries import LEFT_OUT

    frame: Frames = build.frame
    mapped = [need for need in node.needs if need.endswith(MAPPED)]
    raw = {need.removeprefix("raw:"): frame(need) for need in node.needs if need not in mapped}
    findings = pd.concat([frame(name, "findings.parquet") for name in mapped])
    left = findings.loc[findings["check"].isin(LEFT_OUT) & findings["record"].ne(""), ["form", "record"]]
    excused = build.table(EXCUSED) if node.settings else pd.DataFrame(columns=["FORM", "FIELD", "REASON"])
    told = told_of(pd.concat([frame(name, CARRIED) for name in mapped]), left, excused)
    others = _others(build.delivery, build.specs, told)
    return pd.concat([coverage(raw, build.specs.contracts, told), *others], ignore_index=True)


def _others(delivery: Delivery, specs: Specs, told: Told) -> list[pd.DataFrame]:
    """Delivered files that no contract knows; one that cannot be read has no values that could be counted."""
    from pipeline.engine.coverage import of_file
    from pipeline.ground.faults import TrialError

    known, found = {delivery.source(contract) for contract in specs.contracts.values()}, []
    for file in sorted(set(delivery.hashes) - known):
        try:
            cells = delivery.read(file).rows
        except TrialError:
            cells = []  # the gate says why
        reason = "reference data, which are of no subject" if delivery.of_nobody(file) else ""
        found.append(of_file(file, cells, reason, told))
    return found


MADE: dict[str, Callable[..., pd.DataFrame]] = {COVERAGE: _coverage}
