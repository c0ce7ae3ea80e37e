"""PDF by typst: the pages of one output, and what stands around those of all (document.py); always the same bytes.

The pages are those of the RTF (sheets.py). Every text reaches typst as data and is set as it stands, never read as
markup; fonts are the project's own, the machine's are not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tlf.model import PAPERS, Figure, Page, Table
from tlf.render import pdf_fonts, pdf_pages, sheets
from tlf.render.joined import joined
from tlf.render.sheets import BOTTOM, LINE, MARGIN, PAD, Cell, LaidPage, LaidRow
from tlf.render.typefaces import EAST_ASIAN, TYPEFACE
from tlf.render.typeset import fonts

HERE = Path(__file__).parent
TEMPLATE = HERE / "pages.typ"
POINT = 20  # twips
LONG, PART = 100, 25  # pages above which an output is written without typst; of a part, where typst sets it in parts
ALONE = 40  # pages of an output, above which the document of all outputs has its first page only
NUMBERED = "Page 0123456789 of"
DOTS = 80  # of a picture, to an inch
FORGOTTEN = 11  # documents set after it, after which typst lets go what it kept of one
MUCH = 100_000  # signs of a document, of which typst keeps some hundred times as many bytes: they are let go at once
NOTHING_AROUND = {"counted": False, "before": 0, "after": 0, "contents": "", "told": "", "listed": (), "blank": 0}
Given: TypeAlias = "str | float | bool | Sequence[Given] | dict[str, Given]"  # what typst is given


class LaidOutput(NamedTuple):
    """An output with its page and body (`laid` when its pages are already); a figure with its picture as SVG."""

    page: Page
    body: Table | Figure
    picture: bytes = b""
    laid: Sequence[LaidPage] = ()


def render(one: LaidOutput, title: str) -> bytes:
    """An output as a tagged PDF; a long one is written without typst, or in parts."""
    return _long(one, title) if len(one.laid) > LONG else _set(one.page, title, [given(one)])


def around(page: Page, title: str, **told: Given) -> bytes:
    """What stands around the pages of all outputs in one document, on paper as that of the page.

    A list of them (`contents`: its heading; `told` above it, `listed`) with so many pages `after` it; or `blank` pages
    with nothing but their numbers, so many pages coming `before`.
    """
    return _set(page, title, counted=True, **told)


def picture(one: LaidOutput) -> bytes:
    """The first page of an output as PNG, of DOTS to an inch."""
    first = given(one._replace(laid=one.laid[:1]), of=len(one.laid))
    return _set(one.page, " - ".join(one.page.titles), [first], "png")


def _long(one: LaidOutput, title: str) -> bytes:
    """A long output: written page by page; one with characters that this cannot draw is set by typst in parts."""
    signs = _signs(one)
    if pdf_fonts.drawn(signs):
        return b"".join(pdf_pages.written(one.page, one.laid, title, signs, (1, len(one.laid))))
    return joined(_parts(one, title))


def _signs(one: LaidOutput) -> frozenset[str]:
    """All characters that stand on the pages of a table."""
    page = one.page
    around = [*(text for pair in sheets.head(page) for text in pair), page.number, *page.titles, page.population,
              *(line for lines in sheets.notes(page) for line in lines), NUMBERED]  # fmt: skip
    lines = {cell.lines for sheet in one.laid for row in sheet.rows for cell in row.cells}  # cells repeat themselves
    return frozenset().union(*around, *(line for own in lines for line in own))


def _parts(one: LaidOutput, title: str) -> Iterator[bytes]:
    for at in range(0, len(one.laid), PART):
        part = given(one._replace(laid=one.laid[at : at + PART]), at, len(one.laid))
        yield _set(one.page, title, [part])


def _set(page: Page, title: str, outputs: Sequence[Given] = (), form: str = "pdf", **told: Given) -> bytes:
    """The pages as typst sets them; of one page also a picture (`png`)."""
    import typst

    paper = PAPERS[page.paper]
    data = {
        "title": title, "fonts": [TYPEFACE, "DejaVu Sans Mono", EAST_ASIAN],
        "paper": [side / POINT for side in paper], "margin": MARGIN / POINT, "bottom": BOTTOM / POINT,
        "line": LINE / POINT, "pad": PAD / POINT, "outputs": outputs, **NOTHING_AROUND, **told,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    inputs = {"data": text}
    made: bytes = typst.compile(TEMPLATE, root=HERE, font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs,
                                format=form, ppi=DOTS)  # fmt: skip
    for _ in range(FORGOTTEN if len(text) > MUCH else 0):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)
    return made


def first_of(one: LaidOutput, title: str, file: str) -> bytes:
    """Of a long output the first page, which names the file that has all, for the document of all; else nothing."""
    if len(one.laid) <= ALONE:
        return b""
    first = given(one._replace(laid=one.laid[:1]), of=len(one.laid), beside=f"; all are in {file}")
    return _set(one.page, title, [first])


def given(one: LaidOutput, before: int = 0, of: int = 0, beside: str = "") -> dict[str, Given]:
    """An output as typst is given it; of a part of one the number of pages before it, and of all, and what is said
    beside these numbers."""
    page, made = one.page, _pages(one)
    return {
        "label": page.number, "number": page.number, "title": " - ".join(page.titles),
        "opens": not before,
        "head": sheets.head(page), "titles": sheets.titles(page), "population": sheets.population(page),
        "pages": [body | {"foot": sheets.notes(page), "page": f"Page {number} of {of or len(made)}{beside}"}
                  for number, body in enumerate(made, start=before + 1)],
    }  # fmt: skip


def _pages(one: LaidOutput) -> list[dict[str, Given]]:
    if isinstance(one.body, Table):
        return [_sheet(sheet) for sheet in one.laid or sheets.sheets(one.page, one.body)]
    from tlf.render import figures

    high = min(figures.HEIGHT * 72, (sheets.room(one.page) - LINE) / POINT)
    wide = figures.WIDTH * 72 * high / (figures.HEIGHT * 72)
    return [{"picture": one.picture.decode(), "wide": wide, "alt": one.body.description}]


def _sheet(sheet: LaidPage) -> dict[str, Given]:
    """The rows of a page on one grid: the columns lie between all edges that any of its cells has."""
    edges = sorted({cell.edge for row in sheet.rows for cell in row.cells})
    columns = [(edge - before) / POINT for edge, before in zip(edges, [0, *edges], strict=False)]
    rows = [_row(row, edges) for row in sheet.rows]
    return {"columns": columns, "rows": rows, "size": sheet.area.size / POINT, "line": sheet.area.line / POINT}


def _row(row: LaidRow, edges: list[int]) -> dict[str, Given]:
    at = [edges.index(cell.edge) + 1 for cell in row.cells]
    spans = [end - start for end, start in zip(at, [0, *at], strict=False)]
    cells = [_cell(cell, span) for cell, span in zip(row.cells, spans, strict=True)]
    return {"cells": cells, "head": row.head, "before": row.before / POINT, "after": row.after / POINT}


def _cell(cell: Cell, span: int) -> dict[str, Given]:
    inset = {"indent": cell.indent / POINT, "hang": cell.hang / POINT}
    return inset | {"lines": cell.lines, "span": span, "align": cell.align, "bold": cell.bold, "above": cell.above,
                    "below": cell.below, "low": cell.low}  # fmt: skip
