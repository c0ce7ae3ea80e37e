"""The review site among the products: made beside the pages by a function that is handed in, kept as one node."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline.engine.parallel import Workers
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import spec_hashes
from pipeline.engine.store import Entry, digest_of, file_hash
from pipeline.ground import source
from pipeline.ground.faults import FaultError, TrialError
from pipeline.publish.findings_made import ALL, Looked
from pipeline.publish.log import Log
from pipeline.publish.pages import run_identity
from pipeline.study.declared import ADSL


@dataclass(frozen=True)
class Folders:
    """What else the site tells of: products of an earlier build (`since`), a sensitivity; hashes of what they say."""

    since: Path | None = None
    sensitivity: Path | None = None
    hashes: tuple[str, ...] = ()


NO_FOLDERS = Folders()
REVIEW, INDEX, MODULE = "review", "review/index.html", "pipeline.review.site"
Review: TypeAlias = Callable[[Build, Looked, Folders], Mapping[str, bytes]]  # the files of the site, by path in it
Entries: TypeAlias = Mapping[str, Entry]
Wanted: TypeAlias = Review | None


class Reviewing:
    """The site of a build, begun beside the pages unless it is known.

    It is of all that there is: a build of few targets leaves it as it was.
    """

    def __init__(
        self, build: Build, looked: Looked, crew: Workers, review: Wanted, named: Folders = NO_FOLDERS
    ):  # fmt: skip
        self.build = build
        self.review = review if looked.scope == ALL and ADSL in build.entries else None
        self.begun: Future[Entry] | None = None
        if self.review and not known_review(build, looked, named):
            self.begun = crew.submit(_made, looked, self.review, named, dict(build.entries), dict(build.failed))

    def finish(self, log: Log) -> None:
        """Wait for it. What cannot be shown keeps no other product back: it is told as what failed."""
        if not self.review:
            return
        started = time.perf_counter()
        if self.begun:
            try:
                self.build.entries[REVIEW] = self.begun.result()
            except Exception as error:
                told = error.text() if isinstance(error, FaultError) else f"{type(error).__name__}: {error}"
                self.build.failed[REVIEW] = told
                log.say(f"  The review site could not be made: {told}", "red")
        log.stage("Review", "review/index.html" if self.begun else "unchanged", time.perf_counter() - started)


def site_of(out: Path) -> Path:
    """The first page of the site among the products. Raises TrialError where they have none."""
    page = out / INDEX
    if not page.is_file():
        raise TrialError("The products have no review site.", str(out), "make them: make tlf (without --no-review)")
    return page


def known_review(build: Build, looked: Looked, named: Folders = NO_FOLDERS) -> bool:
    """True when the cache has the site as it would be made now."""
    entry = build.cache.entry(REVIEW, _digest(build, looked, named))
    if entry is not None:
        build.entries[REVIEW] = entry
    return entry is not None


def _made(
    build: Build, looked: Looked, review: Review, named: Folders, entries: Entries, failed: Mapping[str, str]
) -> Entry:
    build.entries.update(entries)
    build.failed.update(failed)
    return build.cache.write(REVIEW, _digest(build, looked, named), review(build, looked, named))


def _digest(build: Build, looked: Looked, named: Folders) -> str:
    """What the site depends on: all that was made, what was found, what the specs say, and the code that shows it."""
    made = {name: entry.files for name, entry in build.entries.items() if name in build.graph}
    home = source.CODE / "pipeline" / REVIEW / "page"
    shown = [file_hash(path) for path in sorted(home.iterdir()) if path.is_file()]
    told = [looked.status, looked.entry.files, spec_hashes(build.specs), run_identity(build), sorted(build.failed)]
    told += [named.hashes]
    return digest_of([made, shown, told, source.code_hash(MODULE)])
