"""A zip of data files as if it were their folder. Text is read where it lies; other kinds go through a passing file.

Refused: entries that point out of the archive, links, encrypted entries, two entries that would be the same file, and
archives that would unpack to far more than they are.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from pipeline.ground.faults import TrialError

SUFFIX = ".zip"
MAX_UNPACKED = 1_000_000_000  # bytes
MAX_RATIO = 200  # unpacked to packed, for entries of a size that matters
MATTERS = 1_000_000
MAX_ENTRIES = 2_000
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


def entries(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The files of the archive by name, without their folder. Raises TrialError for what is no safe zip."""
    with opened(path) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED or any(map(inflates, parts)):
        size = sum(part.file_size for part in parts) / 1e6
        what = f"The archive would unpack to {len(parts):,} files of {size:,.0f} MB; it is not opened."
        raise TrialError(what, str(path), "ask for the folder of files")
    infos: dict[str, zipfile.ZipInfo] = {}
    for part in parts:
        problem = unsafe(part)
        if problem:
            raise TrialError(
                f"The archive's entry {part.filename!r} {problem}; it is not opened.",
                str(path),
                "ask where it comes from",
            )
        name = PurePosixPath(part.filename).name
        if name.startswith((".", "~$")) or part.filename.startswith("__MACOSX/"):
            continue
        if name.casefold() in {other.casefold() for other in infos}:
            raise TrialError(f"The archive holds {name} twice.", str(path), "ask for one file per form")
        infos[name] = part
    return dict(sorted(infos.items()))


def unsafe(part: zipfile.ZipInfo) -> str:
    """Why an entry is not to be trusted, or ''."""
    path = PurePosixPath(part.filename)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in part.filename
        or ":" in part.filename
        or "\0" in part.orig_filename
    ):
        return "points out of the archive"
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in part.filename):
        return "has a name that is no text"
    if stat.S_ISLNK(part.external_attr >> 16):
        return "is a link"
    return "is encrypted" if part.flag_bits & 0x1 else ""


def inflates(part: zipfile.ZipInfo) -> bool:
    """True for an entry that unpacks to far more than text does."""
    return part.file_size > MATTERS and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def content(path: Path, name: str) -> bytes:
    """The bytes of one file of the archive, never more than the archive says it has. Raises TrialError."""
    found = entries(path)
    if name not in found:
        raise TrialError(f"The archive has no file {name}.", str(path), "check the delivery")
    with opened(path) as archive:
        return _content(archive, found[name], path)


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of every file of the archive by name. Raises TrialError."""
    found = entries(path)
    with opened(path) as archive:
        return {name: _content(archive, part, path) for name, part in found.items()}


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> bytes:
    try:
        with archive.open(part) as stream:
            return stream.read(part.file_size + 1)
    except UNREADABLE as error:
        raise _unreadable(path, error) from error


def opened(path: Path) -> zipfile.ZipFile:
    """The archive. Raises TrialError when it is none."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> TrialError:
    return TrialError(f"This file cannot be read as a zip archive: {error}.", str(path), "ask for the file again")
