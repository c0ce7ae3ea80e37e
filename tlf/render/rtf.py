"""Rich Text Format: landscape pages of the study's paper, own page cuts with head and foot on each page; plain ASCII.

All measures are twips (1440 to the inch).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tlf.model import PAPERS, Figure, Page, Table
from tlf.render import sheets
from tlf.render.sheets import BOTTOM, LINE, MARGIN, PAD, SIZE, Cell, LaidPage, LaidRow, TypeArea

RULES = {sheets.RULE: r"\brdrs\brdrw15", sheets.THIN: r"\brdrs\brdrw8"}
PLACES = {"left": r"\ql", "right": r"\qr", "center": r"\qc"}
FONT = r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss\fcharset0\fprq2 Arial;}}" "\n"
WIDE = r"{\f1\fnil\fcharset134\fprq2 SimSun;}"  # named where a page has Chinese, Japanese or Korean texts
AS_IT_IS = re.compile(r"[ -\[\]^-z|~]*")  # printed, and no control of RTF
WIDE_TEXT = re.compile(r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")


def render(
    page: Page, body: Table | Figure, pictures: dict[str, bytes] | None = None, laid: Sequence[LaidPage] = ()
) -> str:
    """The output as an RTF document in ASCII, of its pages if `laid` already; the PNG of a figure is embedded."""
    if isinstance(body, Table):
        bodies = [_sheet(one) for one in laid or sheets.sheets(page, body)]
    else:
        bodies = [_picture(page, body, pictures)]
    pages = [
        _above(page, number) + sheet + _below(page, number, len(bodies)) for number, sheet in enumerate(bodies, start=1)
    ]
    info = rf"{{\info{{\title {escape(' '.join((page.number, *page.titles)))}}}}}" "\n"
    whole = _paper(page) + info + "".join(pages) + "}\n"
    return (FONT.replace(";}}", f";}}{WIDE}}}") if r"{\f1 " in whole else FONT) + whole


def escape(text: str) -> str:
    """Text as RTF writes it: control characters quoted, everything beyond ASCII as signed UTF-16 units."""
    if AS_IT_IS.fullmatch(text):
        return text
    quoted = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}").replace("\n", r"\line ")
    parts = WIDE_TEXT.split(quoted)
    wide = ["{\\f1 " + "".join(map(_units, found)) + "}" for found in WIDE_TEXT.findall(quoted)]
    return "".join(_plain(part) + after for part, after in zip(parts, [*wide, ""], strict=True))


def _plain(text: str) -> str:
    return "".join(c if " " <= c <= "~" else _units(c) for c in text)


def _units(character: str) -> str:
    units = character.encode("utf-16-be")
    codes = (int.from_bytes(units[at:at + 2], "big", signed=True) for at in range(0, len(units), 2))
    return "".join(rf"\u{code}?" for code in codes)


def _paper(page: Page) -> str:
    wide, high = PAPERS[page.paper]
    return (rf"\paperw{wide}\paperh{high}\landscape\lndscpsxn\margl{MARGIN}\margr{MARGIN}"
            rf"\margt{MARGIN}\margb{BOTTOM}\headery500\footery500\widowctrl\f0\fs{SIZE // 10}" "\n")


def _paragraph(text: str, controls: str = "", bold: bool = False) -> str:
    weight = r"\b " if bold else ""
    return rf"{{\pard\plain\f0\fs{SIZE // 10}\sl-{LINE}\slmult0{controls} {weight}{text}\par}}" "\n"


def _beside(page: Page, left: str, right: str, controls: str = "") -> str:
    return _paragraph(rf"{left}\tab {right}", rf"\tqr\tx{sheets.width(page)}{controls}")


def _above(page: Page, number: int) -> str:
    lines = [_beside(page, escape(left), escape(right), r"\keepn" + (r"\pagebb" if number > 1 and not at else ""))
             for at, (left, right) in enumerate(sheets.head(page))]
    start = (r"\outlinelevel0" if number == 1 else "") if lines else r"\pagebb" if number > 1 else ""
    lines.append(_paragraph(escape(page.number), r"\qc\sb60\keepn" + start, True))
    lines += [_paragraph(r"\line ".join(map(escape, wrapped)), r"\qc\keepn", True) for wrapped in sheets.titles(page)]
    lines += [_paragraph(r"\line ".join(map(escape, wrapped)), r"\qc\keepn") for wrapped in sheets.population(page)]
    lines[-1] = lines[-1].replace(r"\keepn", r"\keepn\sa120")
    return "".join(lines)


def _below(page: Page, number: int, of: int) -> str:
    *notes, last = sheets.notes(page)
    lines = [_paragraph(r"\line ".join(map(escape, part)), r"\sb60" if not at else "") for at, part in enumerate(notes)]
    return "".join(lines) + _beside(page, r"\line ".join(map(escape, last)), f"Page {number} of {of}",
                                    "" if notes else r"\sb60")


def _sheet(sheet: LaidPage) -> str:
    """The rows of one page."""
    return "".join(_row(row, sheet.area) for row in sheet.rows)


def _row(row: LaidRow, area: TypeArea) -> str:
    flag = r"\trhdr" if row.head else ""
    space = rf"\sb{row.before}" + (rf"\sa{row.after}" if row.after else "")
    pads = rf"\trpaddl{PAD}\trpaddr{PAD}\trpaddfl3\trpaddfr3"
    start = rf"\pard\plain\intbl\f0\fs{area.size // 10}\sl-{area.line}\slmult0{space}"
    edges, texts = zip(*map(_cell, row.cells), strict=True)
    told = "".join([start + text for text in texts])
    return rf"\trowd\trgaph0\trleft0\trkeep{pads}{flag}{''.join(edges)}" + f"\n{told}\\row\n"


@lru_cache(maxsize=16384)  # cells repeat themselves
def _cell(cell: Cell) -> tuple[str, str]:
    """The edges of a cell, and its text."""
    above = r"\clbrdrt" + RULES[cell.above] if cell.above else ""
    below = r"\clbrdrb" + RULES[cell.below] if cell.below else ""
    low = r"\clvertalb" if cell.low else ""
    words = (r"\b " if cell.bold else " ") + r"\line ".join(map(escape, cell.lines))
    return rf"{above}{below}{low}\cellx{cell.edge}", f"{_placed(cell)}{words}\\cell\n"


def _placed(cell: Cell) -> str:
    margin = rf"\li{cell.indent}" if cell.indent or cell.hang else ""
    return PLACES[cell.align] + margin + (rf"\fi-{cell.hang}" if cell.hang else "")


def _picture(page: Page, figure: Figure, pictures: dict[str, bytes] | None) -> str:
    from tlf.render import figures

    code = (pictures or figures.render(page, figure))["png"].hex()
    wide, high = round(figures.WIDTH * 1440), round(figures.HEIGHT * 1440)
    high, full = min(high, sheets.room(page) - LINE), high
    size = rf"\picwgoal{wide * high // full}\pichgoal{high}"
    lines = "\n".join(code[at:at + 120] for at in range(0, len(code), 120))
    return rf"{{\pard\qc{{\pict\pngblip{size}" + f"\n{lines}}}\\par}}\n"
