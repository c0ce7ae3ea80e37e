"""Files, names, sizes and hashes: all that the manifest names is there and as it was, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.engine.store import file_hash, is_sealed
from pipeline.publish.export.define.document import STYLESHEET
from pipeline.publish.guides import adrg, csdrg
from pipeline.publish.submission.layout import (
    BUNDLE,
    DEFINE,
    HELD_OTHERWISE,
    PROGRAM_PACK,
    RESULTS,
    RUN,
    SPECS_PACK,
    named_rightly,
)
from pipeline.publish.submission.selfcheck.laid import AGAIN, Defect, Laid

TAKE_AWAY = "take it away, or " + AGAIN


def look(laid: Laid) -> Iterator[Defect]:
    """What is wrong with the files."""
    if not is_sealed(laid.told):
        yield Defect(BUNDLE, "was altered since it was written (its seal does not hold).")
    yield from _named(laid)
    yield from _needed(laid)
    yield from _rightly_named(laid)


def _named(laid: Laid) -> Iterator[Defect]:
    """Every file named is there with its size and hash; every file there is named."""
    told = laid.told["files"]
    for path, noted in told.items():
        file = laid.folder / path
        if path not in laid.paths:
            yield Defect(path, "is named in the manifest and is not there.")
        elif file.is_symlink():
            yield Defect(path, "is a link to another place, not a file.")
        elif file.stat().st_size != noted["bytes"]:
            yield Defect(path, f"has {file.stat().st_size:,} bytes; it was written with {noted['bytes']:,}.")
        elif file_hash(file) != noted["sha256"]:
            yield Defect(path, "is not as it was written (its SHA-256 is another).")
    for path in laid.paths:
        if path not in told and path != BUNDLE:
            yield Defect(path, "is there and nothing names it.", TAKE_AWAY)


def _needed(laid: Laid) -> Iterator[Defect]:
    """What every package has."""
    at = laid.layout
    needed = [f"{folder}/{name}" for folder in (at.sdtm, at.adam) for name in (DEFINE, STYLESHEET)]
    needed += [f"{at.sdtm}/{csdrg.FILE}", f"{at.adam}/{adrg.FILE}", f"{at.adam}/adsl.xpt", f"{at.sdtm}/dm.xpt"]
    needed += [f"{at.programs}/{name}" for name in (PROGRAM_PACK, SPECS_PACK)]
    needed += [f"{at.misc}/{name}" for name in (RUN, RESULTS, HELD_OTHERWISE)]
    for path in needed:
        if path not in laid.told["files"]:
            yield Defect(path, "is needed in every package, and the manifest does not name it.")


def _rightly_named(laid: Laid) -> Iterator[Defect]:
    """Names of files and folders; nothing empty; nothing outside the study's folder."""
    for path in laid.paths:
        for name in path.split("/"):
            if not named_rightly(name):
                yield Defect(path, f"the name {name} is not of at most 32 lower-case letters, digits, points, - and _.")
        if path != BUNDLE and not path.startswith(f"{laid.layout.home}/"):
            yield Defect(path, f"lies outside the study's folder {laid.layout.home}.", TAKE_AWAY)
        if not laid.content(path):
            yield Defect(path, "is empty.")
    for folder in laid.folder.rglob("*"):
        if folder.is_dir() and not any(folder.iterdir()):
            yield Defect(folder.relative_to(laid.folder).as_posix(), "is an empty folder.", "take it away")
