"""A guide as frozen values: sections with words, tables and what people are asked for; and its setting as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tlf.render.typeset import Given, typeset

TEMPLATE = Path(__file__).parent / "guide.typ"
PAPERS = {"A4": "a4", "Letter": "us-letter"}


@dataclass(frozen=True)
class Leading:
    """A text that leads to a file (as the guide reaches it) or to a section of the guide (`#`, its name)."""

    text: str
    to: str


@dataclass(frozen=True)
class GuideTable:
    """A table: its columns, how wide each is beside the others, and its rows."""

    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str | Leading, ...], ...]


@dataclass(frozen=True)
class ToWrite:
    """What a person must write and has not: the file it is to stand in, and what belongs there."""

    file: str
    what: str


@dataclass(frozen=True)
class Lines:
    """Lines that stand as they are, in letters of one width."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list of short texts."""

    texts: tuple[str | Leading, ...]


Block: TypeAlias = "str | Leading | GuideTable | ToWrite | Lines | Items"


@dataclass(frozen=True)
class Section:
    """A section of a guide: its number, its heading, and what stands in it; `name` is what links to it say."""

    number: str
    heading: str
    blocks: tuple[Block, ...] = ()
    name: str = ""

    @property
    def level(self) -> int:
        """How deep it stands: 1 for a chapter."""
        return self.number.count(".") + 1 if self.number else 1


@dataclass(frozen=True)
class Guide:
    """A guide: its title, of which study, what it says of itself (`keywords`), and its sections in order."""

    title: str
    study: str
    foot: str
    paper: str
    keywords: tuple[str, ...]
    sections: tuple[Section, ...]


def grid(columns: str, widths: Sequence[float], rows: Iterable[Sequence[object]]) -> GuideTable | str:
    """A table whose columns are parted by |; without rows it says that there are none."""
    made = tuple(tuple(cell if isinstance(cell, Leading) else str(cell) for cell in row) for row in rows)
    return GuideTable(tuple(columns.split("|")), tuple(widths), made) if made else "None."


def pdf(guide: Guide) -> bytes:
    """The guide as PDF: contents, bookmarks, links; the same guide makes the same bytes."""
    sections: list[Given] = [_section(section) for section in guide.sections]
    return typeset(TEMPLATE, {
        "title": guide.title, "study": guide.study, "foot": guide.foot, "paper": PAPERS[guide.paper],
        "keywords": list(guide.keywords), "sections": sections,
    })  # fmt: skip


def _section(section: Section) -> Given:
    heading = " ".join(filter(None, (section.number, section.heading)))
    return {"heading": heading, "level": section.level, "name": section.name or section.number,
            "blocks": [_block(block) for block in section.blocks]}  # fmt: skip


def _block(block: Block) -> Given:
    if isinstance(block, GuideTable):
        rows: list[Given] = [[_text(cell) for cell in row] for row in block.rows]
        return {"kind": "grid", "columns": list(block.columns), "widths": list(block.widths), "rows": rows}
    if isinstance(block, ToWrite):
        return {"kind": "asked", "file": block.file, "what": block.what}
    if isinstance(block, Lines):
        return {"kind": "lines", "lines": list(block.lines)}
    if isinstance(block, Items):
        return {"kind": "items", "items": [_text(text) for text in block.texts]}
    return {"kind": "words", "text": _text(block)}


def _text(text: str | Leading) -> Given:
    return {"text": text.text, "to": text.to} if isinstance(text, Leading) else {"text": text, "to": ""}
