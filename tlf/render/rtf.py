"""Rich Text Format: landscape pages of the study's paper, own page cuts with head and foot on each page; plain ASCII.

All measures are twips (1440 to the inch). Line heights are exact and lines are broken here, so that the page cut does
not depend on the word processor. Type is 9 point; a wide table's goes down to 7 before the table is cut by columns.
"""

from __future__ import annotations

from math import fsum
from typing import NamedTuple

from tlf.model import PAPERS, Column, Figure, Page, Row, Table
from tlf.render import columns, layout, paging
from tlf.render.metrics import arial, wrap

MARGIN, BOTTOM = 1080, 600
SIZES = (180, 170, 160, 150, 140)  # of the body, the largest that lets a table stand in one part
SIZE, LINE, PAD, INDENT, HANG, GAP, AIR = 180, 212, 60, 220, 110, 120, 40
SPARE = LINE  # never filled: room for a word processor whose lines are a little higher
SLACK = 0.97
RULE, THIN = r"\brdrs\brdrw15", r"\brdrs\brdrw8"
FONT = r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss\fcharset0\fprq2 Arial;}}" "\n"


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
    """A cell of an RTF table row: its lines, right edge, paragraph and border controls."""

    lines: list[str]
    edge: int
    paragraph: str = ""
    border: str = ""
    bold: bool = False


def render(page: Page, body: Table | Figure, pictures: dict[str, bytes] | None = None) -> str:
    """The output as an RTF document in ASCII; the PNG of a figure (of its `pictures`, if made) is embedded."""
    sheets = _sheets(page, body) if isinstance(body, Table) else [_picture(page, body, pictures)]
    pages = [
        _above(page, number) + sheet + _below(page, number, len(sheets)) for number, sheet in enumerate(sheets, start=1)
    ]
    info = rf"{{\info{{\title {escape(' '.join((page.number, *page.titles)))}}}}}" "\n"
    return FONT + _paper(page) + info + "".join(pages) + "}\n"


def escape(text: str) -> str:
    """Text as RTF writes it: control characters quoted, everything beyond ASCII as signed UTF-16 units."""
    quoted = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}").replace("\n", r"\line ")
    return "".join(c if " " <= c <= "~" else _units(c) for c in quoted)


def _units(character: str) -> str:
    units = character.encode("utf-16-be")
    codes = (int.from_bytes(units[at:at + 2], "big", signed=True) for at in range(0, len(units), 2))
    return "".join(rf"\u{code}?" for code in codes)


def width(page: Page) -> int:
    """Width between the margins."""
    return PAPERS[page.paper][0] - 2 * MARGIN


def height(page: Page) -> int:
    """Height between the margins."""
    return PAPERS[page.paper][1] - MARGIN - BOTTOM


def _paper(page: Page) -> str:
    wide, high = PAPERS[page.paper]
    return (rf"\paperw{wide}\paperh{high}\landscape\lndscpsxn\margl{MARGIN}\margr{MARGIN}"
            rf"\margt{MARGIN}\margb{BOTTOM}\headery500\footery500\widowctrl\f0\fs{SIZE // 10}" "\n")


def _paragraph(text: str, controls: str = "", bold: bool = False) -> str:
    weight = r"\b " if bold else ""
    return rf"{{\pard\plain\f0\fs{SIZE // 10}\sl-{LINE}\slmult0{controls} {weight}{text}\par}}" "\n"


def _beside(page: Page, left: str, right: str, controls: str = "") -> str:
    return _paragraph(rf"{left}\tab {right}", rf"\tqr\tx{width(page)}{controls}")


def _above(page: Page, number: int) -> str:
    lines = [_beside(page, escape(left), escape(right), r"\keepn" + (r"\pagebb" if number > 1 and not at else ""))
             for at, (left, right) in enumerate(layout.head(page))]
    start = (r"\outlinelevel0" if number == 1 else "") if lines else r"\pagebb" if number > 1 else ""
    lines.append(_paragraph(escape(page.number), r"\qc\sb60\keepn" + start, True))
    lines += [_paragraph(r"\line ".join(map(escape, wrapped)), r"\qc\keepn", True) for wrapped in _titles(page)]
    lines += [_paragraph(r"\line ".join(map(escape, wrapped)), r"\qc\keepn") for wrapped in _population(page)]
    lines[-1] = lines[-1].replace(r"\keepn", r"\keepn\sa120")
    return "".join(lines)


