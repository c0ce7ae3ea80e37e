"""The pages of the example's outputs as pictures: what each looks like with the synthetic patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.engine.runner import Build
from pipeline.publish.build import Request, opened, run
from pipeline.publish.findings_made import look
from pipeline.publish.open_findings import Open
from pipeline.publish.pages import body_of, known_pages, page_around, pages_node
from tlf.model import Figure
from tlf.render import pdf, sheets


def built(root: Path, study: str) -> Build:
    """The build of a study's newest extract, made where it is not there yet, and all that is known of it."""
    asked = Request(study=study, root=str(root), quiet=True, review=None)
    run(asked)
    return opened(asked).with_what_is_known()


def pictures(build: Build, names: Iterable[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """The first page of each output (or of those named) as PNG, by the output's name."""
    status = look(build).status
    for name in names or build.specs.outputs:
        if name in build.entries:
            yield name, pdf.picture(_laid(build, name, status))


def _laid(build: Build, name: str, status: Open) -> pdf.LaidOutput:
    body = body_of(build, name)
    page = page_around(build, name, body, status)
    if not isinstance(body, Figure):
        return pdf.LaidOutput(page, body, laid=sheets.sheets(page, body))
    known_pages(build, name, status)
    entry = build.entries[pages_node(name)]
    return pdf.LaidOutput(page, body, build.cache.read(pages_node(name), entry, f"{name}.svg"))


