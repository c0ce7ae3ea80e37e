"""The hash of a file told again without reading it, as long as its sign is the same.

A sign is its size, its times of content and of state, and its number on the disk: a file that was written again, put
back, or altered with its times set back has another time of state, which no program sets.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

FILE = "signs.json"


class FileSigns:
    """The signs and hashes of files that were read before, kept in a file; those asked for in this run are kept on."""

    def __init__(self, home: Path):
        self.home = home
        self._known: dict[str, list[str]] | None = None
        self._asked: dict[str, list[str]] = {}

    def __reduce__(self) -> tuple[Callable[[Path], FileSigns], tuple[Path]]:
        """Another process reads for itself what is kept."""
        return FileSigns, (self.home,)

    def hash(self, path: Path) -> str:
        """SHA-256 of a file's bytes. Raises OSError where there is none."""
        name, sign = str(path), sign_of(path.stat())
        told = self._asked.get(name) or self._before().get(name)
        if told is None or told[0] != sign:
            with path.open("rb") as file:
                told = [sign, hashlib.file_digest(file, "sha256").hexdigest()]
        self._asked[name] = told
        return told[1]

    def note(self, path: Path, noted: str) -> None:
        """A file was just put in its place, and has this hash."""
        with contextlib.suppress(OSError):
            self._asked[str(path)] = [sign_of(path.stat()), noted]

    def keep(self) -> None:
        """Keep what was asked for. A place that cannot be written only costs the next run its time."""
        with contextlib.suppress(OSError):
            fresh = self.home / f"{FILE}.new"
            fresh.write_text(json.dumps(self._asked), encoding="utf-8")
            fresh.replace(self.home / FILE)

    def _before(self) -> dict[str, list[str]]:
        if self._known is None:
            try:
                told = json.loads((self.home / FILE).read_bytes())
                self._known = {str(name): [str(sign), str(noted)] for name, (sign, noted) in told.items()}
            except (OSError, ValueError, TypeError, AttributeError, RecursionError):
                self._known = {}
        return self._known


def sign_of(state: os.stat_result) -> str:
    """The sign of a file or folder."""
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"