def _titles(page: Page) -> list[list[str]]:
    return [wrap(title, width(page) * SLACK, lambda text: arial(text, SIZE, True)) for title in page.titles]


def _population(page: Page) -> list[list[str]]:
    texts = [page.population] if page.population else []
    return [wrap(text, width(page) * SLACK, lambda part: arial(part, SIZE)) for text in texts]


def _notes(page: Page) -> list[list[str]]:
    """The lines of every text under the body; the last leaves room for the page's number."""
    *texts, last = layout.foot(page) if page.status else [*layout.foot(page), ""]
    room = width(page) * SLACK
    number = arial("Page 9999 of 9999", SIZE)
    return [*(wrap(text, room, lambda part: arial(part, SIZE)) for text in texts),
            wrap(last, room - number, lambda part: arial(part, SIZE))]


def _below(page: Page, number: int, of: int) -> str:
    *notes, last = _notes(page)
    lines = [_paragraph(r"\line ".join(map(escape, part)), r"\sb60" if not at else "") for at, part in enumerate(notes)]
    return "".join(lines) + _beside(page, r"\line ".join(map(escape, last)), f"Page {number} of {of}",
                                    "" if notes else r"\sb60")


def _room(page: Page) -> int:
    """Height between title block and footnotes."""
    around = [*_titles(page), *_population(page), *_notes(page)]
    lines = 1 + len(layout.head(page)) + sum(map(len, around))
    return height(page) - SPARE - 240 - lines * LINE


def _sheets(page: Page, table: Table) -> list[str]:
    """The body of every page: header rows and the rows that fit; a wide table's parts one after the other."""
    table, room = layout.tidy(table), width(page)
    for size in SIZES:
        area = TypeArea(room, size)
        parts = columns.parts(table, room * SLACK, area.measure, 2 * PAD / SLACK + HANG, INDENT)
        if len(parts) == 1:
            break
    else:
        area = TypeArea(room, SIZE)
        parts = columns.parts(table, room * SLACK, area.measure, 2 * PAD / SLACK + HANG, INDENT)
    return [text for part, wide in parts for text in _part(page, part, _edges(wide, room), area)]


def _part(page: Page, table: Table, edges: list[int], area: TypeArea) -> list[str]:
    """The pages of one part of a table."""
    top = _header(table.columns, edges, area)
    places = _places(table, edges, area)
    cells = {id(row): _cells(row, table.columns, edges, place, area)
             for row, place in zip(table.rows, places, strict=True)}
    known = {row.key: place for row, place in zip(table.rows, places, strict=True) if row.header}

    def printed(row: Row) -> list[Cell]:
        if id(row) not in cells:  # a header that is continued
            return _cells(row, table.columns, edges, known.get(row.key, [0] * len(edges)), area)
        return cells[id(row)]

    def tall(row: Row, previous: Row | None) -> int:
        return GAP * layout.opens(row, previous) + area.line * max(len(cell.lines) for cell in printed(row))

    capacity = _room(page) - sum(2 * AIR + area.line * max(len(cell.lines) for cell in row) for row in top) - AIR
    sheets = []
    for chosen in paging.balanced(table.rows, tall, capacity):
        body = [(printed(row), layout.opens(row, previous))
                for row, previous in zip(chosen, (None, *chosen), strict=False)]
        body = body or [([Cell([table.empty], edges[-1], r"\qc\sb120\sa120")], False)]
        sheets.append("".join(_row(row, area, r"\trhdr", rf"\sb{AIR}\sa{AIR}") for row in top) + _rows(body, area))
    return sheets


