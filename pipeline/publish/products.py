"""The products of a build put together aside and moved in place whole: datasets, results, pages, findings, manifest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.engine.audit import AUDITS
from pipeline.engine.audit import product as told_as
from pipeline.engine.core import handed
from pipeline.engine.graph import rests_on
from pipeline.engine.node import DATA, KEYS, MAPPED, TAKEN
from pipeline.engine.partition import of_whole
from pipeline.engine.runner import Build
from pipeline.engine.several_sources import products_of_sources
from pipeline.engine.spec_hashes import spec_hashes
from pipeline.engine.store import (
    Entry,
    Json,
    bytes_of,
    digest_of,
    file_hash,
    json_bytes,
    read_parquet,
    seal,
)
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.publish.findings_made import ALL, Looked
from pipeline.publish.lineage_file import write_lineage
from pipeline.publish.manifest import LINEAGE, MANIFEST, DatasetTold, ProductManifest, Summary
from pipeline.publish.place import OTHERS
from pipeline.publish.printed import KEPT_BACK
from pipeline.publish.results_file import RESULT_FILES, results_as_joined, results_of_build
from pipeline.publish.review_step import REVIEW, files_of
from pipeline.publish.stale_products import NOTHING, Rest, joined_findings, joined_results, still_told
from pipeline.publish.standing import StandingProducts, note_published
from pipeline.publish.swap import copy_tree, hidden, publish
from pipeline.publish.written import COLLECTED, write_product

FOLDER_OF_LAYER = {"sdtm": "sdtm", "adam": "adam"}
RESULTS = "results/results.parquet"
FOLDERS = ("sdtm", "adam", "keys", "lineage", "results", "tlf", "log")


def build_digest(build: Build, looked: Looked, rest: Rest = NOTHING) -> str:
    """What the whole folder of products depends on: every made thing with its findings, the delivery, the specs."""
    parts: dict[str, Json] = {
        "entries": of_whole(build.entries, build.graph),
        "cutoff": build.cutoff,
        "cutoff_named": build.cut_named,
        "delivery": [build.delivery.name, build.delivery.hashes, build.delivery.manifest.digest],
        "specs": spec_hashes(build.specs),
        "code": source.code_hash("pipeline.cli"),
        "versions": versions(),
        "failed": build.failed,
    }
    if rest != NOTHING or looked.scope != ALL:
        parts |= {"kept": rest.kept, "stale": rest.stale, "looked": [looked.scope, looked.entry.files]}
    return digest_of(parts)


def datasets_of(build: Build) -> dict[str, str]:
    """Dataset nodes to publish and the folder each goes to: no intermediates, no dataset of SDTM without records."""
    found = {}
    for name, spec in build.specs.datasets.items():
        if handed(name, build.graph) not in build.entries or spec.intermediate:
            continue
        if spec.layer == "sdtm" and not build.entries[name].records:
            continue
        found[name] = FOLDER_OF_LAYER[spec.layer]
    return found


def contents(build: Build) -> dict[str, tuple[str, str]]:
    """Which file of which made thing becomes which product: node and file in the cache, by path in OUT."""
    folders = datasets_of(build)
    found = {f"{folders[name]}/{name}.parquet": (handed(name, build.graph), DATA) for name in folders}
    behind = products_of_sources(build.graph)
    found |= {f"lineage/{name}.parquet": (node, DATA) for name, node in behind.items() if node in build.entries}
    found |= {told_as(name): (name, told_as(name)) for name in AUDITS if name in build.entries}
    for name in build.entries:
        domain = name.removesuffix(MAPPED)
        taken = name in build.graph and build.graph[name].kind == TAKEN and build.entries[name].records
        if taken or (domain != name and domain in build.specs.mappings):
            found[f"keys/{domain}.parquet"] = (name, KEYS)
        if name.startswith("pages:"):
            pages = [file for file in build.entries[name].files if not file.endswith(KEPT_BACK)]
            found |= {f"tlf/{file}": (name, file) for file in pages}
    return found | {f"{REVIEW}/{file}": place for file, place in files_of(build.entries).items()}


def nothing_is_left(build: Build, whole: Build, looked: Looked, rest: Rest) -> bool:
    """True when a build of few targets leaves the folder as a build of everything would, which it then counts as."""
    whole.entries |= build.entries
    there = set(contents(build)) | set(rest.kept)
    complete = set(build.graph) <= set(whole.entries) and looked.scope == ALL and not build.failed
    return complete and not rest.stale and there == set(contents(whole))


def results_of(build: Build, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """What keeps the files of the results of all outputs whose pages are made, by node; nothing where no output is."""
    return results_of_build(replace(build, entries=dict(entries)))


def assemble(
    build: Build, stands: StandingProducts, digest: str, summary: Summary, looked: Looked, rest: Rest = NOTHING,
    results: Mapping[str, Entry] | None = None,
) -> ProductManifest:  # fmt: skip
    """Write all products aside, then publish them where others stand; returns the manifest.

    `results` has those that are made already.
    """
    out = stands.out
    aside = hidden(out, f"making.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for folder in FOLDERS:
            (aside / folder).mkdir(parents=True)
        for name in rest.kept:
            _stays(out / name, aside / name)
        made = results if results is not None else _results(build, out, rest)
        hashes = _put(build, stands, aside, made)
        _write_tables(build, out, aside, looked, rest)
        manifest = _manifest(build, aside, digest, summary, looked, rest, hashes)
        manifest["seal"] = seal(manifest)
        (aside / MANIFEST).write_bytes(json_bytes(manifest))
        _keep_others(out, aside)
        publish(aside, out)
        note_published(out, manifest, build.cache.signs)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _stays(path: Path, target: Path) -> None:
    """A product that is as it was, under its name among the new ones too; a copy where the disk has no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(path)
    except OSError:
        target.write_bytes(path.read_bytes())


