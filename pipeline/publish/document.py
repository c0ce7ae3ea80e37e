"""All outputs as one PDF: a list of them with links, bookmarks by section, one count of pages (tlf/all.pdf)."""

from __future__ import annotations

import importlib
import re

from pipeline.engine.runner import DATA, Build
from pipeline.engine.store import json_bytes, sha256
from pipeline.ground import source
from pipeline.publish.pages import page_of, pages_digest, pages_node

NAME = "all"
CONTENTS = "List of Tables, Listings and Figures"
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


def known_document(build: Build, status: str) -> bool:
    """True when the cache has the document of the outputs whose pages are known, as it would be set now."""
    names = _ordered(build)
    known = build.cache.entry(pages_node(NAME), _digest(build, names, status)) if names else None
    build.entries |= {pages_node(NAME): known} if known is not None else {}
    return known is not None


def make_document(build: Build, status: str) -> bool:
    """Set all outputs as one PDF unless the cache has this very one; True when set now."""
    ordered = _ordered(build)
    if not ordered or known_document(build, status):
        return False
    from tlf.render import pdf

    laid, before = [], ""
    for name in ordered:
        heading = section(build.specs.outputs[name].shell.output)
        laid.append(_laid(build, name, status, heading if heading != before else ""))
        before = heading
    content = pdf.render(laid, build.specs.study.study, CONTENTS)
    node = pages_node(NAME)
    build.entries[node] = build.cache.write(node, _digest(build, ordered, status), {f"{NAME}.pdf": content})
    return True


def _ordered(build: Build) -> list[str]:
    names = [name for name in build.specs.outputs if pages_node(name) in build.entries]
    return sorted(names, key=lambda name: place(build.specs.outputs[name].shell.output))


def _laid(build: Build, name: str, status: str, heading: str):
    from tlf.render import pdf

    output, pages = build.specs.outputs[name], build.entries[pages_node(name)]
    template = importlib.import_module(f"tlf.templates.{output.shell.family}")
    make = template.figure if hasattr(template, "figure") else template.body
    picture = f"{name}.svg"
    svg = build.cache.read(pages_node(name), pages, picture) if picture in pages.files else b""
    with output.telling():
        body = make(output.shell, build.frame(name, DATA))
    return pdf.LaidOutput(page_of(output.shell, build, status), body, svg, heading)


def _digest(build: Build, names: list[str], status: str) -> str:
    """What the document depends on: the pages of its outputs in their order, and the code that joins them."""
    parts = [[name, pages_digest(build, name, status)] for name in names]
    return sha256(json_bytes([parts, source.code_hash("pipeline.publish.document")]))
