"""What a biostatistician wants to see at the end of a run: sets, headline results, what was left out, findings."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.audit import AUDITS, in_short
from pipeline.engine.headline import shown, values_of
from pipeline.engine.runner import Build
from pipeline.ground.metadata import Headline
from pipeline.ground.severity import SEVERITIES
from pipeline.publish import findings_made as looked_for
from pipeline.publish.findings_made import Looked
from pipeline.publish.manifest import HeadlineResult, ProductManifest, SetSize, Summary
from pipeline.publish.review_step import INDEX
from pipeline.publish.stale_products import NOTHING, Rest
from pipeline.study.catalogue import name_of
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    from pipeline.ground.queries import LeftOut

STALE = " (stale)"
WHY = {
    "RAW-INACTIVE": "inactivated in the database",
    "RAW-BROKEN": "broken line",
    "RAW-DUPLICATE": "repeated key",
    "RAW-SUBJECT": "subject unknown to demographics",
    "SDTM-CUT": "starts after the data cut",
    "SDTM-LABC": "corrected by the laboratory",
    "SDTM-LABX": "cancelled by the laboratory",
}


def summarize(build: Build, looked: Looked, rest: Rest = NOTHING) -> Summary:
    """Sets with N, headline results, records left out, and findings by severity: plain values for the manifest."""
    further = looked.further | {"critical": looked.further.get("critical", 0) + len(build.failed)}
    return {
        "sets": _sets(build) or (rest.manifest["summary"]["sets"] if rest.manifest else []),
        "headline": _headline(build, rest),
        "left_out": looked.left_out,
        "findings": looked.counts,
        "further": further,
        "audits": {**_audits_before(rest), **{n: in_short(n, build.frame(n)) for n in AUDITS if n in build.entries}},
    }


def _audits_before(rest: Rest) -> dict[str, str]:
    """What the audits came to that stay of the build before, marked where that is no longer so."""
    told = rest.manifest["summary"].get("audits", {}) if rest.manifest else {}
    return {name: short.removesuffix(STALE) + (STALE if name in rest.stale else "")
            for name, short in told.items() if name in rest.names}  # fmt: skip


def _sets(build: Build) -> list[SetSize]:
    if "adsl" not in build.entries:
        return []
    adsl = build.frame("adsl")
    found: list[SetSize] = [{"label": "Subjects in demographics", "flag": "", "n": len(adsl)}]
    for name, spec in build.specs.datasets.items():
        if not name.endswith("_set"):
            continue
        flag = next((n for n in spec.names if n.endswith("FL") and n in adsl), "")
        if flag:
            found.append({"label": spec.label, "flag": flag, "n": int((adsl[flag] == "Y").sum())})
    return found[:1] + sorted(found[1:], key=lambda row: (-row["n"], row["flag"]))


def _headline(build: Build, rest: Rest) -> list[HeadlineResult]:
    """The results that study.yaml names under `headline:`, each as its shell prints it (or printed it before)."""
    found: list[HeadlineResult] = []
    for entry in build.specs.study.headline:
        name = name_of(entry.output)
        if name in rest.names:
            found += _as_before(entry, rest, name)
        if name not in build.entries:
            continue
        text = shown(entry, values_of(entry, build.frame(name)))
        found.append({"label": entry.label, "value": text, "output": entry.output})
    return found


def _as_before(entry: Headline, rest: Rest, name: str) -> list[HeadlineResult]:
    """The headline result of an output that stays, as the build before told it."""
    told = rest.manifest["summary"]["headline"] if rest.manifest else []
    kept = [row for row in told if (row["label"], row["output"]) == (entry.label, entry.output)]
    mark = STALE if name in rest.stale else ""
    return [{**row, "value": row["value"].removesuffix(STALE) + mark} for row in kept]


def summary_text(manifest: ProductManifest, out: Path, specs: Specs) -> str:
    """The summary as printed."""
    summary = manifest["summary"]
    cut, extract = manifest["cutoff_named"], manifest["extract"]["name"]
    lines = [f"{manifest['study']}  ·  data cut {cut}  ·  extract {extract}", ""]
    if summary["sets"]:
        lines += ["Analysis sets", *[f"  {s['label']:<46}{s['flag']:<10}{s['n']:>6}" for s in summary["sets"]], ""]
    if summary["headline"]:
        wide = max(38, *(len(h["value"]) + 1 for h in summary["headline"]))
        lines += ["Headline results"]
        lines += [f"  {h['label']:<56}{h['value']:<{wide}}{h['output']}" for h in summary["headline"]] + [""]
    if summary["left_out"]:
        lines += ["Records left out", *_left_out(summary["left_out"]), ""]
    lines += [*_findings(manifest, out), *_not_as_asked(manifest)]
    lines += [f"{name.replace('_', ' ').capitalize():<14}{short}" for name, short in summary.get("audits", {}).items()]
    site = [f"Review     {out / INDEX}"] if INDEX in manifest["files"] else []
    lines += ["", f"Outputs    {out / 'tlf'}", *site, f"Manifest   {out / 'manifest.json'}"]
    return "\n".join(lines)


def _findings(manifest: ProductManifest, out: Path) -> list[str]:
    summary, scope = manifest["summary"], manifest["findings_looked_for"]
    counts, where = summary["findings"], out / "findings.csv"
    if scope == looked_for.NOTHING:
        return [f"Open queries  not counted: the gate was not run for this build; what was found is in {where}"]
    lines = ["Open queries  " + ", ".join(f"{counts[s]} {s}" for s in SEVERITIES if s != "info")]
    further = ", ".join(f"{summary['further'][s]} {s}" for s in SEVERITIES if summary["further"].get(s))
    lines += [f"  Further findings of the build: {further or 'none'}; all are in {where}"]
    if scope != looked_for.ALL:
        lines += ["  The build looked at what was named and what that needs, not at the rest."]
    if counts["critical"]:
        lines += ["  Interim: critical findings are open; each output says what is open in the data behind it."]
    return lines


def _not_as_asked(manifest: ProductManifest) -> list[str]:
    """What could not be made, and what stays from an earlier build."""
    withdrawn = "What was published of it before is withdrawn."
    lines = [f"Failed    {name}: {what} {withdrawn}" for name, what in manifest["failed"].items()]
    for domain, outputs in manifest.get("without", {}).items():
        told = f"Without {domain:<8}{', '.join(outputs)}: made without it, which the SDTM lacks."
        lines += textwrap.wrap(told, 110, subsequent_indent=" " * 16)
    if manifest["stale"]:
        lines += textwrap.wrap(
            f"Stale     {', '.join(manifest['stale'])}: left from an earlier build and not known to be as they would be"
            " made now; `trial build` makes them anew.",
            110,
            subsequent_indent="          ",
        )
    return lines


def _left_out(rows: list[LeftOut]) -> list[str]:
    lines = []
    for check in dict.fromkeys(row["check"] for row in rows):
        forms = [row for row in rows if row["check"] == check]
        which = ", ".join(f"{row['form']} {row['records']}" for row in forms)
        lines.append(f"  {sum(row['records'] for row in forms):>5}  {WHY.get(check, check)}: {which}")
    return lines
