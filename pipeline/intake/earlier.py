"""The extracts of a study that were delivered before this one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import Delivery, open_delivery


def earlier_deliveries(delivery: Delivery, words: Sequence[str]) -> list[Delivery]:
    """Extracts to compare with: those named, `all` before it in its folder, or the one before. Raises TrialError."""
    if "none" in words:
        return []
    if words and "all" not in words:
        home = delivery.folder.parent
        paths = [Path(w) if Path(w).exists() else home / w for w in words]
        return [open_delivery(path.resolve()) for path in paths]
    before = [d for d in siblings(delivery) if (d.cutoff or d.name) < (delivery.cutoff or delivery.name)]
    return before if words else before[-1:]


def siblings(delivery: Delivery) -> list[Delivery]:
    """Other extracts of the same study in the same folder, oldest first; what is no extract is passed by."""
    found = []
    for path in sorted(delivery.folder.parent.iterdir()):
        if (
            path == delivery.folder
            or path.name.startswith(".")
            or not (path.is_dir() and (path / "manifest.json").exists())
        ):
            continue
        try:
            other = open_delivery(path)
        except TrialError:
            continue
        if other.manifest.study == delivery.manifest.study:
            found.append(other)
    return sorted(found, key=lambda d: d.cutoff or d.name)
