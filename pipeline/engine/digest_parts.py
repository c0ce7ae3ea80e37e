"""What of code and delivery the product of a node rests on, for its digest."""

from __future__ import annotations

from pipeline.engine.audit import AUDITS, told_of
from pipeline.engine.core import CORE
from pipeline.engine.from_sdtm import delivered_files
from pipeline.engine.mapping_parts import AGREED, COLLECTED, WHOLE
from pipeline.engine.node import GATE, POOLED, READ, TAKEN, Node
from pipeline.engine.parts import MADE
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import Json
from pipeline.gate.decisions_read import DECISIONS
from pipeline.intake.delivery import Delivery
from pipeline.study.specs import Specs

# What the runner itself does to a product of each kind: a change there makes it anew.
CONFORMING = {
    "raw": "pipeline.intake.records",
    **dict.fromkeys((WHOLE, COLLECTED, AGREED), "pipeline.engine.mapping_run"),
    READ: "pipeline.readers.kinds",
    TAKEN: "pipeline.engine.schema",
    "recipe": "pipeline.engine.schema",
    "output": "pipeline.engine.results",
    "check": "pipeline.gate.accepted",
    POOLED: "pipeline.engine.schema",
    GATE: "pipeline.ground.queries",
    **dict.fromkeys(MADE, "adam.derive.periods"), **dict.fromkeys(AUDITS, "pipeline.engine.audit"),
    CORE: "adam.derive.numbers",
}


def delivered_parts(node: Node, delivery: Delivery, specs: Specs) -> dict[str, Json]:
    """The hashes of the files a node reads and what is promised of them; of the gate and of audits all of them.

    The gate rests on the decisions that its rules read, audits on none; what a check (an identity)
    reads are its settings.
    """
    if node.kind == "raw":
        file = delivery.source(specs.contracts[node.function])
        promise, written = repr(delivery.promise(file)), repr(delivery.written(file))
        told: list[Json] = [delivery.hashes.get(file, ""), promise, delivery.manifest.said]
        return {"delivered": told, "written": written, "crf": delivery.manifest.crf_version}
    if node.kind == READ:
        files = delivered_files(delivery, specs, node.function)
        return {"delivered": [[file, delivery.hashes[file], repr(delivery.promise(file))] for file in files]}
    if node.kind == POOLED:
        stacked: Json = {file: told for file, told in delivery.hashes.items() if file.endswith(f"/{node.name}.parquet")}
        return {"delivered": stacked, "builds": delivery.manifest.digest}
    if node.kind == TAKEN:
        return {"lacking": node.name in specs.lacking}
    if node.kind == "check":
        return {"extracted": delivery.manifest.extracted[:10]}  # the day on which an acceptance holds, or has expired
    if node.kind == GATE:
        decided: Json = {name: repr(specs.decisions[name].value) for name in DECISIONS if name in specs.decisions}
        return {"delivered": [delivery.hashes, delivery.manifest.digest], "decisions": decided}
    if node.kind in AUDITS:
        seen = told_of(node, specs)
        said = hash_of(seen.datasets, seen.contracts, seen.study)
        return {"delivered": [delivery.hashes, delivery.manifest.digest], "seen": said}
    return {}