def _rows(body: list[tuple[list[Cell], bool]], area: TypeArea) -> str:
    """The rows of one page: a little air under the header, a rule under the last."""
    spaces = [rf"\sb{GAP if gap else 0 if number else AIR}" for number, (_, gap) in enumerate(body)]
    rows = [cells for cells, _ in body]
    spaces[-1] += rf"\sa{AIR}"
    rows[-1] = [cell._replace(border=cell.border + r"\clbrdrb" + RULE) for cell in rows[-1]]
    return "".join(_row(cells, area, space=space) for cells, space in zip(rows, spaces, strict=True))


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
    rows, top = [], r"\clbrdrt" + RULE
    if spans := layout.heads(heads):
        cells = []
        for head in spans:
            start, stop = edges[head.start - 1] if head.start else 0, edges[head.stop - 1]
            lines = wrap(head.text, (stop - start - 4 * PAD) * SLACK, lambda text: area.measure(text, True))
            rule = r"\clbrdrb" + THIN if head.text else ""
            gutter = [Cell([""], start + PAD, border=top)] if head.start else []
            cells += [*gutter, Cell(lines, stop - PAD, r"\qc", top + rule, True), Cell([""], stop, border=top)]
        rows, top = [cells], ""
    labels = [wrap(column.label, _inner(edges, at) * SLACK, lambda text: area.measure(text, True))
              for at, column in enumerate(heads)]
    border = top + r"\clbrdrb" + THIN + r"\clvertalb"
    place = {"left": r"\ql", "right": r"\qr", "center": r"\qc"}
    return [*rows, [Cell(lines, edge, place[column.align], border, True)
                    for lines, edge, column in zip(labels, edges, heads, strict=True)]]


def _places(table: Table, edges: list[int], area: TypeArea) -> list[list[int]]:
    """Left margin of every cell of every row: 0 but in centred columns."""
    rows = [row for row in table.rows if not layout.runs_across(row)]
    found = {id(row): [0] * len(edges) for row in table.rows}
    for at, column in enumerate(table.columns):
        if column.align == "center" and rows:
            cells = [(row.cells[at], row.header) for row in rows]
            inner = _inner(edges, at)
            for row, left in zip(rows, layout.offsets(cells, inner, area.measure, inner * (1 - SLACK)), strict=True):
                found[id(row)][at] = int(left)
    return [found[id(row)] for row in table.rows]


def _cells(row: Row, heads: tuple[Column, ...], edges: list[int], places: list[int], area: TypeArea) -> list[Cell]:
    def lines(text: str, room: float) -> list[str]:
        return wrap(text, room, lambda part: area.measure(part, row.header))

    left = INDENT * row.indent + HANG
    first = rf"\ql\li{left}\fi-{HANG}"
    if layout.runs_across(row):
        return [Cell(lines(row.cells[0], (edges[-1] - 2 * PAD - left) * SLACK), edges[-1], first, bold=row.header)]
    place = {"left": r"\ql", "right": r"\qr"}
    cells = [Cell(lines(row.cells[0], _inner(edges, 0) * SLACK - left), edges[0], first, bold=row.header)]
    for at, column in enumerate(heads[1:], start=1):
        controls = place.get(column.align) or rf"\ql\li{places[at]}"
        room = _inner(edges, at) * (SLACK if column.align != "center" else 1) - places[at]
        cells.append(Cell(lines(row.cells[at], room), edges[at], controls, bold=row.header))
    return cells


def _row(cells: list[Cell], area: TypeArea, flag: str = "", space: str = "") -> str:
    pads = rf"\trpaddl{PAD}\trpaddr{PAD}\trpaddfl3\trpaddfr3"
    edges = "".join(rf"{cell.border}\cellx{cell.edge}" for cell in cells)
    texts = "".join(
        rf"\pard\plain\intbl\f0\fs{area.size // 10}\sl-{area.line}\slmult0{space}{cell.paragraph}"
        + (r"\b " if cell.bold else " ") + r"\line ".join(map(escape, cell.lines)) + "\\cell\n"
        for cell in cells
    )
    return rf"\trowd\trgaph0\trleft0\trkeep{pads}{flag}{edges}" + f"\n{texts}\\row\n"


def _picture(page: Page, figure: Figure, pictures: dict[str, bytes] | None) -> str:
    from tlf.render import figures

    code = (pictures or figures.render(page, figure))["png"].hex()
    wide, high = round(figures.WIDTH * 1440), round(figures.HEIGHT * 1440)
    high, full = min(high, _room(page) - LINE), high
    size = rf"\picwgoal{wide * high // full}\pichgoal{high}"
    lines = "\n".join(code[at:at + 120] for at in range(0, len(code), 120))
    return rf"{{\pard\qc{{\pict\pngblip{size}" + f"\n{lines}}}\\par}}\n"
