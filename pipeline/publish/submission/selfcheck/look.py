"""All looks at a package, one after the other; what is not whole enough for a look is told by an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.publish.submission.selfcheck import datasets, defines, documents, files, programs
from pipeline.publish.submission.selfcheck.laid import Defect as Defect
from pipeline.publish.submission.selfcheck.laid import Laid, unnamed

LOOKS = (files.look, defines.look, datasets.look, documents.look, programs.look)


def defects(folder: Path) -> Iterator[Defect]:
    """What is wrong with the package in a folder, wherever it lies."""
    laid = Laid(folder)
    if not laid.told:
        yield from unnamed(folder)
        return
    for look in LOOKS:
        yield from look(laid)
