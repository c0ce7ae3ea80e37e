"""Builds that a pool of studies is made of, read from their products."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.engine.graph import build_graph
from pipeline.engine.pool import file_of, of_pool
from pipeline.engine.runner import Build
from pipeline.engine.store import Cache, file_hash, is_sealed, json_bytes, sha256
from pipeline.ground.faults import TrialError
from pipeline.intake.manifest import Manifest
from pipeline.intake.pool import FinishedBuild, Pool
from pipeline.publish.manifest import ProductManifest, published
from pipeline.study.pool import DATASETS
from pipeline.study.specs import Specs


def opened_pool(home: Path, names: Iterable[str]) -> Pool:
    """The builds of these studies, in HOME each under its name. Raises TrialError for one not built, or not whole."""
    manifests = {name: _whole(home / name) for name in names}
    hashes = {file_of(name, one): manifest["files"][f"adam/{one}.parquet"]
              for name, manifest in manifests.items() for one in DATASETS}  # fmt: skip
    builds = tuple(_finished(name, manifest) for name, manifest in manifests.items())
    said = sha256(json_bytes([manifest["build"] for manifest in manifests.values()]))
    return Pool(home, hashes, Manifest(dictionaries=_versions(builds), digest=said), (), builds)


def pooled(specs: Specs, home: Path, cache: Cache) -> Build:
    """The build of a pool. Raises TrialError."""
    pool = opened_pool(home, specs.study.pooled)
    told = of_pool(specs, pool)
    cutoff, named = pool.cut
    return Build(told, pool, cutoff, build_graph(told), cache, cut_named=named)


def is_built(folder: Path) -> bool:
    """True where the products of a study have the datasets of a pool."""
    return {f"adam/{one}.parquet" for one in DATASETS} <= {*published(folder).get("files", {})}


def _whole(folder: Path) -> ProductManifest:
    """The manifest of a finished build, of which the datasets of a pool are as they were published."""
    if not is_built(folder):
        cure = f"trial pool builds it; or: trial build --study {folder.name} --out {folder}"
        raise TrialError(f"The study {folder.name} is not built.", str(folder), cure)
    manifest = published(folder)
    for one in DATASETS:
        path = folder / "adam" / f"{one}.parquet"
        known = is_sealed(manifest) and path.is_file() and file_hash(path) == manifest["files"][f"adam/{path.name}"]
        if not known:
            raise TrialError("A dataset was altered since it was published.", str(path), "build the study anew")
        if one in (*manifest["stale"], *manifest["failed"]):
            raise TrialError(f"{one.upper()} of {folder.name} is stale.", str(folder), "build all of the study")
    return manifest


def _finished(name: str, manifest: ProductManifest) -> FinishedBuild:
    summary = manifest["summary"]
    return FinishedBuild(
        name, manifest["study"], manifest["extract"]["name"], manifest["cutoff"], manifest["run"],
        {code: told["value"] for code, told in manifest["decisions"].items()}, manifest.get("dictionaries", {}),
        summary["findings"], summary["further"],
    )  # fmt: skip


def _versions(builds: tuple[FinishedBuild, ...]) -> dict[str, str]:
    """The version of each dictionary; where the studies differ, that of each."""
    found = {}
    for name in sorted({name for one in builds for name in one.dictionaries}):
        told = {one.study: one.dictionaries.get(name, "not stated") for one in builds}
        apart = len(set(told.values())) > 1
        found[name] = "; ".join(f"{v} ({study})" for study, v in told.items()) if apart else next(iter(told.values()))
    return found
