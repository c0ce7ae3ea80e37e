"""All outputs together: one PDF with contents and bookmarks by section, their list, and an index page with search."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import digest_of
from pipeline.ground import source
from pipeline.publish.laid_out import render_code
from pipeline.publish.open_findings import Open
from pipeline.publish.pages import pages_digest, pages_node, wording_of
from pipeline.publish.printed import FIRST, LAID

if TYPE_CHECKING:
    from tlf.contents import Listed
    from tlf.model import Page, Table

NAME = "all"
LIST, INDEX = "contents", "index.html"
# Sections of a study report by ICH E3 (14 and 16); 14.4 as studies of cells number it.
SECTIONS = {
    "14.1": "Demographic Data", "14.2": "Efficacy Data", "14.3": "Safety Data", "14.4": "Cellular Kinetics",
    "16.1": "Study Information", "16.2": "Subject Data Listings",
}  # fmt: skip
KINDS = {"T": 0, "F": 1, "L": 2}


def place(number: str) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
    """Where an output stands among all: by section, tables before figures before listings, then by number."""
    numbers = tuple(int(digits) for digits in re.findall(r"\d+", number))
    return numbers[:2], KINDS.get(number[:1].upper(), len(KINDS)), numbers[2:]


def section(number: str) -> str:
    """The heading above an output: the number of its section, with its name where ICH E3 has one."""
    first = ".".join(re.findall(r"\d+", number)[:2])
    return f"{first} {SECTIONS.get(first, '')}".strip()


def known_document(build: Build, status: Open, names: Sequence[str] = ()) -> bool:
    """True when the cache has the document of these outputs (else of those whose pages are known), as set now."""
    names = _ordered(build, names)
    known = build.cache.entry(pages_node(NAME), _digest(build, names, status)) if names else None
    build.entries |= {pages_node(NAME): known} if known is not None else {}
    return known is not None


def make_document(build: Build, status: Open, names: Sequence[str] = ()) -> bool:
    """Set these outputs (else those whose pages are known) as one unless the cache has it; True when set now."""
    ordered = _ordered(build, names)
    if not ordered or known_document(build, status, ordered):
        return False
    laid = [_laid(build, name, status) for name in ordered]
    node = pages_node(NAME)
    build.entries[node] = build.cache.write(node, _digest(build, ordered, status), files(laid, status.whole))
    return True


def files(outputs: Sequence[tuple[Listed, bytes]], told: str = "") -> dict[str, bytes]:
    """All outputs as one PDF of their own PDFs, their list in every format, the index page.

    In front is `told` what is open in all.
    """
    from tlf import contents, render
    from tlf.render import document, index

    listed = [one for one, _ in outputs]
    placed = [document.Placed(one.page, one.section, content) for one, content in outputs]
    first = listed[0].page
    page = replace(first, number=first.study, titles=(contents.TITLE,), population="", footnotes=(), sources=(),
                   program="", decisions=(), status=told or first.status)  # fmt: skip
    table = contents.table(listed)
    page = replace(page, version=_version(page, table) if first.version else "")
    of_list = render.files(page, table).items()
    return {
        f"{NAME}.pdf": document.render(placed, first.study, contents.TITLE, page.status),
        INDEX: index.render(page, listed, f"{NAME}.pdf").encode("utf-8"),
        **{f"{LIST}.{suffix}": content for suffix, content in of_list},
    }


def _version(page: Page, table: Table) -> str:
    """The version of the list of outputs: another only where it says something else, or code lays it out otherwise."""
    return hash_of(replace(page, version=""), table, source.code_hash("tlf.contents"), render_code())[:8]


def _ordered(build: Build, names: Sequence[str]) -> list[str]:
    known = names or [name for name in build.specs.outputs if pages_node(name) in build.entries]
    return sorted(known, key=lambda name: place(build.specs.outputs[name].shell.output))


def _laid(build: Build, name: str, status: Open) -> tuple[Listed, bytes]:
    """An output as it stands in the list, and its PDF in the document, as they were made with its pages."""
    from tlf.contents import Listed

    node = pages_node(name)
    entry = build.entries[node]
    told = json.loads(build.cache.read(node, entry, f"{name}{LAID}"))
    page = wording_of(build, name, status).page
    place = section(build.specs.outputs[name].shell.output)
    listed = Listed(page, tuple(told["labels"]), name, place, told["volumes"])
    first = f"{name}{FIRST}"
    return listed, build.cache.read(node, entry, first if first in entry.files else f"{name}.pdf")


def _digest(build: Build, names: list[str], status: Open) -> str:
    """What the document depends on: the pages of its outputs in their order, and the code that joins them."""
    parts = [[name, pages_digest(build, name, status)] for name in names]
    return digest_of([parts, status.whole, source.code_hash("pipeline.publish.document")])
