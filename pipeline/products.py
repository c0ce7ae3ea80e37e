"""The products of a build put together aside and moved in place whole: datasets, results, pages, findings, manifest."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from pipeline import source
from pipeline.graph import GATE
from pipeline.runner import DATA, FINDINGS, KEYS, Build, versions
from pipeline.store import file_hash, json_bytes, publish, sha256, write_parquet

FOLDER_OF_LAYER = {"sdtm": "sdtm", "adam": "adam"}


def build_digest(build: Build) -> str:
    """What the whole folder of products depends on: every made thing with its findings, the delivery, the specs."""
    return sha256(
        json_bytes(
            {
                "entries": {name: entry["files"] for name, entry in build.entries.items()},
                "cutoff": build.cutoff,
                "cutoff_named": build.cut_named,
                "delivery": [build.delivery.name, build.delivery.hashes, build.delivery.manifest],
                "specs": spec_hashes(build),
                "code": source.code_hash("pipeline.cli"),
                "versions": versions(),
            }
        )
    )


def spec_hashes(build: Build) -> dict[str, str]:
    """SHA-256 of every spec file of the standard and the study, by path from the root."""
    root = build.specs.root
    folders = (root / "specs" / "standard", build.specs.folder)
    paths = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    return {str(p.relative_to(root)): file_hash(p) for p in paths}


def current_manifest(out: Path, digest: str) -> dict[str, Any] | None:
    """The manifest in place when it is of this very build and all its files are as it says; else None."""
    import json

    path = out / "manifest.json"
    if not path.exists():
        return None
    try:
        manifest = json.loads(path.read_bytes())
        whole = manifest["build"] == digest and all(file_hash(out / f) == h for f, h in manifest["files"].items())
    except (ValueError, KeyError, FileNotFoundError):
        return None
    return manifest if whole else None


def published_datasets(build: Build) -> dict[str, str]:
    """Dataset nodes to publish and the folder each goes to: no intermediates, no domain the study does not collect."""
    found = {}
    for name, spec in build.specs.datasets.items():
        if name not in build.entries or spec.intermediate:
            continue
        if spec.layer == "sdtm" and not _collected(build, name):
            continue
        found[name] = FOLDER_OF_LAYER[spec.layer]
    return found


def _collected(build: Build, name: str) -> bool:
    mapped = [n.removesuffix("_mapped") for n in build.graph[name].needs if n.endswith("_mapped")]
    return not mapped or any(domain in build.specs.mappings for domain in mapped)


def assemble(build: Build, out: Path, digest: str, summary: dict[str, Any]) -> dict[str, Any]:
    """Write all products aside, then publish them; returns the manifest."""
    aside = out.with_name(f".{out.name}.making.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    for folder in ("sdtm", "adam", "keys", "results", "tlf", "log"):
        (aside / folder).mkdir(parents=True)
    datasets = published_datasets(build)
    for name, folder in datasets.items():
        _copy(build, name, DATA, aside / folder / f"{name}.parquet")
    for name in [n for n in build.entries if n.endswith("_mapped")]:
        if name.removesuffix("_mapped") in build.specs.mappings:
            _copy(build, name, KEYS, aside / "keys" / f"{name.removesuffix('_mapped')}.parquet")
    for name in [n for n in build.entries if n.startswith("pages:")]:
        for file in build.entries[name]["files"]:
            _copy(build, name, file, aside / "tlf" / file)
    _write_tables(build, aside)
    manifest = _manifest(build, aside, digest, summary, datasets)
    (aside / "manifest.json").write_bytes(json_bytes(manifest))
    _keep_others(out, aside)
    publish(aside, out)
    return manifest


def _copy(build: Build, node: str, file: str, target: Path) -> None:
    shutil.copyfile(build.cache.path(node, build.entries[node]["digest"]) / file, target)


def _write_tables(build: Build, aside: Path) -> None:
    from pipeline.ground.plain_csv import csv_text
    from pipeline.pages import all_results

    results = all_results(build)
    if len(results):
        write_parquet(results, aside / "results" / "results.parquet")
        (aside / "results" / "results.csv").write_bytes(csv_text(results).encode("utf-8"))
    entry = findings_entry(build)
    shutil.copyfile(build.cache.path("findings", entry["digest"]) / "findings.csv", aside / "findings.csv")


def _keep_others(out: Path, aside: Path) -> None:
    """Logs and the products of other commands (validation) stay where they are."""
    for name in ("log", "validation"):
        if (out / name).is_dir():
            shutil.copytree(out / name, aside / name, dirs_exist_ok=True)


def _manifest(
    build: Build, aside: Path, digest: str, summary: dict[str, Any], datasets: dict[str, str]
) -> dict[str, Any]:
    from pipeline.pages import run_identity

    files = [p for p in sorted(aside.rglob("*")) if p.is_file() and p.relative_to(aside).parts[0] != "log"]
    return {
        "study": build.specs.study.get("study", build.specs.name),
        "extract": {
            "name": build.delivery.name,
            "files": build.delivery.hashes,
            "crf_version": build.delivery.manifest.get("crf_version", ""),
        },
        "cutoff": build.cutoff,
        "cutoff_named": build.cut_named,
        "decisions": {
            d.id: {"value": d.value, "set_in": d.set_in, "question": d.question, "source": d.source}
            for d in build.specs.decisions.values()
        },
        "datasets": {
            name: {"records": build.entries[name]["records"], "layer": layer} for name, layer in datasets.items()
        },
        "raw": {n.removeprefix("raw:"): build.entries[n]["records"] for n in build.entries if n.startswith("raw:")},
        "findings": summary["findings"],
        "summary": summary,
        "specs": spec_hashes(build),
        "code": {package: source.package_hash(package) for package in source.PACKAGES},
        "versions": versions(),
        "files": {str(p.relative_to(aside)): file_hash(p) for p in files},
        "run": run_identity(build),
        "build": digest,
    }


def findings_entry(build: Build) -> dict[str, Any]:
    """All findings of the nodes made so far, as CSV in the cache, with their counts by severity in the entry."""
    made = {name: entry["files"].get(FINDINGS, "") for name, entry in build.entries.items() if name in build.graph}
    delivery = [build.delivery.name, build.delivery.hashes, build.delivery.manifest, spec_hashes(build)]
    code = [source.code_hash(module) for module in ("pipeline.gate", "pipeline.ground.plain_csv")]
    digest = sha256(json_bytes({"made": made, "delivery": delivery, "code": code}))
    entry = build.cache.entry("findings", digest)
    if entry is None:
        from pipeline.ground.plain_csv import csv_text
        from pipeline.ground.queries import left_out

        findings = build.findings(made)
        notes = {**_counts(build, findings), "left_out": left_out(findings)}
        files = {"findings.csv": csv_text(findings)}
        entry = build.cache.write("findings", digest, files, notes)
    return entry


def _counts(build: Build, findings: Any) -> dict[str, dict[str, int]]:
    """Findings by severity: `counts` of the queries as `trial validate` counts them, `further` of the build's own.

    Where the gate did not run, all findings are in `counts`.
    """
    from pipeline.ground.queries import SEVERITIES

    asked, further = findings, findings.iloc[:0]
    if GATE in build.entries:
        gate = build.frame(GATE, FINDINGS)
        asked = gate[gate["check"] != "GATE-REGISTER"]
        further = findings[~findings["check"].isin(asked["check"])]
    told = {"counts": asked, "further": further}
    sums = {name: rows["severity"].value_counts() for name, rows in told.items()}
    return {name: {s: int(count.get(s, 0)) for s in SEVERITIES} for name, count in sums.items()}
