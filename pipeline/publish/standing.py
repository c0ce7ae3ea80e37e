"""The products that stand where a build puts its own: which of them are as their manifest says, and may stay.

Each is held against its hash, and read for it only where it has another sign than when it was read or put there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.engine.signs import FileSigns
from pipeline.engine.store import file_hash, is_sealed
from pipeline.publish.manifest import MANIFEST, ProductManifest, published
from pipeline.publish.place import any_products


class StandingProducts(NamedTuple):
    """The manifest of the products in OUT, and which of them are not as it says."""

    out: Path
    manifest: ProductManifest
    altered: Collection[str]

    @property
    def files(self) -> Mapping[str, str]:
        """The products that are as the manifest says, with their hashes."""
        return {name: one for name, one in self.manifest.get("files", {}).items() if name not in self.altered}


def standing(out: Path, signs: FileSigns) -> StandingProducts:
    """What stands in OUT now."""
    return StandingProducts(out, *earlier_manifest(out, signs.hash))


def note_published(out: Path, manifest: ProductManifest, signs: FileSigns) -> None:
    """Note what was put in its place just now."""
    for name, noted in manifest["files"].items():
        signs.note(out / name, noted)


def earlier_manifest(out: Path, hashed: Callable[[Path], str] = file_hash) -> tuple[ProductManifest, list[str]]:
    """The manifest of the products in OUT and which of them are not as it says; both empty when there are none.

    Products without a manifest that can be read are products whose manifest was altered.
    """
    manifest = published(out)
    if not manifest:
        return {}, [MANIFEST] if any_products(out) else []
    return manifest, damaged(out, manifest, hashed)


def damaged(out: Path, manifest: ProductManifest, hashed: Callable[[Path], str] = file_hash) -> list[str]:
    """The published files that are missing or not as the manifest says; the manifest itself when it was altered."""
    if not is_sealed(manifest):
        return [MANIFEST]
    return [name for name, noted in manifest["files"].items() if _hash_or_none(out / name, hashed) != noted]


def _hash_or_none(path: Path, hashed: Callable[[Path], str]) -> str:
    try:
        return hashed(path)
    except OSError:
        return ""
