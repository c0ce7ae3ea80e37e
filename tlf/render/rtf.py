"""Rich Text Format: landscape letter, own page cuts with title and header row on each page; plain ASCII.

All measures are twips (1440 to the inch). Line heights are exact and lines are broken here, so that the page cut does
not depend on the word processor.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from tlf.model import Column, Figure, Page, Row, Table
from tlf.render import layout, paging
from tlf.render.metrics import arial, wrap

PAPER_WIDTH, PAPER_HEIGHT, MARGIN, BOTTOM = 15840, 12240, 1080, 720
WIDTH, HEIGHT = PAPER_WIDTH - 2 * MARGIN, PAPER_HEIGHT - MARGIN - BOTTOM
SIZE, LINE, PAD, INDENT, HANG, GAP, AIR = 180, 212, 60, 220, 110, 120, 40
SPARE = 2 * LINE  # never filled: room for a word processor whose Arial is a little wider
SLACK = 0.97
RULE, THIN = r"\brdrs\brdrw15", r"\brdrs\brdrw8"
START = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss\fcharset0\fprq2 Arial;}}" "\n"
    rf"\paperw{PAPER_WIDTH}\paperh{PAPER_HEIGHT}\landscape\lndscpsxn\margl{MARGIN}\margr{MARGIN}"
    rf"\margt{MARGIN}\margb{BOTTOM}\headery500\footery500\widowctrl\f0\fs{SIZE // 10}" "\n"
)


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
        _above(page, number, len(sheets)) + sheet + _below(page) for number, sheet in enumerate(sheets, start=1)
    ]
    info = rf"{{\info{{\title {escape(' '.join((page.number, *page.titles)))}}}}}" "\n"
    return START + info + "".join(pages) + "}\n"


def escape(text: str) -> str:
    """Text as RTF writes it: control characters quoted, everything beyond ASCII as signed UTF-16 units."""
    quoted = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}").replace("\n", r"\line ")
    return "".join(c if " " <= c <= "~" else _units(c) for c in quoted)


def _units(character: str) -> str:
    units = character.encode("utf-16-be")
    codes = (int.from_bytes(units[at:at + 2], "big", signed=True) for at in range(0, len(units), 2))
    return "".join(rf"\u{code}?" for code in codes)


def _paragraph(text: str, controls: str = "", bold: bool = False) -> str:
    weight = r"\b " if bold else ""
    return rf"{{\pard\plain\f0\fs{SIZE // 10}\sl-{LINE}\slmult0{controls} {weight}{text}\par}}" "\n"


def _above(page: Page, number: int, of: int) -> str:
    right = rf"\tqr\tx{WIDTH}" + (r"\pagebb" if number > 1 else "")
    lines = [_paragraph(rf"{escape(page.study)}\tab Page {number} of {of}", right),
             _paragraph(escape(page.number), r"\qc\keepn" + (r"\outlinelevel0" if number == 1 else ""), True)]
    lines += [_paragraph(r"\line ".join(map(escape, wrapped)), r"\qc\keepn", True) for wrapped in _titles(page)]
    if page.population:
        lines.append(_paragraph(escape(page.population), r"\qc\keepn"))
    return "".join(lines) + _paragraph("", r"\keepn")


def _titles(page: Page) -> list[list[str]]:
    return [wrap(title, WIDTH * SLACK, lambda text: arial(text, SIZE, True)) for title in page.titles]


def _notes(page: Page) -> list[list[str]]:
    return [wrap(text, WIDTH * SLACK, lambda text: arial(text, SIZE)) for text in layout.foot(page)]


def _below(page: Page) -> str:
    return "".join(_paragraph(r"\line ".join(map(escape, lines)), r"\sb60" if not at else "")
                   for at, lines in enumerate(_notes(page)))


def _room(page: Page) -> int:
    """Height between title block and footnotes."""
    lines = 3 + bool(page.population) + sum(map(len, _titles(page))) + sum(map(len, _notes(page)))
    return HEIGHT - SPARE - 60 - lines * LINE


def _sheets(page: Page, table: Table) -> list[str]:
    """The body of every page: header rows and the rows that fit."""
    edges = _edges(table.columns)
    top = _header(table.columns, edges)
    rows = layout.aligned(table)
    margins = _block_margins(table.columns, rows, edges)
    cells = {id(row): _cells(row, table.columns, edges, margins) for row in rows}

    def printed(row: Row) -> list[Cell]:
        return cells.get(id(row)) or _cells(row, table.columns, edges, margins)

    def height(row: Row, previous: Row | None) -> int:
        return GAP * layout.opens(row, previous) + LINE * max(len(cell.lines) for cell in printed(row))

    capacity = _room(page) - sum(2 * AIR + LINE * max(len(cell.lines) for cell in row) for row in top) - AIR
    sheets = []
    for chosen in paging.cut(rows, height, capacity):
        body = [(printed(row), layout.opens(row, previous))
                for row, previous in zip(chosen, (None, *chosen), strict=False)]
        body = body or [([Cell([table.empty], WIDTH, r"\qc\sb120\sa120")], False)]
        sheets.append("".join(_row(row, r"\trhdr", rf"\sb{AIR}\sa{AIR}") for row in top) + _rows(body))
    return sheets


def _rows(body: list[tuple[list[Cell], bool]]) -> str:
    """The rows of one page: a little air under the header, a rule under the last."""
    spaces = [rf"\sb{GAP if gap else 0 if number else AIR}" for number, (_, gap) in enumerate(body)]
    rows = [cells for cells, _ in body]
    spaces[-1] += rf"\sa{AIR}"
    rows[-1] = [cell._replace(border=cell.border + r"\clbrdrb" + RULE) for cell in rows[-1]]
    return "".join(_row(cells, space=space) for cells, space in zip(rows, spaces, strict=True))


def _edges(columns: tuple[Column, ...]) -> list[int]:
    return [int(WIDTH * reached) for reached in accumulate(layout.shares(columns))]


def _inner(edges: list[int], at: int) -> int:
    return edges[at] - (edges[at - 1] if at else 0) - 2 * PAD


def _header(columns: tuple[Column, ...], edges: list[int]) -> list[list[Cell]]:
    """The rows of the column heads: spanning heads over a thin rule, then the labels over a thin rule."""
    rows, top = [], r"\clbrdrt" + RULE
    if spans := layout.heads(columns):
        cells = []
        for head in spans:
            start, stop = edges[head.start - 1] if head.start else 0, edges[head.stop - 1]
            lines = wrap(head.text, (stop - start - 4 * PAD) * SLACK, lambda text: arial(text, SIZE, True))
            rule = r"\clbrdrb" + THIN if head.text else ""
            gutter = [Cell([""], start + PAD, border=top)] if head.start else []
            cells += [*gutter, Cell(lines, stop - PAD, r"\qc", top + rule, True), Cell([""], stop, border=top)]
        rows, top = [cells], ""
    labels = [wrap(c.label, _inner(edges, at) * SLACK, lambda text: arial(text, SIZE, True))
              for at, c in enumerate(columns)]
    border = top + r"\clbrdrb" + THIN + r"\clvertalb"
    place = {"left": r"\ql", "right": r"\qr", "center": r"\qc"}
    return [*rows, [Cell(lines, edge, place[column.align], border, True)
                    for lines, edge, column in zip(labels, edges, columns, strict=True)]]


def _block_margins(columns: tuple[Column, ...], rows: tuple[Row, ...], edges: list[int]) -> list[int]:
    """Left margin that centres the block of a centred column under its head."""
    texts = [[row.cells[at] for row in rows if not layout.runs_across(row)] for at in range(len(columns))]
    widest = [max((arial(text, SIZE) for text in column), default=0) for column in texts]
    return [max(0, int((_inner(edges, at) - widest[at]) / 2)) if column.align == "center" else 0
            for at, column in enumerate(columns)]


def _cells(row: Row, columns: tuple[Column, ...], edges: list[int], margins: list[int]) -> list[Cell]:
    def lines(text: str, width: float) -> list[str]:
        return wrap(text, width * SLACK, lambda part: arial(part, SIZE, row.header))

    left = INDENT * row.indent + HANG
    first = rf"\ql\li{left}\fi-{HANG}"
    if layout.runs_across(row):
        return [Cell(lines(row.cells[0], WIDTH - 2 * PAD - left), WIDTH, first, bold=row.header)]
    place = {"left": r"\ql", "right": r"\qr"}
    cells = [Cell(lines(row.cells[0], _inner(edges, 0) - left), edges[0], first, bold=row.header)]
    for at, column in enumerate(columns[1:], start=1):
        controls = place.get(column.align) or rf"\ql\li{margins[at]}"
        width = _inner(edges, at) - margins[at]
        cells.append(Cell(lines(row.cells[at], width), edges[at], controls, bold=row.header))
    return cells


def _row(cells: list[Cell], flag: str = "", space: str = "") -> str:
    pads = rf"\trpaddl{PAD}\trpaddr{PAD}\trpaddfl3\trpaddfr3"
    edges = "".join(rf"{cell.border}\cellx{cell.edge}" for cell in cells)
    texts = "".join(
        rf"\pard\plain\intbl\f0\fs{SIZE // 10}\sl-{LINE}\slmult0{space}{cell.paragraph}"
        + (r"\b " if cell.bold else " ") + r"\line ".join(map(escape, cell.lines)) + "\\cell\n"
        for cell in cells
    )
    return rf"\trowd\trgaph0\trleft0\trkeep{pads}{flag}{edges}" + f"\n{texts}\\row\n"


def _picture(page: Page, figure: Figure, pictures: dict[str, bytes] | None) -> str:
    from tlf.render import figures

    code = (pictures or figures.render(page, figure))["png"].hex()
    scale = min(WIDTH / figures.WIDTH, (_room(page) - LINE) / figures.HEIGHT)
    size = rf"\picwgoal{int(figures.WIDTH * scale)}\pichgoal{int(figures.HEIGHT * scale)}"
    lines = "\n".join(code[at:at + 120] for at in range(0, len(code), 120))
    return rf"{{\pard\qc{{\pict\pngblip{size}" + f"\n{lines}}}\\par}}\n"
