"""The PDF of a long output, page by page as it is laid out, without typst: the look and the tags of its other pages.

A page is written when it is laid out and then let go, so that a listing of any length takes the room of one page.
Measures are points (72 to the inch) from the lower left; what stands where is as in pages.typ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from tlf.model import PAPERS, Page
from tlf.render import pdf_fonts, sheets
from tlf.render.pdf_file import PdfFile, text
from tlf.render.sheets import LINE, MARGIN, PAD, RULE, SIZE, Cell, LaidPage, LaidRow
from tlf.render.typefaces import BOLD, EAST_ASIAN_FILE, REGULAR

POINT = 20  # twips
HIGH = LINE / POINT  # of a line around the body
CAPITAL = 1409 / 2048  # height of capitals in the size of the type, by which a line of a page is centred
ABOVE = 0.8  # of the size of the type, above the base of a line of the body
BEFORE_NUMBER, BEFORE_BODY, BEFORE_NOTES = 3, 6, 3
STROKES = {RULE: 0.75, sheets.THIN: 0.4}
NAMES = {REGULAR: b"f0", BOLD: b"f1", EAST_ASIAN_FILE: b"f2"}
ROLES = b"/RoleMap<</Strong/Span/Em/Span>>"


def written(
    page: Page, laid: Iterable[LaidPage], title: str, signs: frozenset[str], pages: tuple[int, int]
) -> Iterator[bytes]:  # fmt: skip
    """The pages as one tagged PDF, in pieces.

    `signs` are all characters on them, `pages` the number of the first page and how many the output has.
    """
    first, of = pages
    document = _Document(page, title, signs)
    for number, sheet in enumerate(laid, start=first):
        document.add(sheet, f"Page {number} of {of}", opens=number == first)
        yield document.pdf.taken()
    yield document.end()


class _Document:
    """The PDF so far: its pages, the elements that tag them, and what all pages share."""

    def __init__(self, page: Page, title: str, signs: frozenset[str]):
        self.page, self.title, self.pdf = page, title, PdfFile()
        self.catalog, self.root, self.tags, self.whole = (self.pdf.number() for _ in range(4))
        east = frozenset(sign for sign in signs if pdf_fonts.IN_WIDE.fullmatch(sign))
        asked = {REGULAR: signs - east, BOLD: signs - east, EAST_ASIAN_FILE: east}
        fonts = b"".join(b"/%s %d 0 R" % (NAMES[file], pdf_fonts.embedded(self.pdf, file, own))
                         for file, own in asked.items() if own)  # fmt: skip
        self.fonts = self.pdf.new(b"<</Font<<%s>>>>" % fonts)
        self.pages, self.elements, self.parents = list[int](), list[int](), list[int]()
        self.number_at = (0, 0.0)

    def add(self, sheet: LaidPage, numbered: str, opens: bool) -> None:
        """One more page."""
        at = self.pdf.number()
        one = _Sheet(self.pdf, self.whole, at, self.page)
        high = one.around(numbered, sheet, opens)
        if opens:
            self.number_at = at, high
        self.elements += one.elements
        self.parents.append(self.pdf.new(b"[%s]" % b" ".join(b"%d 0 R" % element for element in one.marked)))
        content = self.pdf.stream(b"", b"".join(one.content))
        wide, tall = (side / POINT for side in PAPERS[self.page.paper])
        self.pdf.add(at, b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R"
                         b"/StructParents %d/Tabs/S>>" % (self.root, _n(wide), _n(tall), self.fonts, content,
                                                          len(self.pages)))  # fmt: skip
        self.pages.append(at)

    def end(self) -> bytes:
        """The rest of the file."""
        pdf, count = self.pdf, len(self.pages)
        pdf.add(self.root, b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, _refs(self.pages)))
        numbers = b" ".join(b"%d %d 0 R" % told for told in enumerate(self.parents))
        pdf.add(self.whole, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (self.tags, _refs(self.elements)))
        pdf.add(self.tags, b"<</Type/StructTreeRoot%s/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>"
                           % (ROLES, self.whole, numbers, count))  # fmt: skip
        outlines, mark = pdf.number(2), 0
        mark = outlines + 1
        page, high = self.number_at
        pdf.add(outlines, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>" % (mark, mark))
        pdf.add(mark, b"<</Parent %d 0 R/Title%s/Dest[%d 0 R/XYZ %s %s 0]>>"
                      % (outlines, text(self.page.number), page, _n(MARGIN / POINT), _n(high)))  # fmt: skip
        pdf.add(self.catalog, b"<</Type/Catalog/Pages %d 0 R/Lang(en)/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>"
                              b"/ViewerPreferences<</Direction/L2R/DisplayDocTitle true>>/Outlines %d 0 R>>"
                              % (self.root, self.tags, outlines))  # fmt: skip
        return pdf.end(self.catalog, pdf.new(b"<</Title%s>>" % text(self.title)))


class _Sheet:
    """The content of one page, its elements, and the element of each marked part of the content."""

    def __init__(self, pdf: PdfFile, whole: int, at: int, page: Page):
        self.pdf, self.whole, self.at, self.page = pdf, whole, at, page
        self.content, self.elements, self.marked = list[bytes](), list[int](), list[int]()
        self.left, self.right = MARGIN / POINT, (MARGIN + sheets.width(page)) / POINT

    def around(self, numbered: str, sheet: LaidPage, opens: bool) -> float:
        """All that stands on the page; the height at which the number of the output stands."""
        page, high = self.page, (PAPERS[self.page.paper][1] - MARGIN) / POINT
        for left, right in sheets.head(page):
            self._lines(b"P", [(left, "left"), (right, "right")], high, beside=True)
            high -= HIGH
        high -= BEFORE_NUMBER
        above = high
        self._lines(b"H2" if opens else b"P", [(page.number, "center")], high, bold=True)
        high -= HIGH
        for bold, texts in ((True, sheets.titles(page)), (False, sheets.population(page))):
            for words in texts:
                self._lines(b"P", [(line, "center") for line in words], high, bold=bold)
                high -= HIGH * len(words)
        high = self._table(sheet, high - BEFORE_BODY) - BEFORE_NOTES
        *notes, last = sheets.notes(page)
        for words in notes:
            self._lines(b"P", [(line, "left") for line in words], high)
            high -= HIGH * len(words)
        self._lines(b"P", [(line, "left") for line in last], high)
        end = high - HIGH * len(last)
        shown = self._shown(numbered, self.right, end, SIZE / POINT, False, "right")
        self._mark(self._element(b"P", self.whole), shown)
        return above

    def _element(self, kind: bytes, parent: int) -> int:
        """A new element of the page whose content is marked next."""
        number = self.pdf.number()
        self.pdf.add(number, b"<</Type/StructElem/S/%s/P %d 0 R/K %d/Pg %d 0 R>>"
                             % (kind, parent, len(self.marked), self.at))  # fmt: skip
        if parent == self.whole:
            self.elements.append(number)
        return number

    def _mark(self, element: int, content: bytes) -> None:
        """Content as that of an element."""
        self.content.append(b"/P<</MCID %d>>BDC\nBT\n%sET\nEMC\n" % (len(self.marked), content))
        self.marked.append(element)

    def _lines(
        self, kind: bytes, lines: list[tuple[str, str]], high: float, bold: bool = False, beside: bool = False
    ) -> None:  # fmt: skip
        """Lines below each other (else beside), each with its place: left, right or center."""
        size, content = SIZE / POINT, b""
        places = {"left": self.left, "right": self.right, "center": (self.left + self.right) / 2}
        for number, (words, place) in enumerate(lines):
            base = high - (0 if beside else number * HIGH) - (HIGH + CAPITAL * size) / 2
            content += self._shown(words, places[place], base, size, bold, place)
        if content:
            self._mark(self._element(kind, self.whole), content)

    def _table(self, sheet: LaidPage, high: float) -> float:
        """The rows of the page with their lines; the height at which they end."""
        table, parts, columns = self.pdf.number(), list[int](), _columns(sheet)
        for head in (True, False):
            rows = [row for row in sheet.rows if row.head == head]
            if not rows:
                continue
            part, elements = self.pdf.number(), list[int]()
            for row in rows:
                elements.append(self.pdf.number())
                high = self._row(row, (sheet, columns), high, (elements[-1], part))
            self.pdf.add(part, b"<</Type/StructElem/S/%s/P %d 0 R/K[%s]>>"
                               % (b"THead" if head else b"TBody", table, _refs(elements)))  # fmt: skip
            parts.append(part)
        self.pdf.add(table, b"<</Type/StructElem/S/Table/P %d 0 R/K[%s]>>" % (self.whole, _refs(parts)))
        self.elements.append(table)
        return high

    def _row(self, row: LaidRow, of: tuple[LaidPage, dict[int, int]], high: float, within: tuple[int, int]) -> float:
        """The cells of a row of a page with its columns, an element within a part; the height at which it ends."""
        (sheet, columns), (element, part) = of, within
        size, line = sheet.area.size / POINT, sheet.area.line / POINT
        deep = max([len(cell.lines) for cell in row.cells])
        first = high - row.before / POINT - (line - size) / 2 - ABOVE * size
        end = high - (row.before + row.after) / POINT - deep * line
        bases, reached, objects = [_n(first - number * line) for number in range(deep)], 0, list[bytes]()
        start = b"<</Type/StructElem/S/%s/P %d 0 R/K " % (b"TH" if row.head else b"TD", element)
        for mark, cell in enumerate(row.cells, start=len(self.marked)):
            low = deep - len(cell.lines) if cell.low else 0
            said = b"".join([before + bases[low + at] + behind for at, before, behind in _cell(cell, reached, size)])
            self.content.append(b"/P<</MCID %d>>BDC\nBT\n%sET\nEMC\n" % (mark, said))
            more = _said(row.head, columns[cell.edge] - columns[reached])
            objects.append(b"%s%d/Pg %d 0 R%s>>" % (start, mark, self.at, more))
            reached = cell.edge
        pdf, told = self.pdf, self.pdf.several(objects)
        self.marked += told
        pdf.add(element, b"<</Type/StructElem/S/TR/P %d 0 R/K[%s]>>" % (part, _refs(told)))
        self._ruled([(cell.above, cell.edge) for cell in row.cells], high)
        self._ruled([(cell.below, cell.edge) for cell in row.cells], end)
        return end

    def _shown(self, words: str, at: float, base: float, size: float, bold: bool, place: str) -> bytes:
        """A line of text that begins, ends or has its middle there."""
        if not words:
            return b""
        before, behind = _line(words, at, size, bold, place)
        return before + _n(base) + behind

    def _ruled(self, edges: list[tuple[str, int]], high: float) -> None:
        """The lines along one edge of a row; neighbouring cells with the same line share one."""
        if not any(kind for kind, _ in edges):
            return
        start = 0
        for at, (kind, edge) in enumerate(edges):
            if at + 1 < len(edges) and edges[at + 1][0] == kind:
                continue
            if kind:
                half, wide = STROKES[kind] / 2, STROKES[kind]
                self.content.append(b"/Artifact<</Type/Layout>>BDC\n%s w %s %s m %s %s l S\nEMC\n" % (
                    _n(wide), _n((MARGIN + start) / POINT - half), _n(high), _n((MARGIN + edge) / POINT + half),
                    _n(high)))  # fmt: skip
            start = edge


@lru_cache(maxsize=16384)  # cells repeat themselves
def _cell(cell: Cell, reached: int, size: float) -> list[tuple[int, bytes, bytes]]:
    """The lines of a cell that have words: the number of each, and what is said before and behind its base.

    The cell begins at the edge that was `reached`.
    """
    left, right = (MARGIN + reached + PAD) / POINT, (MARGIN + cell.edge - PAD) / POINT
    indent, hang = cell.indent / POINT, cell.hang / POINT
    found = []
    for number, words in enumerate(cell.lines):
        start = left + indent - (0 if number else hang)
        at = right if cell.align == "right" else start if cell.align == "left" else (start + right) / 2
        if words:
            found.append((number, *_line(words, at, size, cell.bold, cell.align)))
    return found


def _line(words: str, at: float, size: float, bold: bool, place: str) -> tuple[bytes, bytes]:
    """What is said before and behind the base of a line of text that begins, ends or has its middle there."""
    parts, wide = _encoded(words, bold)
    start = at - {"left": 0, "right": 1, "center": 0.5}[place] * wide * size / 1000
    told = b"".join(b"/%s %s Tf %sTj\n" % (name, _n(size), part) for name, part in parts)
    return b"1 0 0 1 %s " % _n(start), b" Tm\n" + told


def _columns(sheet: LaidPage) -> dict[int, int]:
    """The number of each edge that a cell of the page has."""
    edges = sorted({cell.edge for row in sheet.rows for cell in row.cells})
    return {edge: at for at, edge in enumerate([0, *edges])}


@lru_cache(maxsize=64)
def _said(head: bool, span: int) -> bytes:
    """What an element says of a cell: how many columns it spans, and that a head is of its column."""
    told = (b"/Scope/Column" if head else b"") + (b"/ColSpan %d" % span if span > 1 else b"")
    return b"/A<</O/Table%s>>" % told if told else b""


@lru_cache(maxsize=16384)  # cells repeat themselves
def _encoded(words: str, bold: bool) -> tuple[tuple[tuple[bytes, bytes], ...], float]:
    """A text as a page says it, by typeface, and its width in thousandths of the size."""
    parts, wide = [], 0.0
    for file, part in pdf_fonts.runs(words, bold):
        parts.append((NAMES[file], b"(%s)" % _escaped(part.encode("utf-16-be"))))
        wide += pdf_fonts.font(file).wide(part)
    return tuple(parts), wide


def _escaped(content: bytes) -> bytes:
    for sign in (b"\\", b"(", b")"):
        content = content.replace(sign, b"\\" + sign)
    return content.replace(b"\r", b"\\r")


@lru_cache(maxsize=16384)
def _n(value: float) -> bytes:
    """A number of points, to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".").encode()


def _refs(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
