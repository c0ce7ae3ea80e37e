"""What was looked for and found: a page states only findings that this build, or the cache for it, has looked for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pipeline.engine.graph import GATE
from pipeline.engine.node import FINDINGS
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import spec_hashes
from pipeline.engine.store import Entry, digest_of, json_bytes
from pipeline.ground import source
from pipeline.ground.severity import SEVERITIES
from pipeline.intake.pool import Pool
from pipeline.publish.pages import status_line

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.ground.queries import LeftOut

COUNTED = "counted.json"
ALL, GATE_ONLY, NOTHING = "all", "gate", "nothing"


@dataclass(frozen=True)
class Looked:
    """Queries of the gate and further findings, by severity, of all that was looked at.

    That is everything, the gate and what was made, or not the gate (then nothing is counted).
    """

    scope: str
    counts: dict[str, int]
    further: dict[str, int]
    left_out: list[LeftOut]
    entry: Entry

    @property
    def status(self) -> str:
        """What every output says of the data behind it."""
        if self.scope == ALL:
            return status_line(self.counts, self.further)
        if self.scope == NOTHING:
            return "The checks of the extract were not run for this build; open findings are not counted."
        told = status_line(self.counts, self.further)
        return f"{told.removesuffix('.')} in what was looked at; this output was built alone."


def look(build: Build) -> Looked:
    """All findings of what is made or known in a build."""
    bearing = {name for name, node in build.graph.items() if node.kind != "output"} - set(build.failed)
    whole = bearing <= set(build.entries)
    scope = ALL if whole else GATE_ONLY if GATE in build.entries else NOTHING
    entry, counted = findings_made(build)
    if scope == NOTHING:
        return Looked(scope, {}, {}, [], entry)
    return Looked(scope, counted.counts, counted.further, counted.left_out if whole else [], entry)


@dataclass(frozen=True)
class Counted:
    """Findings by severity: `counts` of the queries as `trial validate` counts them, `further` of the build's own."""

    counts: dict[str, int]
    further: dict[str, int]
    left_out: list[LeftOut]


def findings_made(build: Build) -> tuple[Entry, Counted]:
    """All findings of the nodes made so far, as CSV in the cache, and what they come to."""
    made = {name: entry.files.get(FINDINGS, "") for name, entry in build.entries.items() if name in build.graph}
    manifest = build.delivery.manifest.digest
    delivery = [build.delivery.name, build.delivery.hashes, manifest, spec_hashes(build.specs)]
    code = [source.code_hash(module) for module in ("pipeline.gate.fields", "pipeline.ground.plain_csv", __name__)]
    digest = digest_of({"made": made, "delivery": delivery, "code": code})
    entry = build.cache.entry("findings", digest)
    if entry is None:
        from pipeline.ground.plain_csv import csv_text
        from pipeline.ground.queries import left_out

        findings = build.findings(made)
        counted = Counted(*_counts(build, findings), left_out(findings))
        files = {"findings.csv": csv_text(findings), COUNTED: json_bytes(asdict(counted))}
        entry = build.cache.write("findings", digest, files, len(findings), len(findings))
    return entry, Counted(**json.loads(build.cache.read("findings", entry, COUNTED)))


def _counts(build: Build, findings: pd.DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """The two counts of `Counted`; where the gate did not run, all findings are queries."""
    asked, further = findings, findings.iloc[:0]
    if GATE in build.entries:
        gate = build.frame(GATE, FINDINGS)
        asked = gate[gate["check"] != "GATE-REGISTER"]
        further = findings[~findings["check"].isin(asked["check"])]
    if isinstance(build.delivery, Pool):
        asked, further = findings.iloc[:0], findings
    one, two = (rows["severity"].value_counts() for rows in (asked, further))
    counts = {s: int(one.get(s, 0)) for s in SEVERITIES}, {s: int(two.get(s, 0)) for s in SEVERITIES}
    return build.delivery.counted(*counts) if isinstance(build.delivery, Pool) else counts
