"""What a reader of the site searches: the words of every section of every page, beside the script that looks there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

ASSETS = Path(__file__).parent / "assets"
FOLDER = "search"  # of the site
HEADINGS, UNREAD = ("h1", "h2", "h3"), ("script", "style", "nav")
LONG = 1500  # letters of a section that are looked in


class Passage(NamedTuple):
    """A section of a page: where it is in the site, its heading, that of its page, its words."""

    at: str
    title: str
    page: str
    text: str


class Article(HTMLParser):
    """The sections of a page as (place, heading, words), in their order."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, list[str], list[str]]] = []
        self.within, self.heading, self.unread = False, False, 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A heading begins a section; what a reader does not see is passed by."""
        told = dict(attrs)
        self.within |= tag == "article"
        self.unread += tag in UNREAD
        if self.within and tag in HEADINGS:
            self.found.append((told.get("id") or "", [], []))
            self.heading = True

    def handle_endtag(self, tag: str) -> None:
        """A heading ends, or what was passed by."""
        self.within &= tag != "article"
        self.heading &= tag not in HEADINGS
        self.unread -= self.unread > 0 and tag in UNREAD

    def handle_data(self, data: str) -> None:
        """Words of the heading, or of the section beneath it."""
        if self.within and self.found and not self.unread:
            _, title, words = self.found[-1]
            (title if self.heading else words).append(data)


def sections(site: Path) -> Iterator[Passage]:
    """The sections of all pages of a site, page by page."""
    for path in sorted(site.rglob("*.html")):
        at = path.relative_to(site).as_posix()
        found = Article(path.read_text(encoding="utf-8")).found if at != "404.html" else []
        for place, title, words in found:
            yield Passage(f"{at}#{place}" if place else at, _line(title), _line(found[0][1]), _line(words)[:LONG])


def write(site: Path) -> None:
    """Lay the sections beside the script that asks for them."""
    told = json.dumps([one._asdict() for one in sections(site)], ensure_ascii=False)
    (site / FOLDER / "sections.js").write_text(f"window.SITE_SECTIONS = {told};\n", encoding="utf-8")


def _line(parts: list[str]) -> str:
    return " ".join("".join(parts).replace("¶", " ").split())
