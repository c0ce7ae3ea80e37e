"""The review site among the products: made beside the pages by a function that is handed in, kept as one node."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.engine.parallel import Workers
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import without_words, without_words_hash
from pipeline.engine.store import Entry, Files, digest_of, file_hash
from pipeline.ground import source
from pipeline.ground.faults import FaultError, TrialError
from pipeline.publish.findings_made import ALL, Looked
from pipeline.publish.log import Log
from pipeline.publish.open_findings import Open
from pipeline.publish.pages import Noting, pages_digest, run_identity
from pipeline.study.declared import ADSL


@dataclass(frozen=True)
class Folders:
    """What else the site tells of: products of an earlier build (`since`), a sensitivity; hashes of what they say."""

    since: Path | None = None
    sensitivity: Path | None = None
    hashes: tuple[str, ...] = ()


NO_FOLDERS = Folders()
REVIEW, INDEX, MODULE = "review", "review/index.html", "pipeline.review.site"
DATA = "review:data"  # the node of all files of the site but those of outputs and of the study, which lists them
TOLD = "told"  # the folder in it of what those are joined with
Entries: TypeAlias = Mapping[str, Entry]


@dataclass(frozen=True)
class Review:
    """What makes the site: notes what a page tells it while it is made; data beside the pages; outputs of both."""

    page: Noting
    data: Callable[[Build, Looked, Folders], Files]  # the files, by path in the site
    outputs: Callable[[Build, Looked, Callable[[str], bytes]], Files]  # reads files of `data`


Wanted: TypeAlias = Review | None


def page_node(name: str) -> str:
    """The name under which is kept what the page of an output tells the site."""
    return f"{REVIEW}:{name}"


def files_of(entries: Entries) -> dict[str, tuple[str, str]]:
    """Which file of which node becomes which file of the site; none where the site is not whole."""
    there = [name for name in (DATA, REVIEW) if name in entries]
    found = {file: (name, file) for name in there for file in entries[name].files if not file.startswith(f"{TOLD}/")}
    return found if len(there) == 2 else {}


def node_of(file: str) -> str:
    """The node that makes a file of the site."""
    return REVIEW if file.startswith("data/output/") or file == "data/study.js" else DATA


class Reviewing:
    """The site of a build: its data begun beside the pages, its outputs made when these stand, unless it is known.

    It is of all that there is: a build of few targets leaves it as it was.
    """

    def __init__(
        self, build: Build, looked: Looked, crew: Workers, review: Wanted, named: Folders = NO_FOLDERS
    ):  # fmt: skip
        self.build, self.looked, self.crew, self.named = build, looked, crew, named
        self.review = review if looked.scope == ALL and ADSL in build.entries else None
        self.data = _known_data(build, looked, named) if self.review else None
        if self.review and not self.data:
            given = looked, named, dict(build.entries), dict(build.failed)
            self.begun = crew.timed("Site's data", _data, self.review, *given)

    @property
    def beside(self) -> Noting | None:
        """What is to be noted of each page that is made."""
        return partial(_noted, self.review) if self.review else None

    def finish(self, log: Log) -> None:
        """Wait for it. What cannot be shown keeps no other product back: it is told as what failed."""
        if not self.review:
            return
        started, known = time.perf_counter(), _known_outputs(self.build, self.looked, self.data)
        if not known:
            try:
                data = self.data or self.begun.result()
                entries = {**self.build.entries, DATA: data}
                made = self.crew.timed("Site's outputs", _outputs, self.review, self.looked, entries, count=1).result()
                self.build.entries |= {DATA: data, REVIEW: made}
            except Exception as error:
                told = error.text() if isinstance(error, FaultError) else f"{type(error).__name__}: {error}"
                self.build.failed[REVIEW] = told
                log.say(f"  The review site could not be made: {told}", "red")
        log.stage("Review", "unchanged" if known else "review/index.html", time.perf_counter() - started)


def site_of(out: Path) -> Path:
    """The first page of the site among the products. Raises TrialError where they have none."""
    page = out / INDEX
    if not page.is_file():
        raise TrialError("The products have no review site.", str(out), "make them: make tlf (without --no-review)")
    return page


def known_review(build: Build, looked: Looked, named: Folders = NO_FOLDERS) -> bool:
    """True when the cache has the site as it would be made now, of the pages that the build has."""
    return _known_outputs(build, looked, _known_data(build, looked, named))


def _known_data(build: Build, looked: Looked, named: Folders) -> Entry | None:
    """The data of the site as the cache has them."""
    return build.cache.entry(DATA, _digest(build, looked, named))


def _known_outputs(build: Build, looked: Looked, data: Entry | None) -> bool:
    """True when the cache has the outputs of the site too, of these data and the pages that the build has."""
    site = build.cache.entry(REVIEW, _digest_of_outputs(build, looked, data)) if data else None
    build.entries |= {DATA: data, REVIEW: site} if data and site else {}
    return site is not None


def _noted(review: Review, build: Build, name: str, status: Open, page: Any, body: Any) -> None:
    """Note what a page tells the site; what goes wrong is told with the site, where it is tried again."""
    with suppress(Exception):
        review.page(build, name, status, page, body)


def _data(
    build: Build, review: Review, looked: Looked, named: Folders, entries: Entries, failed: Mapping[str, str]
) -> Entry:
    """Made without the words that pages alone show, so that the site's data cannot rest on them."""
    build.entries.update(entries)
    build.failed.update(failed)
    told = replace(build, specs=without_words(build.specs))
    return build.cache.write(DATA, _digest(build, looked, named), review.data(told, looked, named))


def _outputs(build: Build, review: Review, looked: Looked, entries: Entries) -> Entry:
    build.entries = dict(entries)  # an output whose page failed is none of the site
    told = partial(build.cache.read, DATA, entries[DATA])
    digest = _digest_of_outputs(build, looked, entries[DATA])
    return build.cache.write(REVIEW, digest, review.outputs(build, looked, told))


def _digest_of_outputs(build: Build, looked: Looked, data: Entry) -> str:
    """What the site's outputs depend on: its data, the pages, the run that the site names."""
    made = [name for name in build.specs.outputs if name in build.entries]
    pages = [[name, pages_digest(build, name, looked.status)] for name in made]
    return digest_of([data.digest, data.files, pages, run_identity(build)])


def _digest(build: Build, looked: Looked, named: Folders) -> str:
    """What the site's data depend on: all that was made, what was found, what the specs say beside the words of pages,

    what was delivered, and the code that shows it.
    """
    made = {name: entry.files for name, entry in build.entries.items() if name in build.graph}
    home = source.CODE / "pipeline" / REVIEW / "page"
    shown = [file_hash(path) for path in sorted(home.iterdir()) if path.is_file()]
    delivery = [build.delivery.name, build.delivery.hashes, build.delivery.manifest.digest]
    told = [looked.status.whole, looked.entry.files, sorted(build.failed.items()), named.hashes]
    said = [without_words_hash(build.specs), build.cutoff, build.cut_named]
    return digest_of([made, shown, delivery, told, said, source.code_hash(MODULE)])