def _put(
    build: Build, stands: StandingProducts, aside: Path, results: Mapping[str, Entry]
) -> dict[str, str]:
    """Write the products that the cache has, or leave those that stand; the hashes of what was made, by name."""
    standing = stands.files
    hashes = {}
    places = {name: (node, build.entries[node], file) for name, (node, file) in contents(build).items()}
    places |= {f"results/{file}": (node, results[node], file) for file, node in RESULT_FILES.items() if node in results}
    for name, (node, entry, file) in places.items():
        collected = name.startswith(f"{COLLECTED}/")  # a dataset of SDTM may be written otherwise
        if not collected:
            hashes[name] = entry.files[file]
        if not collected and standing.get(name) == entry.files[file]:
            _stays(stands.out / name, aside / name)
        else:
            write_product(build.cache.vouched(node, entry, file), aside / name, build.specs.datasets, name)
    return hashes


def _results(build: Build, out: Path, rest: Rest) -> dict[str, Entry]:
    """What keeps the files of the results, with those of an earlier build that stay."""
    from pipeline.publish.ard import with_printed
    from pipeline.publish.pages import all_results

    if not rest.manifest or RESULTS not in rest.manifest["files"]:
        return results_of(build, build.entries)
    made, kept = with_printed(all_results(build), build), read_parquet((out / RESULTS).read_bytes())
    return results_as_joined(build, joined_results(made, kept, list(build.failed), build.specs))


def _write_tables(build: Build, out: Path, aside: Path, looked: Looked, rest: Rest) -> None:
    findings = build.cache.read("findings", looked.entry, "findings.csv")
    if rest.manifest and looked.scope != ALL:
        told = still_told(build.with_what_is_known(), (out / "findings.csv").read_bytes())
        findings = joined_findings(findings, told)
    if build.failed:
        findings = joined_findings(failures(build), findings)
    (aside / "findings.csv").write_bytes(findings)
    write_lineage(aside, aside / LINEAGE, build.specs, build.cache)


def failures(build: Build) -> bytes:
    """What could not be made, as findings (CSV)."""
    from pipeline.ground.plain_csv import csv_text
    from pipeline.ground.queries import finding, gather

    told = [
        finding("BUILD-FAILED", "critical", f"{_number(build, name)} could not be made. {first_line(text)}", form=name)
        for name, text in sorted(build.failed.items())
    ]
    return bytes_of(csv_text(gather(told)))


def first_line(text: str) -> str:
    """What went wrong, without where and how."""
    return text.split("\n")[0]


def _number(build: Build, name: str) -> str:
    return str(build.specs.outputs[name].shell.output) if name in build.specs.outputs else name


def _keep_others(out: Path, aside: Path) -> None:
    """Logs and the products of other commands (validation) stay where they are."""
    for name in OTHERS:
        if (out / name).is_dir():
            copy_tree(out / name, aside / name)


def _manifest(
    build: Build, aside: Path, digest: str, summary: Summary, looked: Looked, rest: Rest, hashes: Mapping[str, str]
) -> ProductManifest:
    from pipeline.publish.pages import pages_told, run_identity, versions_said

    files = [str(p.relative_to(aside)) for p in sorted(aside.rglob("*")) if p.is_file()]
    datasets: dict[str, DatasetTold] = {
        name: {"records": build.entries[name].records, "layer": layer} for name, layer in datasets_of(build).items()
    }
    raw = {n.removeprefix("raw:"): build.entries[n].records for n in build.entries if n.startswith("raw:")}
    return {
        "study": build.specs.study.study,
        "extract": {
            "name": build.delivery.name,
            "files": build.delivery.hashes,
            "crf_version": build.delivery.manifest.crf_version,
        },
        "cutoff": build.cutoff,
        "cutoff_named": build.cut_named,
        "decisions": {
            d.id: {"value": d.value, "set_in": d.set_in, "question": d.question, "source": d.source}
            for d in build.specs.decisions.values()
        },
        "dictionaries": versions_said(build.specs.study, build.delivery.manifest.dictionaries),
        "datasets": {n: v for n, v in rest.manifest.get("datasets", {}).items() if n in rest.names} | datasets,
        "pages": pages_told(build, looked.status, rest.manifest.get("pages", {}), rest.names),
        "raw": rest.manifest.get("raw", {}) | raw,
        "findings": summary["findings"],
        "findings_looked_for": looked.scope,
        "stale": list(rest.stale),
        "failed": {name: first_line(text) for name, text in build.failed.items()},
        "without": without(build),
        "summary": summary,
        "specs": spec_hashes(build.specs),
        "code": {package: source.package_hash(package) for package in source.PACKAGES},
        "versions": versions(),
        "files": {n: hashes.get(n) or file_hash(aside / n) for n in files if not n.startswith("log/")},
        "run": run_identity(build),
        "build": digest,
    }


def without(build: Build) -> dict[str, list[str]]:
    """The outputs made without a domain that the SDTM lacks, by domain."""
    numbers = {name: one.shell.output for name, one in build.specs.outputs.items() if name in build.entries}
    rests = {number: rests_on(build.graph, name, build.specs.lacking) for name, number in numbers.items()}
    domains = [domain.upper() for domain in build.specs.lacking]
    found = {domain: [number for number, lost in rests.items() if domain in lost] for domain in domains}
    return {domain: told for domain, told in found.items() if told}
