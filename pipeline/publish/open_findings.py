"""What is open in the data: of the whole extract, and on each page of the data behind it.

So a page says another number only where its own data have one. Nothing open is hidden by it: the list of all outputs,
the document's front, the site and the summary say the whole number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.engine.forms_behind import forms_behind
from pipeline.engine.graph import upstream
from pipeline.engine.runner import Build

CLEAN = "Data without open critical or major findings."
BEHIND = "in the data behind this output"
ALONE = "in what was looked at; this output was built alone"
Counts = Mapping[str, int]


def status_line(findings: Counts, further: Counts | None = None, where: str = "") -> str:
    """What is said of data: queries that are open (`where`), and what the build itself found beside them."""
    own = further or {}
    critical, major = findings.get("critical", 0), findings.get("major", 0)
    beside = [f"{own[s]} {s}" for s in ("critical", "major") if own.get(s)]
    told = f"; the build found {' and '.join(beside)} more" if beside else ""
    if not critical and not major and not beside:
        return f"Interim data: no critical or major query open {where}." if where else CLEAN
    noun = "query" if critical + major == 1 else "queries"
    return f"Interim data: {critical} critical and {major} major {noun} open{f' {where}' if where else ''}{told}."


@dataclass(frozen=True)
class OpenIn:
    """Findings by severity: queries (`asked`), and `further` ones of the build itself."""

    asked: Counts
    further: Counts


@dataclass(frozen=True)
class Open:
    """What is said of all data, and by form or dataset what was found, where pages say what is open behind them.

    `alone` is of an output that is built without all that bears on the data.
    """

    whole: str
    found: Mapping[str, OpenIn] | None = None
    alone: bool = False

    def of(self, build: Build, name: str) -> str:
        """What an output says of the data behind it."""
        if self.found is None:
            return self.whole
        behind = _behind(build, name)
        here = [one for place, one in self.found.items() if behind.get(place, True)]
        told = status_line(_sum([one.asked for one in here]), _sum([one.further for one in here]), BEHIND)
        return f"{told.removesuffix('.')} {ALONE}." if self.alone else told


def _behind(build: Build, name: str) -> dict[str, bool]:
    """The forms and datasets of the study, and whether they are behind an output; what is neither is behind all."""
    node, specs = build.graph[name], build.specs
    if name not in build.behind:
        forms, above = forms_behind(node, specs, build.graph), upstream(build.graph, [name])
        of_datasets = {dataset.upper(): dataset in above for dataset in specs.datasets}
        build.behind[name] = of_datasets | {form: form in forms for form in specs.raw}
    return build.behind[name]


def _sum(counts: list[Counts]) -> dict[str, int]:
    return {severity: sum(one.get(severity, 0) for one in counts) for severity in ("critical", "major")}
