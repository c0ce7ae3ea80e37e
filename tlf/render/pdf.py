"""PDF by typst: the pages of one output, or of all with contents, bookmarks and one count; always the same bytes.

The pages are those of the RTF (sheets.py). Every text reaches typst as data and is set as it stands, never read as
markup; fonts are the project's own, the machine's are not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from tlf.model import PAPERS, Figure, Page, Table
from tlf.render import sheets
from tlf.render.joined import joined
from tlf.render.sheets import BOTTOM, LINE, MARGIN, PAD, Cell, LaidPage, LaidRow
from tlf.render.typefaces import EAST_ASIAN, TYPEFACE
from tlf.render.typeset import fonts

HERE = Path(__file__).parent
TEMPLATE = HERE / "pages.typ"
POINT = 20  # twips
LONG, PART = 100, 25  # pages of an output that is set in parts, and of a part
ALONE = 40  # pages of an output, above which the document of all outputs has its first page only
DOTS = 80  # of a picture, to an inch
FORGOTTEN = 11  # documents set after it, after which typst lets go what it kept of one
Given: TypeAlias = "str | float | bool | Sequence[Given] | dict[str, Given]"  # what typst is given


class LaidOutput(NamedTuple):
    """An output with its page and body (`laid` when its pages are already); a figure with its picture as SVG.

    `section` opens a group of bookmarks. `given` is what typst is given of it, where that is known already.
    """

    page: Page
    body: Table | Figure
    picture: bytes = b""
    section: str = ""
    laid: Sequence[LaidPage] = ()
    given: Mapping[str, Given] = MappingProxyType({})


def render(outputs: Sequence[LaidOutput], title: str, contents: str = "", told: str = "") -> bytes:
    """The outputs as one tagged PDF; with `contents`, its heading, a list of them comes first, `told` above it.

    Raises ValueError when there is no output.
    """
    if not outputs:
        raise ValueError("a document needs an output")
    if len(outputs) == 1 and not contents and len(outputs[0].laid) > LONG:
        return _in_parts(outputs[0], title)
    return _set([given(one) for one in outputs], outputs[0].page, title, contents, told=told)


def picture(one: LaidOutput) -> bytes:
    """The first page of an output as PNG, of DOTS to an inch."""
    first = given(one._replace(laid=one.laid[:1]), of=len(one.laid))
    return _set([first], one.page, " - ".join(one.page.titles), form="png")


def _in_parts(one: LaidOutput, title: str) -> bytes:
    """A long output, set in parts: what typst keeps of one is let go before the next."""
    return joined(_parts(one, title))


def _parts(one: LaidOutput, title: str) -> Iterator[bytes]:
    import typst

    for at in range(0, len(one.laid), PART):
        part = given(one._replace(laid=one.laid[at : at + PART], given={}), at, len(one.laid))
        yield _set([part], one.page, title)
        for _ in range(FORGOTTEN):
            typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)


def _set(
    outputs: Sequence[Given], page: Page, title: str, contents: str = "", form: str = "pdf", told: str = ""
) -> bytes:  # fmt: skip
    """The pages as typst sets them; of one page also a picture (`png`)."""
    import typst

    paper = PAPERS[page.paper]
    data = {
        "title": title, "contents": contents, "told": told, "whole": bool(contents),
        "fonts": [TYPEFACE, "DejaVu Sans Mono", EAST_ASIAN],
        "paper": [side / POINT for side in paper], "margin": MARGIN / POINT, "bottom": BOTTOM / POINT,
        "line": LINE / POINT, "pad": PAD / POINT, "outputs": outputs,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    inputs = {"data": text}
    return typst.compile(TEMPLATE, root=HERE, font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs,
                         format=form, ppi=DOTS)  # fmt: skip


def in_all(one: LaidOutput, file: str) -> dict[str, Given]:
    """An output as the document of all is given it: of a long one the first page, which names the file that has all."""
    if len(one.laid) <= ALONE:
        return given(one)
    first = one._replace(laid=one.laid[:1], given={})
    return given(first, of=len(one.laid), beside=f"; all are in {file}")


def given(one: LaidOutput, before: int = 0, of: int = 0, beside: str = "") -> dict[str, Given]:
    """An output as typst is given it; of a part of one the number of pages before it, and of all, and what is said
    beside these numbers."""
    if one.given:
        return {**one.given, "section": one.section}
    page, made = one.page, _pages(one)
    return {
        "label": page.number, "number": page.number, "title": " - ".join(page.titles), "section": one.section,
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
