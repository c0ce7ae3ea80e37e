"""The pages of a table, laid out once for every format that prints on paper: lines broken, rows cut into pages.

All measures are twips (1440 to the inch). Line heights are exact and lines are broken here, so that a page is the same
in RTF and PDF and does not depend on a word processor. Type is 9 point; a wide table's goes down to 7 before the table
is cut by columns.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import fsum
from typing import NamedTuple, TypeAlias

from tlf.model import PAPERS, Column, Page, Row, Table
from tlf.render import columns, layout, paging
from tlf.render.metrics import arial, wrap

MARGIN, BOTTOM = 1080, 600
SIZES = (180, 170, 160, 150, 140)  # of the body, the largest that lets a table stand in one part
SIZE, LINE, PAD, INDENT, HANG, GAP, AIR = 180, 212, 60, 220, 110, 120, 40
SPARE = LINE  # never filled: room for a word processor whose lines are a little higher
SLACK = 0.97
RULE, THIN = "rule", "thin"  # lines above and below cells


class TypeArea(NamedTuple):
    """What the body of a page is laid out with: the width of the text and the size of its type, in twips."""

    width: int
    size: int

    @property
    def line(self) -> int:
        """Height of a line."""
        return LINE * self.size // SIZE

    def measure(self, text: str, bold: bool = False) -> float:
        """Width of a text."""
        return arial(text, self.size, bold)


class Cell(NamedTuple):
    """A cell of a printed row: its lines, right edge, where they stand in it, and the lines around it.

    `indent` is the left margin of the text, of which its first line hangs out by `hang`.
    """

    lines: tuple[str, ...]
    edge: int
    align: str = "left"
    indent: int = 0
    hang: int = 0
    bold: bool = False
    above: str = ""
    below: str = ""
    low: bool = False  # stands at the bottom of its row


Cells: TypeAlias = "Callable[[str, int, bool], Cell]"  # of a text, how far in it stands, and whether it is bold


class LaidRow(NamedTuple):
    """A printed row: its cells, the space above and below its text, and whether it is a head of the columns."""

    cells: list[Cell]
    before: int = 0
    after: int = 0
    head: bool = False


class LaidPage(NamedTuple):
    """The body of one page: its rows and the type they are set in."""

    rows: list[LaidRow]
    area: TypeArea


def width(page: Page) -> int:
    """Width between the margins."""
    return PAPERS[page.paper][0] - 2 * MARGIN


def height(page: Page) -> int:
    """Height between the margins."""
    return PAPERS[page.paper][1] - MARGIN - BOTTOM


def head(page: Page) -> list[tuple[str, str]]:
    """The lines above the titles, left and right: what does not fit beside each other stands below each other."""
    return [line for left, right in layout.head(page) for line in _beside(left, right, width(page) * SLACK)]


def _beside(left: str, right: str, space: float) -> list[tuple[str, str]]:
    if _wide(f"{left}   {right}") <= space:
        return [(left, right)]
    return [*((line, "") for line in wrap(left, space, _wide)), *(("", line) for line in wrap(right, space, _wide))]


def _wide(text: str) -> float:
    return arial(text, SIZE)


def titles(page: Page) -> list[list[str]]:
    """The lines of every title."""
    return [wrap(title, width(page) * SLACK, lambda text: arial(text, SIZE, True)) for title in page.titles]


def population(page: Page) -> list[list[str]]:
    """The lines that name the population."""
    texts = [page.population] if page.population else []
    return [wrap(text, width(page) * SLACK, lambda part: arial(part, SIZE)) for text in texts]


def notes(page: Page) -> list[list[str]]:
    """The lines of every text under the body; the last leaves room for the page's number."""
    *texts, last = layout.foot(page) if page.status else [*layout.foot(page), ""]
    room = width(page) * SLACK
    number = arial("Page 9999 of 9999", SIZE)
    return [*(wrap(text, room, lambda part: arial(part, SIZE)) for text in texts),
            wrap(last, room - number, lambda part: arial(part, SIZE))]


def room(page: Page) -> int:
    """Height between title block and footnotes."""
    around = [*titles(page), *population(page), *notes(page)]
    lines = 1 + len(head(page)) + sum(map(len, around))
    return height(page) - SPARE - 240 - lines * LINE


def sheets(page: Page, table: Table) -> list[LaidPage]:
    """The body of every page: header rows and the rows that fit; a wide table's parts one after the other."""
    table, wide = layout.tidy(table), width(page)
    for size in SIZES:
        area = TypeArea(wide, size)
        parts = columns.parts(table, wide * SLACK, area.measure, 2 * PAD / SLACK + HANG, INDENT)
        if len(parts) == 1:
            break
    else:
        area = TypeArea(wide, SIZE)
        parts = columns.parts(table, wide * SLACK, area.measure, 2 * PAD / SLACK + HANG, INDENT)
    return [sheet for part, widths in parts for sheet in _part(page, part, _edges(widths, wide), area)]


