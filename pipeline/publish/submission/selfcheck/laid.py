"""A package as it lies in a folder, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath

from lxml import etree

from pipeline.publish.manifest import ProductManifest
from pipeline.publish.submission.bundle import BundleManifest, bundle_of
from pipeline.publish.submission.layout import BUNDLE, DEFINE, RUN, Layout

LAYERS = ("sdtm", "adam")
AGAIN = "make the package again: trial submission"
ELSEWHERE = ("http:", "https:", "file:", "mailto:", "/", "\\")


@dataclass(frozen=True)
class Defect:
    """What is wrong with a file of a package, and the cure."""

    file: str
    what: str
    cure: str = AGAIN


@dataclass(frozen=True)
class Laid:
    """A package in a folder, wherever that is."""

    folder: Path

    @cached_property
    def told(self) -> BundleManifest:
        """Its manifest; empty where there is none that can be read."""
        return bundle_of(self.folder)

    @cached_property
    def layout(self) -> Layout:
        """Where its files should lie."""
        return Layout(str(self.told.get("study", "")))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All files, by path from the root."""
        return tuple(sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if not p.is_dir()))

    @cached_property
    def run(self) -> ProductManifest:
        """The manifest of the build that the package is of; empty where there is none that can be read."""
        try:
            told: ProductManifest = json.loads(self.content(f"{self.layout.misc}/{RUN}"))
        except ValueError:
            return {}
        return told if isinstance(told, dict) else ProductManifest()

    @cached_property
    def defines(self) -> dict[str, etree._Element]:
        """The defines that can be read, by layer."""
        found = {}
        for layer in LAYERS:
            try:
                found[layer] = etree.fromstring(self.content(f"{self.layout.of_layer(layer)}/{DEFINE}"))
            except etree.XMLSyntaxError:
                continue
        return found

    def content(self, path: str) -> bytes:
        """The bytes of a file; none where it is not there."""
        file = self.folder / path
        return file.read_bytes() if file.is_file() else b""

    def below(self, folder: str, ending: str) -> list[str]:
        """The names of the files that lie in a folder and end so."""
        return [p.rpartition("/")[2] for p in self.paths if dirname(p) == folder and p.endswith(ending)]

    def reached(self, start: str, href: str) -> bool:
        """True when a reference from a file leads to a file of the package."""
        target = normpath(f"{dirname(start)}/{href.partition('#')[0]}")
        return not href.startswith(ELSEWHERE) and target in self.paths


def unnamed(folder: Path) -> Iterator[Defect]:
    """A folder without a manifest that can be read is no package."""
    if not bundle_of(folder):
        yield Defect(BUNDLE, "is missing or cannot be read: what this folder should hold is not known.")
