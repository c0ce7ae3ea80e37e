"""What is told of the products as a whole: where every raw field went, what the data cut did, conformance by rule.

Each is a node of the graph, made anew when anything it tells of has changed, and a table people are handed (CSV).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.engine.core import handed
from pipeline.engine.node import AT, MAPPED, Node
from pipeline.engine.several_sources import products_of_sources
from pipeline.study.specs import TERMINOLOGY, Specs

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine.coverage import FormColumns
    from pipeline.engine.coverage import Told as CarriedAs
    from pipeline.intake.delivery import Delivery

COVERAGE, DATA_CUT, CONFORMANCE, NOTES = "coverage", "data_cut", "conformance", "conformance_notes"
AUDITS = (COVERAGE, DATA_CUT, CONFORMANCE)
EXCUSED = "not_submitted"
FEW = 20_000  # records of a form that are read as a whole
UNREADABLE = ("SDTM-DATE", "SDTM-NUM", "SDTM-DAY")  # findings of values that are missing until they are corrected
CARRIED = "carried.parquet"  # which values went where, of a mapped domain
Frames: TypeAlias = "Callable[..., pd.DataFrame]"  # a made node's data, or another file of it
Told: TypeAlias = "tuple[pd.DataFrame, dict[str, str]]"  # the table of an audit, and files that a later run needs


def product(name: str) -> str:
    """The file that people are handed."""
    return f"{name}.csv"


def audit_nodes(nodes: list[Node], specs: Specs) -> list[Node]:
    """The nodes of what is told of all these; an SDTM made elsewhere has no raw fields that went anywhere."""
    covered = [] if specs.study.from_sdtm else [_coverage_node(nodes, specs)]
    return [*covered, _data_cut_node(nodes, specs), _conformance_node(nodes, specs)]


def _coverage_node(nodes: list[Node], specs: Specs) -> Node:
    read = tuple(node.name for node in nodes if node.kind in ("raw", "mapped"))
    settings = (EXCUSED,) if EXCUSED in specs.tables else ()
    files = dict.fromkeys(path for node in nodes if node.kind == "raw" for path in node.files)
    return Node(COVERAGE, COVERAGE, read, settings, "pipeline.engine.coverage", COVERAGE, (), tuple(files))


def _data_cut_node(nodes: list[Node], specs: Specs) -> Node:
    """It needs every dataset as people are handed it, and what was found in mapping."""
    known = {node.name: node for node in nodes}
    names = [name for name, spec in specs.datasets.items() if name in known and not spec.intermediate]
    needs = (*(handed(name, known) for name in names), *(node.name for node in nodes if node.kind == "mapped"))
    files = dict.fromkeys(path for name in names for path in specs.datasets[name].files)
    return Node(DATA_CUT, DATA_CUT, needs, ("cutoff",), "pipeline.engine.data_cut", DATA_CUT, (), tuple(files))


def _conformance_node(nodes: list[Node], specs: Specs) -> Node:
    """It needs every dataset as people are handed it, and the records behind values that rest on several."""
    known = {node.name: node for node in nodes}
    names = [name for name, spec in specs.datasets.items() if name in known and not spec.intermediate]
    needs = (*(handed(name, known) for name in names), *products_of_sources(known).values())
    files = dict.fromkeys(path for name in names for path in specs.datasets[name].files)
    settings = tuple(word for word in (TERMINOLOGY, CONFORMANCE, NOTES) if word in specs.tables)
    module = "pipeline.engine.conformance.table"
    return Node(CONFORMANCE, CONFORMANCE, needs, settings, module, CONFORMANCE, (), tuple(files))


def audited(build: Any, node: Node) -> dict[str, Any]:
    """What a node of this kind tells of what it needs, as a frame and as people are handed it."""
    from pipeline.ground.plain_csv import csv_text

    found, beside = MADE[node.kind](build, node, told_of(node, build.specs))
    return {"data.parquet": found, product(node.kind): csv_text(found), **beside}


def told_of(node: Node, specs: Specs) -> Specs:
    """The specs as an audit is told of them: the contracts, and the metadata of what it needs; of decisions nothing."""
    names = dict.fromkeys(need.partition(AT)[0] for need in node.needs)
    datasets = {name: specs.datasets[name] for name in names if name in specs.datasets}
    return replace(specs, decisions={}, datasets=datasets)


def in_short(name: str, told: pd.DataFrame) -> str:
    """What an audit comes to, in one line."""
    from pipeline.engine import coverage, data_cut
    from pipeline.engine.conformance import table

    short: dict[str, Callable[[pd.DataFrame], str]] = {
        COVERAGE: coverage.in_short, DATA_CUT: data_cut.in_short, CONFORMANCE: table.in_short,
    }  # fmt: skip
    return short[name](told)


def _coverage(build: Any, node: Node, specs: Specs) -> Told:
    """Where each raw field of a delivery went; of files that no contract knows, that they are there."""
    import pandas as pd

    from pipeline.engine.coverage import coverage
    from pipeline.engine.coverage import told_of as carried_as
    from pipeline.ground.queries import LEFT_OUT

    frame: Frames = build.frame
    mapped = [need for need in node.needs if need.endswith(MAPPED)]
    raw = ((need.removeprefix("raw:"), _columns(build, need)) for need in node.needs if need not in mapped)
    findings = pd.concat([frame(name, "findings.parquet") for name in mapped])
    whole = findings["check"].isin(LEFT_OUT)
    told_of_record = (whole | findings["check"].isin(UNREADABLE)) & findings["record"].ne("")
    left = findings.assign(field=findings["field"].mask(whole, "*"))[told_of_record]
    excused = build.table(EXCUSED) if node.settings else pd.DataFrame(columns=["FORM", "FIELD", "REASON"])
    told = carried_as(pd.concat([frame(name, CARRIED) for name in mapped]), left, excused)
    others = _others(build.delivery, specs, told)
    return pd.concat([coverage(raw, specs.contracts, told), *others], ignore_index=True), {}


def _columns(build: Any, need: str) -> FormColumns:
    """The columns of raw records: those of many are read when they are asked for."""
    from pipeline.engine.coverage import FormColumns
    from pipeline.engine.parquet_columns import ParquetColumns

    if build.entries[need].records <= FEW:
        held = build.read(need)
        return FormColumns([*held], held.__getitem__)
    columns = ParquetColumns([need], lambda name: build.cache.read(name, build.entries[name], "data.parquet"))
    return FormColumns(columns.names(need), partial(columns.known, need))


def _others(delivery: Delivery, specs: Specs, told: CarriedAs) -> list[pd.DataFrame]:
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


def _conformance(build: Any, node: Node, specs: Specs) -> Told:
    """Conformance by rule of the datasets that have records."""
    from pipeline.engine.conformance_of_build import conformance

    return conformance(build, node, specs, (CONFORMANCE, NOTES))


def _data_cut(build: Any, node: Node, specs: Specs) -> Told:
    """What the cut did to each dataset."""
    from pipeline.engine.data_cut import data_cut
    from pipeline.engine.days_told import days_told
    from pipeline.engine.parquet_columns import ParquetColumns

    mapped = [need for need in node.needs if need.endswith(MAPPED)]
    findings = {name.removesuffix(MAPPED): build.frame(name, "findings.parquet") for name in mapped}
    made = {need: specs.datasets[need.partition(AT)[0]] for need in node.needs if need not in mapped}
    columns = ParquetColumns([*made], lambda name: build.cache.read(name, build.entries[name], "data.parquet"))
    read = ((spec, columns.known(need, days_told(spec))) for need, spec in made.items())
    return data_cut(read, findings, build.cutoff), {}


MADE: dict[str, Callable[..., Told]] = {COVERAGE: _coverage, DATA_CUT: _data_cut, CONFORMANCE: _conformance}
