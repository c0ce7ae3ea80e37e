"""The manifest of a folder of products (`manifest.json`): what was made from what, and what it came to.

Written by `publish/products.py` and sealed; one that cannot be read, or is not as it was sealed, is no manifest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from pipeline.study.decisions import Choice

if TYPE_CHECKING:
    from pipeline.ground.queries import LeftOut

MANIFEST = "manifest.json"
LINEAGE = "lineage.parquet"


class Extract(TypedDict):
    """The delivery: its folder's name, the SHA-256 of its files, the CRF version it states."""

    name: str
    files: dict[str, str]
    crf_version: str


class DecisionTold(TypedDict):
    """A decision in force, and whether the standard or the study set it."""

    value: Choice
    set_in: str
    question: str
    source: str


class DatasetTold(TypedDict):
    """A published dataset: number of records, and its layer."""

    records: int
    layer: str


class SetSize(TypedDict):
    """An analysis set: its label and flag, and the number of subjects in it."""

    label: str
    flag: str
    n: int


class PageTold(TypedDict):
    """The pages of an output: its number and the version that stands on them."""

    number: str
    version: str


class HeadlineResult(TypedDict):
    """A headline result as printed, and the output it is of."""

    label: str
    value: str
    output: str


class Summary(TypedDict):
    """What the summary at the end of a run shows; findings and further findings are counted by severity.

    `audits` are coverage and conformance, each in one line.
    """

    sets: list[SetSize]
    headline: list[HeadlineResult]
    left_out: list[LeftOut]
    findings: dict[str, int]
    further: dict[str, int]
    audits: dict[str, str]


class ProductManifest(TypedDict, total=False):
    """All of it; empty where there is none. `files` are the products with their SHA-256, `build` what they rest on."""

    study: str
    extract: Extract
    cutoff: str
    cutoff_named: str
    decisions: dict[str, DecisionTold]
    dictionaries: dict[str, str]
    datasets: dict[str, DatasetTold]
    pages: dict[str, PageTold]
    raw: dict[str, int]
    findings: dict[str, int]
    findings_looked_for: str
    stale: list[str]
    failed: dict[str, str]
    without: dict[str, list[str]]
    summary: Summary
    specs: dict[str, str]
    code: dict[str, str]
    versions: dict[str, str]
    files: dict[str, str]
    run: str
    build: str
    seal: str


def published(out: Path) -> ProductManifest:
    """The manifest of the products in OUT; empty when there is none that can be read."""
    try:
        manifest: ProductManifest = json.loads((out / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) and "build" in manifest else ProductManifest()
