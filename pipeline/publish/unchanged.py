"""A build of which nothing has changed says at once what it said: without specs, extract or products being read.

What is asked and the signs (`pipeline/engine/signs.py`) of every file that the build read or made are kept beside its
products; equal signs, equal answer. It is light: no library is imported.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from typing import Any, NamedTuple

from pipeline.engine.signs import sign_of
from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.ground.machine import versions
from pipeline.publish.swap import hidden
from pipeline.study.specs import find_root, primary_study, studies

FILE = "unchanged.json"
UP_TO_DATE = "  All products are up to date; nothing was written."
LOG = "log"  # of the products: each run writes it anew
UNREAD = ("__pycache__",)
LOOKED_AT = ("targets", "since", "sensitivity", "sdtm")  # options of a build that always looks at everything


class SaidBefore(NamedTuple):
    """What was asked, the signs of what was read and made then, and what was said."""

    asked: str
    read: str
    made: str
    said: str


@dataclass(frozen=True)
class Again:
    """What a build is asked, all of it as one text, of which project, and where its products lie.

    `further` is what it reads outside the project.
    """

    asked: str
    root: Path
    out: Path
    further: tuple[Path, ...] = ()

    @property
    def kept(self) -> Path:
        """The file with what the build said."""
        return hidden(self.out, "cache") / FILE

    def read(self) -> str:
        """The signs of what a build reads: specs and extracts of the project, the program, and what lies elsewhere."""
        code = [source.CODE / package for package in source.PACKAGES]
        return hash_of_signs([self.root / "specs", self.root / "data", *code, *self.further])

    def made(self) -> str:
        """The signs of the products."""
        return hash_of_signs([self.out], (LOG,))

    def said(self) -> str | None:
        """What the last build of these products said, when it was asked the same and nothing has changed since."""
        try:
            kept = SaidBefore(**json.loads(self.kept.read_bytes()))
            return kept.said if kept == SaidBefore(self.asked, self.read(), self.made(), kept.said) else None
        except (OSError, ValueError, TypeError, RecursionError):
            return None

    def keep(self, read: str, said: str) -> None:
        """Keep what a build said that began when what it reads had these signs, unless they are others now.

        A place that cannot be written only costs the next run its time.
        """
        if read != self.read():
            return
        kept = SaidBefore(self.asked, read, self.made(), said)
        with contextlib.suppress(OSError):
            fresh = self.kept.with_suffix(".new")
            fresh.write_text(json.dumps(kept._asdict()), encoding="utf-8")
            fresh.replace(self.kept)

    def holds(self, delivered: Path) -> bool:
        """True for an extract that lies within what is looked at."""
        return any(delivered.is_relative_to(place) for place in (self.root / "data", *self.further))


def asked_where(**options: Any) -> tuple[Path, str, Path] | None:
    """The project, the study and the place of products that a build is asked; None where one is not there."""
    try:
        root = find_root(Path(options["root"]) if options["root"] else None)
        study = options["study"] or primary_study(root)
    except TrialError:
        return None
    if study not in studies(root):
        return None
    return root, study, (Path(options["out"]) if options["out"] else root / "output" / study).resolve()


def again(**options: Any) -> Again | None:
    """What a build with these options is asked; None for one that is always looked at: of few targets, of a pool, from
    SDTM, beside another folder, or of a place or study that is not there."""
    where = asked_where(**options)
    if where is None or any(options.get(word) for word in LOOKED_AT):
        return None
    root, study, out = where
    said = {name: value for name, value in os.environ.items() if name.startswith("TRIAL_")}
    asked = json.dumps([str(root), study, str(Path.cwd()), options, said, versions()], sort_keys=True, default=str)
    return Again(asked, root, out, (Path(options["extract"]).resolve(),) if options["extract"] else ())


def hash_of_signs(places: Iterable[Path], without: tuple[str, ...] = ()) -> str:
    """SHA-256 of the signs of all that lies there."""
    told = hashlib.sha256()
    for place, sign in signs(places, without):
        told.update(f"{place}\0{sign}\n".encode("utf-8", "surrogateescape"))
    return told.hexdigest()


def signs(places: Iterable[Path], without: tuple[str, ...] = ()) -> Iterator[tuple[Path, str]]:
    """The sign of each file or folder and of all within it, in the order of their names, but of these names in it."""
    for place in places:
        yield from _signs(place, without)


def _signs(place: Path, without: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    try:
        state = place.stat()
    except FileNotFoundError:
        yield place, "none"
        return
    yield place, sign_of(state)
    if S_ISDIR(state.st_mode):
        for within in sorted(place.iterdir()):
            if within.name not in (*without, *UNREAD):
                yield from _signs(within, ())
