"""What the review site tells beside the build, of folders that the user names: an earlier build, a sensitivity."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine.store import file_hash
from pipeline.ground.faults import TrialError
from pipeline.publish.manifest import MANIFEST
from pipeline.publish.review_step import Folders
from pipeline.publish.standing import earlier_manifest

SENSITIVITY = "sensitivity.csv"


def looked_at(named: Folders, out: Path, study: str) -> Folders:
    """The folders named with the hashes of what they say, looked at before anything is made. Raises TrialError."""
    earlier = _earlier(named.since.resolve(), out, study) if named.since else None
    moved = _moved(named.sensitivity.resolve()) if named.sensitivity else None
    hashes = [file_hash(path) for path in (earlier and earlier / MANIFEST, moved) if path]
    return Folders(earlier, moved, tuple(hashes))


def _earlier(since: Path, out: Path, study: str) -> Path:
    """The products of an earlier build of this study, whole as they were published. Raises TrialError."""
    manifest, altered = earlier_manifest(since)
    if not manifest:
        what = f"{since.name} holds no products of an earlier build, of which could be told what is new."
        raise TrialError(what, str(since), "name with --since (SINCE=) a folder that `trial build` has written")
    if since == out:
        what = "The earlier build is the folder that this build writes to: it would be compared with itself."
        raise TrialError(what, str(since), "copy the products elsewhere, and name the copy with --since (SINCE=)")
    if manifest["study"] != study:
        what = f"The earlier build is of study {manifest['study']}, this one of {study}."
        raise TrialError(what, str(since), "name with --since (SINCE=) an earlier build of this study")
    if altered:
        more = f" and {len(altered) - 1} more" if len(altered) > 1 else ""
        what = f"The earlier build was altered since it was published ({altered[0]}{more})."
        raise TrialError(what, str(since), "name products as they were published, or build them again")
    return since


def _moved(folder: Path) -> Path:
    """The table of a sensitivity. Raises TrialError where there is none."""
    path = folder / SENSITIVITY
    if not path.is_file():
        what = f"{folder.name} holds no {SENSITIVITY}."
        raise TrialError(what, str(folder), "make it: trial sensitivity --save FOLDER, or make sensitivity")
    return path
