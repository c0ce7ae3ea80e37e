"""Documents: each is a whole PDF, its links lead to files of the package, guides print its tree and versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.publish.guides import adrg, csdrg
from pipeline.publish.guides.keywords import keywords
from pipeline.publish.submission.selfcheck.laid import Defect, Laid

PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
ADDRESS = re.compile(rb"/URI\s*\(((?:[^()\\]|\\.)*)\)")
KEYWORDS = re.compile(rb"/Keywords\s*\(((?:[^()\\]|\\.)*)\)")
ESCAPED = re.compile(r"\\(.)")


def look(laid: Laid) -> Iterator[Defect]:
    """What is wrong with the documents."""
    for path in laid.paths:
        if path.endswith(".pdf"):
            content = laid.content(path)
            if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-32:] or not page_count(content):
                yield Defect(path, "is no whole PDF.")
            for address in addresses(content):
                if not laid.reached(path, address):
                    yield Defect(path, f"has a link to {address}, which is not in the package.")
    yield from _guides(laid)


def _guides(laid: Laid) -> Iterator[Defect]:
    tree, versions = keywords(laid.paths, laid.run.get("versions", {}))
    for path in (f"{laid.layout.sdtm}/{csdrg.FILE}", f"{laid.layout.adam}/{adrg.FILE}"):
        said = keywords_of(laid.content(path))
        if tree not in said:
            yield Defect(path, "prints a tree of files that is not that of this folder.")
        if versions not in said:
            yield Defect(path, "prints versions of software that are not those of the run.")


def page_count(content: bytes) -> int:
    """The pages of a PDF as our programs write it."""
    return len(PAGE.findall(content))


def addresses(content: bytes) -> list[str]:
    """Where the links of a PDF lead that leave it."""
    return sorted({_plain(found) for found in ADDRESS.findall(content)})


def keywords_of(content: bytes) -> str:
    """The keywords of a PDF."""
    found = KEYWORDS.search(content)
    return _plain(found[1]) if found else ""


def _plain(text: bytes) -> str:
    return ESCAPED.sub(r"\1", text.decode("latin-1"))
