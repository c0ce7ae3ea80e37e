"""Where products may go: a place that is ours, that can be written, and that nobody else is writing to just now."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pipeline.engine.audit import AUDITS, product
from pipeline.engine.store import is_sealed
from pipeline.ground.faults import TrialError
from pipeline.publish.manifest import LINEAGE, MANIFEST, published
from pipeline.publish.swap import READY, STAY, hidden

TOLD = tuple(product(name) for name in AUDITS)
PRODUCTS = ("sdtm", "adam", "keys", "lineage", "results", "tlf", "review", "findings.csv", LINEAGE, *TOLD, MANIFEST)
EXPORT, VERIFY, SUBMISSION = "export", "verify", "submission"
OTHERS = ("log", "validation", EXPORT, VERIFY, SUBMISSION)
SOURCES = ("specs", "data", "pipeline", "sdtm", "adam", "tlf", "tests", "docs", ".git", ".venv")
LITTER = ("Thumbs.db", "desktop.ini", *STAY)
ELSEWHERE = "say another --out FOLDER (of make: OUT=FOLDER)"
FILES = (".csv", ".docx", ".html", ".json", ".parquet", ".pdf", ".rtf", ".txt", ".xlsx", ".xml", ".xpt", ".zip")
WORDS = {
    errno.ENOSPC: ("The disk is full; the earlier products are as they were.", f"make room, or {ELSEWHERE}"),
    errno.EDQUOT: ("The quota of the disk is used up; the earlier products are as they were.", "make room"),
    errno.EROFS: ("The place is read-only.", ELSEWHERE),
    errno.EACCES: ("There is no permission here.", f"ask for it, or {ELSEWHERE}"),
    errno.EPERM: ("There is no permission here.", f"ask for it, or {ELSEWHERE}"),
    errno.ENAMETOOLONG: ("The name is too long for this disk.", "say a shorter --out FOLDER (of make: OUT=FOLDER)"),
    errno.ENOTDIR: ("A part of the path is a file, not a folder.", ELSEWHERE),
    errno.EEXIST: ("A part of the path is a file, not a folder.", ELSEWHERE),
    errno.ELOOP: ("The path is a link that leads back to itself.", ELSEWHERE),
    errno.EIO: ("The disk reports an error.", "look after the disk; the earlier products are as they were"),
    errno.ESTALE: ("The network disk has lost this file.", "run again"),
    errno.ENOENT: ("Nothing can be made here, or it went away meanwhile.", f"{ELSEWHERE}, or run again"),
    errno.ETXTBSY: ("The file is in use.", "close it and run again"),
}


@contextmanager
def in_words(out: Path) -> Iterator[None]:
    """What the disk refuses is told as the rule, the place and the cure. Raises TrialError.

    A file that is not there is the disk's matter only beside the products: elsewhere the program looked in vain.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in WORDS or (error.errno == errno.ENOENT and not _beside(Path(str(error.filename)), out)):
            raise
        what, cure = WORDS[error.errno]
        raise TrialError(what, str(error.filename or out), cure) from error


def _beside(path: Path, out: Path) -> bool:
    """True for a place of the products or of what is kept hidden next to them."""
    near = (path, *path.parents)
    return out in near or any(p.parent == out.parent and p.name.startswith(f".{out.name}.") for p in near)


def check_target(out: Path, root: Path | None = None, extract: Path | None = None, study: str = "") -> None:
    """Refuse a place that is not for products, or that holds what a build did not make. Raises TrialError."""
    not_a_source(out, root, extract)
    if out.is_file():
        raise TrialError("The output folder is a file.", str(out), ELSEWHERE)
    if not out.is_dir():
        return
    foreign = _foreign(out)
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        what = f"The output folder holds other things ({foreign[0]}{more}); they would be lost."
        raise TrialError(what, str(out), f"move them elsewhere, or {ELSEWHERE} that is empty or new")
    held = str(published(out).get("study", ""))
    if study and held and held != study:
        what = f"The output folder holds the products of study {held}; those of {study} would replace them."
        raise TrialError(what, str(out), f"{ELSEWHERE}, or move that folder away")


