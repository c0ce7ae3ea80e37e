"""The stages of a build, which kinds of things each makes, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from pipeline.engine.audit import AUDITS
from pipeline.engine.core import CORE
from pipeline.engine.graph import upstream
from pipeline.engine.mapping_parts import AGREED, COLLECTED
from pipeline.engine.node import POOLED, READ, TAKEN
from pipeline.engine.parts import MADE
from pipeline.engine.runner import Build
from pipeline.publish.log import Log

OWN = "Main process"
STAGES = (
    ("Extract", ("raw", READ)),
    ("SDTM", (COLLECTED, AGREED, "mapped", "sdtm", TAKEN)),
    ("ADaM", ("adam", POOLED, *MADE, CORE)),
    ("Outputs", ("output",)),
    ("Identities", ("check",)),
    ("Audit", AUDITS),
)


def kind_of(build: Build, name: str) -> str:
    """The kind by which a node is of a stage; what of SDTM is made of the analysis (PP) is made with that."""
    node, datasets = build.graph[name], build.specs.datasets
    layers = {datasets[build.graph[need].dataset].layer for need in upstream(build.graph, [name])
              if build.graph[need].dataset in datasets} if node.made_as == "recipe" else set()  # fmt: skip
    return "adam" if "adam" in layers else datasets[node.dataset].layer if layers else node.made_as


def tell_taken(log: Log, beside: dict[str, float], alone: bool) -> None:
    """Note what was made beside nodes, and what the run's own process did where it did not make all `alone`."""
    for name, seconds in (beside | ({} if alone else {OWN: time.process_time()})).items():
        log.note(f"took {name}: {seconds:.3f} s of the processor")


def run_stage(build: Build, log: Log, stage: str, names: list[str], making: Iterator[tuple[str, float]]) -> None:
    """Run one stage and say what it made."""
    if not names:
        return
    started, made = time.perf_counter(), 0
    log.begins(stage, len(names))
    for name, seconds in making:
        made += 1
        log.note(f"made {name}: {build.entries[name].records} records, {seconds:.3f} s of the processor")
    lost = [n for n in names if n in build.failed]
    for name in lost:
        log.say(f"  {name} could not be made; the others are.", "red")
        log.say(build.failed[name])
        for line in build.traces.get(name, "").splitlines():
            log.note(line)
    records = sum(build.entries[n].records for n in names if n in build.entries)
    what = f"{len(names)} made of {records:,} records" if made == len(names) else f"{made} of {len(names)} made anew"
    what = what if made else f"{len(names) - len(lost)} unchanged"
    log.stage(stage, what + (f", {len(lost)} failed" if lost else ""), time.perf_counter() - started)
