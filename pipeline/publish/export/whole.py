"""A folder of files made whole or not at all: aside first, then in the place of what was there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipeline.publish.export.files import Files


def write_whole(folder: Path, files: Files) -> int:
    """Write the files aside, then in the place of those that were there; how many they are."""
    aside, count = folder.with_name(f".{folder.name}.{os.getpid()}"), 0
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name, pieces in files:
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as handle:
                handle.writelines(pieces)
            count += 1
        shutil.rmtree(folder, ignore_errors=True)
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return count
