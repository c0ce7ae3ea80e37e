"""The pages of all outputs side by side; the document of all is set beside the pages of the tables.

The document needs the pictures of the figures alone, so these come first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from functools import partial

from pipeline.engine.parallel import Workers
from pipeline.engine.runner import Build
from pipeline.engine.store import Entry
from pipeline.publish.document import known_document, make_document
from pipeline.publish.log import Log
from pipeline.publish.pages import Noting, known_pages, make_pages, pages_node


class Rendering:
    """The pages of the outputs that stand, as `status` says them; with `document`, also all of them as one."""

    def __init__(self, build: Build, crew: Workers, status: str, document: bool):
        self.build, self.crew, self.status = build, crew, status
        self.outputs = [name for name in build.specs.outputs if name in build.entries]
        self.document = document
        self.begun: Future[bool] | None = None

    def pages(self, beside: Noting | None = None) -> Iterator[tuple[str, float]]:
        """Make the pages that are not known, and note what is told `beside`; yields each output with its seconds."""
        shells = self.build.specs.outputs
        figures = [name for name in self.outputs if shells[name].shell.kind == "figure"]
        known = partial(known_pages, self.build, status=self.status)
        render = partial(make_pages, status=self.status, beside=beside)
        yield from self.crew.beside(figures, known, render, pages_node)
        self._begin(figures)
        yield from self.crew.beside([n for n in self.outputs if n not in figures], known, render, pages_node)

    def _begin(self, figures: list[str]) -> None:
        """Start the document in a worker, unless it is known or there is none to start it in."""
        entries, pages = self.build.entries, [pages_node(name) for name in figures]
        if self.document and self.crew.count > 1 and all(node in entries for node in pages):
            given = {name: entries[name] for name in [*self.outputs, *pages]}
            if not known_document(self.build, self.status, self.outputs):
                self.begun = self.crew.submit(_set_early, self.status, self.outputs, given)

    def finish(self, log: Log) -> None:
        """The document, for which the pages must be made; what was begun of an output that failed is set anew."""
        if not self.document:
            return
        started = time.perf_counter()
        early = self.begun is not None and self.begun.exception() is None
        made = make_document(self.build, self.status) or early
        log.stage("Document", "tlf/all.pdf and tlf/index.html" if made else "unchanged", time.perf_counter() - started)


def _set_early(build: Build, status: str, names: list[str], entries: Mapping[str, Entry]) -> bool:
    build.entries.update(entries)
    return make_document(build, status, names)
