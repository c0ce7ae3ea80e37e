"""What was looked for and found: a page states only findings that this build, or the cache for it, has looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pipeline.engine.node import FINDINGS, GATE
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import spec_hashes
from pipeline.engine.store import Entry, digest_of, json_bytes
from pipeline.ground import source
from pipeline.ground.severity import SEVERITIES
from pipeline.intake.pool import Pool
from pipeline.publish.open_findings import ALONE, CLEAN, Open, OpenIn, status_line

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
    found: Mapping[str, OpenIn] | None = None

    @property
    def status(self) -> Open:
        """What is said of the data: of all, and on each output of those behind it."""
        if self.scope == NOTHING:
            return Open("The checks of the extract were not run for this build; open findings are not counted.")
        told = status_line(self.counts, self.further)
        if self.scope == ALL:
            return Open(told, None if told == CLEAN else self.found)
        return Open(f"{told.removesuffix('.')} {ALONE}.", self.found, alone=True)


def look(build: Build) -> Looked:
    """All findings of what is made or known in a build."""
    bearing = {name for name, node in build.graph.items() if node.kind != "output"} - set(build.failed)
    whole = bearing <= set(build.entries)
    scope = ALL if whole else GATE_ONLY if GATE in build.entries else NOTHING
    entry, counted = findings_made(build)
    if scope == NOTHING:
        return Looked(scope, {}, {}, [], entry)
    found = {place: OpenIn(**one) for place, one in counted.found.items()}
    left_out = counted.left_out if whole else []
    return Looked(scope, counted.counts, counted.further, left_out, entry, found if _told_apart(build) else None)


def _told_apart(build: Build) -> bool:
    """True where a finding says the form it is in: not of a pool, nor of an SDTM made elsewhere."""
    return not build.specs.study.pooled and not build.specs.study.from_sdtm


@dataclass(frozen=True)
class Counted:
    """Findings by severity: `counts` of the queries as `trial validate` counts them, `further` of the build's own.

    `found` are both by form or dataset (`open_findings.OpenIn`), those that a page tells.
    """

    counts: dict[str, int]
    further: dict[str, int]
    left_out: list[LeftOut]
    found: dict[str, dict[str, dict[str, int]]]


def findings_made(build: Build) -> tuple[Entry, Counted]:
    """All findings of the nodes made so far, as CSV in the cache, and what they come to."""
    made = {name: entry.files.get(FINDINGS, "") for name, entry in build.entries.items() if name in build.graph}
    said = {} if GATE in build.entries else spec_hashes(build.specs)  # by which forms that were read are looked at
    delivery = [build.delivery.name, build.delivery.hashes, build.delivery.manifest.digest, said]
    code = [source.code_hash(module) for module in ("pipeline.gate.fields", "pipeline.ground.plain_csv", __name__)]
    digest = digest_of({"made": made, "delivery": delivery, "code": code})
    entry = build.cache.entry("findings", digest)
    if entry is None:
        from pipeline.ground.plain_csv import csv_text

        findings = build.findings(made)
        counted = _counted(build, findings)
        files = {"findings.csv": csv_text(findings), COUNTED: json_bytes(asdict(counted))}
        entry = build.cache.write("findings", digest, files, len(findings), len(findings))
    return entry, Counted(**json.loads(build.cache.read("findings", entry, COUNTED)))


def _counted(build: Build, findings: pd.DataFrame) -> Counted:
    """What findings come to; where the gate did not run, all are queries."""
    from pipeline.ground.queries import OF_THE_GATE, left_out

    asked, further = findings, findings.iloc[:0]
    if GATE in build.entries:
        gate = build.frame(GATE, FINDINGS)
        asked = gate[~gate["check"].isin(OF_THE_GATE)]
        further = findings[~findings["check"].isin(asked["check"])]
    if isinstance(build.delivery, Pool):
        asked, further = findings.iloc[:0], findings
    one, two = _by_severity(asked), _by_severity(further)
    one, two = build.delivery.counted(one, two) if isinstance(build.delivery, Pool) else (one, two)
    told = {"asked": asked, "further": further}
    places = sorted({*asked["form"], *further["form"]})
    found = {place: {word: _by_severity(rows[rows["form"] == place]) for word, rows in told.items()}
             for place in places}  # fmt: skip
    return Counted(one, two, left_out(findings), found)


def _by_severity(rows: pd.DataFrame) -> dict[str, int]:
    counts = rows["severity"].value_counts()
    return {severity: int(counts.get(severity, 0)) for severity in SEVERITIES}
