"""bundle_manifest.json: every file of a package with its SHA-256, and what the package was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from pipeline.engine.store import json_bytes, seal, sha256
from pipeline.publish.manifest import ProductManifest
from pipeline.publish.submission.layout import BUNDLE


class FileNamed(TypedDict):
    """A file of the package."""

    sha256: str
    bytes: int


class BundleManifest(TypedDict, total=False):
    """What a package is: its study, the run and build it is of, what made it, texts asked for, and its files."""

    study: str
    run: str
    build: str
    cutoff: str
    extract: str
    program: str
    version: str
    encoding: str
    asked: list[str]
    files: dict[str, FileNamed]
    seal: str


@dataclass(frozen=True)
class Maker:
    """The program that made a package, the signs of its transport files, and the texts it lacks."""

    program: str
    version: str
    encoding: str = "ascii"
    asked: tuple[str, ...] = ()


def named(content: bytes) -> FileNamed:
    """A file as the manifest names it."""
    return {"sha256": sha256(content), "bytes": len(content)}


def bundle_bytes(files: Mapping[str, FileNamed], run: ProductManifest, maker: Maker) -> bytes:
    """The manifest of these files, by path from the root of the package."""
    extract = run.get("extract")
    told: BundleManifest = {
        "study": run.get("study", ""), "run": run.get("run", ""), "build": run.get("build", ""),
        "cutoff": run.get("cutoff", ""), "extract": extract["name"] if extract else "",
        "program": maker.program, "version": maker.version, "encoding": maker.encoding, "asked": list(maker.asked),
        "files": dict(sorted(files.items())),
    }  # fmt: skip
    told["seal"] = seal(told)
    return json_bytes(told)


def bundle_of(folder: Path) -> BundleManifest:
    """The manifest of a package; empty where there is none that can be read."""
    try:
        told: BundleManifest = json.loads((folder / BUNDLE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) and isinstance(told.get("files"), dict) else BundleManifest()
