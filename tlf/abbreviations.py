"""The abbreviations that stand on a page, spelt out in one line of its footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from tlf.model import Figure, Page, Table

UNSEEN = ("key", "align")  # fields of a body that are no text of the page
EXPLAINED = r"\({0}\)|(?:^|[.;] ){0}(?:: | = )"  # how footnotes explain an abbreviation themselves


class Abbreviation(NamedTuple):
    """A short form and what it stands for; `within` is the phrase in which alone it means that, such as (SD)."""

    short: str
    meaning: str
    within: str = ""


def spelt_out(page: Page, body: Table | Figure, known: Sequence[Abbreviation]) -> Page:
    """The page with a footnote of the abbreviations that stand on it, those left out that its footnotes explain."""
    told = line_of(page, body, known)
    return replace(page, footnotes=(*page.footnotes, told)) if told else page


def line_of(page: Page, body: Table | Figure, known: Sequence[Abbreviation]) -> str:
    """The known abbreviations that stand as words on the page: "AE = adverse event; CRS = …", by the alphabet."""
    told: dict[str, list[str]] = {}
    texts = dict[str, None]()  # each once: cells repeat themselves
    _gather((page.titles, page.population, page.footnotes, body), texts)
    for one in _standing("\n".join(texts), known):
        if not any(re.search(EXPLAINED.format(re.escape(one.short)), note) for note in page.footnotes):
            told.setdefault(one.short, []).append(one.meaning)
    parts = [f"{short} = {' or '.join(dict.fromkeys(told[short]))}" for short in sorted(told, key=str.casefold)]
    return "; ".join(parts) + "." if parts else ""


def _standing(text: str, known: Sequence[Abbreviation]) -> list[Abbreviation]:
    """Those that stand in the text as words; of two at one place the longer."""
    by_phrase = {one.within or one.short: one for one in known}
    longest = sorted((one for one in by_phrase if one in text), key=len, reverse=True)
    either = "|".join(f"{_edge(one)}{re.escape(one)}{_end(one)}" for one in longest)
    found = {match[1] for match in re.finditer(f"({either})", text)} if either else set()
    return [by_phrase[phrase] for phrase in longest if phrase in found]


def _edge(phrase: str) -> str:
    """Not within a word, nor behind the letter and dash of a regimen: R-ICE is no ICE."""
    return r"(?<!\w)(?<!\b[A-Z]-)" if phrase[0].isalnum() else ""


def _end(phrase: str) -> str:
    return r"(?=s?(?!\w))" if phrase[-1].isalnum() else ""


def _gather(part: Any, texts: dict[str, None]) -> None:
    """Every text that a page shows, whatever holds it, is added to the texts in their order."""
    if isinstance(part, str):
        texts[part] = None
    elif isinstance(part, tuple):
        for one in part:
            if isinstance(one, str):
                texts[one] = None
            else:
                _gather(one, texts)
    elif is_dataclass(part):
        for name in _seen(type(part)):
            _gather(getattr(part, name), texts)


@cache
def _seen(kind: Any) -> list[str]:
    """The fields of what makes up a body that are texts of the page."""
    return [one.name for one in fields(kind) if one.name not in UNSEEN]
