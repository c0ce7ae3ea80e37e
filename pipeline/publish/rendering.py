"""The pages of all outputs side by side, then the document of all, of what was noted with the pages of each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import partial

from pipeline.engine.parallel import TaskBeside, Workers
from pipeline.engine.runner import Build
from pipeline.engine.store import Entry
from pipeline.publish.document import known_document, make_document
from pipeline.publish.log import Log
from pipeline.publish.open_findings import Open
from pipeline.publish.pages import Noting, known_pages, make_pages, pages_node


class Rendering:
    """The pages of the outputs that stand, as `status` says them; with `document`, also all of them as one."""

    def __init__(self, build: Build, crew: Workers, status: Open, document: bool):
        self.build, self.crew, self.status = build, crew, status
        self.outputs = [name for name in build.specs.outputs if name in build.entries]
        self.document = document
        self.begun: TaskBeside | None = None

    def pages(self, beside: Noting | None = None) -> Iterator[tuple[str, float]]:
        """Make the pages that are not known, and note what is told `beside`; yields each output with its seconds."""
        shells = self.build.specs.outputs
        figures = [name for name in self.outputs if shells[name].shell.kind == "figure"]
        known = partial(known_pages, self.build, status=self.status)
        render = partial(make_pages, status=self.status, beside=beside)
        ordered = [*figures, *(name for name in self.outputs if name not in figures)]
        yield from self.crew.beside(ordered, known, render, pages_node)
        self._begin()

    def _begin(self) -> None:
        """Start the document in a worker, beside what else follows, unless it is known or none is there to start it."""
        entries = self.build.entries
        made = [name for name in self.outputs if pages_node(name) in entries]
        if self.document and self.crew.count > 1 and made and not known_document(self.build, self.status, made):
            given = {node: entries[node] for name in made for node in (name, pages_node(name))}
            self.begun = self.crew.timed("Document", _set_beside, self.status, made, given)

    def finish(self, log: Log) -> None:
        """The document, for which the pages must be made; what could not be set in a worker is set here."""
        if not self.document:
            return
        started = time.perf_counter()
        beside = self.begun is not None and self.begun.exception() is None
        made = make_document(self.build, self.status) or beside
        log.stage("Document", "tlf/all.pdf and tlf/index.html" if made else "unchanged", time.perf_counter() - started)


def _set_beside(build: Build, status: Open, names: list[str], entries: Mapping[str, Entry]) -> bool:
    build.entries.update(entries)
    return make_document(build, status, names)
