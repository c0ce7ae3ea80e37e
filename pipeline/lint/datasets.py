"""Dataset specs of a study: what differs from the standard's, said once and without collision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.lint.places import ERROR, WARNING, Document, Problem, read_document
from pipeline.study import shapes
from pipeline.study.datasets import LAYERS, collisions, differing, load_datasets, repeated


def check_datasets(root: Path, folder: Path) -> Iterator[Problem]:
    """Problems of the study's files on datasets; none while the standard's own cannot be read."""
    for layer in LAYERS:
        try:
            home = root / "specs" / "standard" / layer
            standard = {s.name: s for path in sorted(home.glob("*.yaml")) for s in load_datasets(layer, path)}
        except TrialError:
            continue
        for path in sorted((folder / layer).glob("*.yaml")):
            document = read_document(path, str(path.relative_to(root)))
            if isinstance(document, Document):
                names = differing(path, standard)
                yield from _differing(document, standard[names[0]]) if names else _whole(document)


def _whole(document: Document) -> Iterator[Problem]:
    """A dataset that the standard has not is said in full."""
    for slip in shapes.slips(document.content, shapes.DATASET):
        yield document.problem(slip.where, ERROR, slip.what, slip.cure)


def _differing(document: Document, standard: DatasetSpec) -> Iterator[Problem]:
    """What a study says of a standard dataset is of its shape, possible, and not said already."""
    slips = list(shapes.slips(document.content, shapes.OVERLAY))
    slips = slips or list(collisions(standard, document.content))
    for slip in slips:
        yield document.problem(slip.where, ERROR, slip.what, slip.cure)
    for slip in [] if slips else repeated(standard, document.content):
        yield document.problem(slip.where, WARNING, slip.what, slip.cure)