def _part(page: Page, table: Table, edges: list[int], area: TypeArea) -> list[LaidPage]:
    """The pages of one part of a table."""
    top = _header(table.columns, edges, area)
    places, made_of = _places(table, edges, area), _columns(table.columns, edges, area)
    cells = {id(row): _cells(row, made_of, place) for row, place in zip(table.rows, places, strict=True)}
    known = {row.key: place for row, place in zip(table.rows, places, strict=True) if row.header}
    line = area.line

    def printed(row: Row) -> list[Cell]:
        if id(row) not in cells:  # a header that is continued
            return _cells(row, made_of, known.get(row.key, [0] * len(edges)))
        return cells[id(row)]

    def tall(row: Row, previous: Row | None) -> int:
        return GAP * layout.opens(row, previous) + line * max([len(cell.lines) for cell in printed(row)])

    capacity = room(page) - sum(2 * AIR + area.line * max(len(cell.lines) for cell in row) for row in top) - AIR
    made = []
    for chosen in paging.balanced(table.rows, tall, capacity):
        body = [(printed(row), layout.opens(row, previous))
                for row, previous in zip(chosen, (None, *chosen), strict=False)]
        body = body or [([Cell((table.empty,), edges[-1], "center")], False)]
        made.append(LaidPage([*(LaidRow(row, AIR, AIR, True) for row in top), *_rows(body, not chosen)], area))
    return made


def _rows(body: list[tuple[list[Cell], bool]], empty: bool) -> list[LaidRow]:
    """The rows of one page: a little air under the header, a rule under the last."""
    rows = [LaidRow(cells, GAP if gap else 0 if number else AIR) for number, (cells, gap) in enumerate(body)]
    last = rows[-1]
    ruled = [cell._replace(below=RULE) for cell in last.cells]
    rows[-1] = LaidRow(ruled, GAP, GAP) if empty else LaidRow(ruled, last.before, AIR)
    return rows


def _edges(wide: list[float], room: int) -> list[int]:
    """Right edges of the columns in whole twips; the last is the room."""
    scale, edges, reached = room / fsum(wide), [], 0.0
    for column in wide:
        reached += column
        edges.append(round(reached * scale))
    return edges


def _inner(edges: list[int], at: int) -> int:
    return edges[at] - (edges[at - 1] if at else 0) - 2 * PAD


def _header(heads: tuple[Column, ...], edges: list[int], area: TypeArea) -> list[list[Cell]]:
    """The rows of the column heads: spanning heads over a thin rule, then the labels over a thin rule."""
    rows, top = [], RULE
    if spans := layout.heads(heads):
        cells = []
        for head in spans:
            start, stop = edges[head.start - 1] if head.start else 0, edges[head.stop - 1]
            lines = _lines(head.text, (stop - start - 4 * PAD) * SLACK, area, True)
            gutter = [Cell(("",), start + PAD, above=top)] if head.start else []
            span = Cell(lines, stop - PAD, "center", bold=True, above=top, below=THIN if head.text else "")
            cells += [*gutter, span, Cell(("",), stop, above=top)]
        rows, top = [cells], ""
    labels = [_lines(column.label, _inner(edges, at) * SLACK, area, True) for at, column in enumerate(heads)]
    return [*rows, [Cell(lines, edge, column.align, bold=True, above=top, below=THIN, low=True)
                    for lines, edge, column in zip(labels, edges, heads, strict=True)]]


def _places(table: Table, edges: list[int], area: TypeArea) -> list[list[int]]:
    """Left margin of every cell of every row: 0 but in centred columns."""
    rows = [row for row in table.rows if not row.runs_across]
    found = {id(row): [0] * len(edges) for row in table.rows}
    for at, column in enumerate(table.columns):
        if column.align == "center" and rows:
            cells = [(row.cells[at], row.header) for row in rows]
            inner = _inner(edges, at)
            for row, left in zip(rows, layout.offsets(cells, inner, area.measure, inner * (1 - SLACK)), strict=True):
                found[id(row)][at] = int(left)
    return [found[id(row)] for row in table.rows]


def _lines(text: str, room: float, area: TypeArea, bold: bool) -> tuple[str, ...]:
    """The lines of a text in so much room."""
    return tuple(wrap(text, room, lambda part: area.measure(part, bold)))


def _columns(heads: tuple[Column, ...], edges: list[int], area: TypeArea) -> list[Cells]:
    """What makes the cells of each column, and last those that run across: cells that are alike are one."""
    first = _stubs(edges[0], lambda left: _inner(edges, 0) * SLACK - left, area)
    others = [_cells_of(column, edges[at], _inner(edges, at), area) for at, column in enumerate(heads) if at]
    return [first, *others, _stubs(edges[-1], lambda left: (edges[-1] - 2 * PAD - left) * SLACK, area)]


def _stubs(edge: int, room: Callable[[int], float], area: TypeArea) -> Cells:
    """Cells of the first column by their text and level of indent; `room` is that beside their left margin."""

    @cache
    def cell(text: str, level: int, bold: bool) -> Cell:
        left = INDENT * level + HANG
        return Cell(_lines(text, room(left), area, bold), edge, "left", left, HANG, bold)

    return cell


def _cells_of(column: Column, edge: int, inner: int, area: TypeArea) -> Cells:
    """Cells of another column by their text and place; the numbers of a centred column stand at their places."""
    room, align = inner * (SLACK if column.align != "center" else 1), "right" if column.align == "right" else "left"

    @cache
    def cell(text: str, place: int, bold: bool) -> Cell:
        return Cell(_lines(text, room - place, area, bold), edge, align, place, 0, bold)

    return cell


def _cells(row: Row, columns: list[Cells], places: list[int]) -> list[Cell]:
    """The cells of a row."""
    bold = row.header
    if row.runs_across:
        return [columns[-1](row.cells[0], row.indent, bold)]
    within = [row.indent, *places[1:]]
    return [made(text, place, bold) for made, text, place in zip(columns, row.cells, within, strict=False)]