def older_exports(out: Path) -> str:
    """What to say of exports, verification and package in OUT while products change, '' where there are none."""
    kinds = ", ".join(sorted(path.name for path in (out / EXPORT).glob("[!.]*") if path.is_dir()))
    told = f"; {EXPORT}/ ({kinds}) is of an earlier build: write it again (trial export)" if kinds else ""
    again = {VERIFY: "trial verify", SUBMISSION: "trial submission"}
    there = [(name, command) for name, command in again.items() if (out / name).is_dir()]
    return told + "".join(f"; {name}/ is of an earlier build: make it again ({command})" for name, command in there)


def not_a_source(out: Path, root: Path | None, extract: Path | None) -> None:
    """Raises TrialError for a folder that is, holds or lies in specs, data or program, or has the name of a file."""
    if not out.exists() and out.suffix.lower() in FILES:
        raise TrialError(f"--out names a folder; {out.name} is the name of a file.", str(out), ELSEWHERE)
    sources = [root / name for name in SOURCES] if root else []
    sources += [extract] if extract else []
    within = [path for path in sources if path == out or path in out.parents]
    above = [path for path in (root, extract) if path and (path == out or out in path.parents)]
    if within or above:
        what = f"Products never go into or over {(within or above)[0].name}/, which they are made from."
        raise TrialError(what, str(out), "say another --out, for example --out output/mine (of make: OUT=output/mine)")


def _foreign(out: Path) -> list[str]:
    """What lies in OUT and was neither published there nor belongs to a log or a validation; hidden names aside."""
    tops = sorted(p.name for p in out.iterdir() if not _litter(p.name))
    strange = [name for name in tops if name not in (*PRODUCTS, *OTHERS)]
    products = [name for name in tops if name in PRODUCTS]
    manifest = published(out)
    if strange or not products or (out / READY).exists():
        return strange
    if not is_sealed(manifest):
        known = (out / "log" / "trial.log").exists() or products == [MANIFEST]
        return [] if manifest or (known and not _readable(out)) else products
    inside = [p for name in products for p in ((out / name).rglob("*") if (out / name).is_dir() else [out / name])]
    named = {str(p.relative_to(out)) for p in inside if not p.is_dir() and not _litter(p.name)}
    return sorted(named - {*manifest["files"], MANIFEST})


def _litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name in LITTER


def _readable(out: Path) -> bool:
    """True when there is a manifest that can be read: one of something else, for it is asked only then."""
    try:
        return isinstance(json.loads((out / MANIFEST).read_bytes()), dict)
    except (OSError, ValueError, RecursionError):
        return False


def any_products(out: Path) -> bool:
    """True when files lie in OUT as a build publishes them, with a manifest or without."""
    places = [out / name for name in PRODUCTS]
    return any(path.is_file() or any(p.is_file() for p in path.rglob("*")) for path in places)


@contextmanager
def held(out: Path, what: str) -> Iterator[None]:
    """Hold OUT for this run alone; a run that was killed holds nothing. Raises TrialError saying who has it."""
    path = hidden(out, "cache") / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8", errors="backslashreplace") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _held_by(handle, out) from error
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
        _sign(handle, what)
        yield
        _sign(handle, "")


def _sign(handle: TextIO, what: str) -> None:
    """Who holds the lock, for the words another run says; the lock itself is the system's and dies with the run."""
    handle.seek(0)
    handle.truncate()
    if what:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        json.dump({"what": what, "pid": os.getpid(), "host": socket.gethostname(), "since": since}, handle)
    handle.flush()


def _held_by(handle: TextIO, out: Path) -> TrialError:
    handle.seek(0)
    try:
        holder = json.load(handle)
        who = f"{holder['what']} (process {holder['pid']} on {holder['host']}) since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        who = "another run that has just begun"
    cure = f"wait until it has ended, or {ELSEWHERE}"
    return TrialError(f"These products are being made by {who}.", str(out), cure)
