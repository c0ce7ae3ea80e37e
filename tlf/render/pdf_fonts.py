"""The typefaces of a PDF written without typst: what was used of each, embedded; characters are their own codes.

A code is the character's number in Unicode (two bytes), so that a text is written as it is encoded, without a look at
its glyphs; a table in the font leads from codes to glyphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from tlf.render.pdf_file import PdfFile
from tlf.render.typefaces import BOLD, EAST_ASIAN_FILE, FONTS, REGULAR, USUAL

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

IDEOGRAPHS = "\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
IN_WIDE = re.compile(f"([{IDEOGRAPHS}]+)")
NAMES = {REGULAR: "LiberationSans", BOLD: "LiberationSans-Bold", EAST_ASIAN_FILE: "DroidSansFallback"}
DROPPED = ("GSUB", "GPOS", "GDEF", "kern", "name", "OS/2", "FFTM")  # tables that a PDF does not read
A_TIME = 100  # characters that a map names at a time


class Font(NamedTuple):
    """What a typeface says of its characters: the width of each in thousandths of the size, by code point."""

    file: str
    widths: dict[int, float]

    def wide(self, words: str) -> float:
        """The width of a text in thousandths of the size."""
        return sum(self.widths[ord(sign)] for sign in words)


@cache
def font(file: str) -> Font:
    """A typeface of the project."""
    known = _opened(file)
    scale, advances = 1000 / known["head"].unitsPerEm, known["hmtx"].metrics
    return Font(file, {point: advances[name][0] * scale for point, name in known.getBestCmap().items()})


def drawn(signs: Iterable[str]) -> bool:
    """Whether all characters can be written so: one glyph each, from left to right, in a typeface that is here."""
    told = "".join(sorted(signs))
    if not USUAL.fullmatch(told):
        return False
    return all(ord(sign) in font(_file(sign, REGULAR)).widths for sign in told if sign >= " ")


def runs(words: str, bold: bool) -> list[tuple[str, str]]:
    """A text as parts of one typeface each: its file, and the part."""
    usual = BOLD if bold else REGULAR
    return [(EAST_ASIAN_FILE if at % 2 else usual, part) for at, part in enumerate(IN_WIDE.split(words)) if part]


def _file(sign: str, usual: str) -> str:
    return EAST_ASIAN_FILE if IN_WIDE.fullmatch(sign) else usual


def embedded(pdf: PdfFile, file: str, signs: Iterable[str]) -> int:
    """The number of a font that has these characters."""
    points = sorted({ord(sign) for sign in signs})
    whole, known = _opened(file), font(file)
    program, glyphs = _subset(file, points)
    name = _tag(points) + b"+" + NAMES[file].encode()
    data = pdf.stream(b"/Length1 %d" % len(program), program)
    to_glyph = bytearray(2 * (points[-1] + 1) if points else 2)
    for point, glyph in glyphs.items():
        to_glyph[2 * point : 2 * point + 2] = glyph.to_bytes(2, "big")
    scale, head, high = 1000 / whole["head"].unitsPerEm, whole["head"], whole["hhea"]
    box = b" ".join(b"%d" % round(one * scale) for one in (head.xMin, head.yMin, head.xMax, head.yMax))
    told = pdf.new(
        b"<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%s]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d"
        b"/StemV %d/FontFile2 %d 0 R>>" % (name, box, round(high.ascent * scale), round(high.descent * scale),
                                           _capital(whole), 140 if file == BOLD else 80, data))  # fmt: skip
    widths = b" ".join(b"%d[%s]" % (point, _decimal(known.widths[point])) for point in points)
    within = pdf.new(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0"
        b">>/FontDescriptor %d 0 R/DW 0/W[%s]/CIDToGIDMap %d 0 R>>"
        % (name, told, widths, pdf.stream(b"", bytes(to_glyph))))  # fmt: skip
    return pdf.new(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, within, pdf.stream(b"", _to_unicode(points))))  # fmt: skip


@cache
def _opened(file: str) -> TTFont:
    from fontTools.ttLib import TTFont

    return TTFont(FONTS / file, lazy=True, recalcTimestamp=False)


def _subset(file: str, points: list[int]) -> tuple[bytes, dict[int, int]]:
    """What a typeface has of these code points: the font, and their glyphs in it."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=[], notdef_outline=True, recalc_timestamp=False,
                      drop_tables=[*Options().drop_tables, *DROPPED])  # fmt: skip
    with TTFont(FONTS / file, lazy=True, recalcTimestamp=False) as chosen:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=points)
        subsetter.subset(chosen)
        glyphs = {point: chosen.getGlyphID(name) for point, name in chosen.getBestCmap().items()}
        made = BytesIO()
        chosen.save(made)
    return made.getvalue(), glyphs


def _capital(whole: TTFont) -> int:
    told = getattr(whole["OS/2"], "sCapHeight", 0) or 1409 * whole["head"].unitsPerEm // 2048
    return round(told * 1000 / whole["head"].unitsPerEm)


def _tag(points: list[int]) -> bytes:
    """Six letters that tell one subset of a typeface from another."""
    return bytes(ord("A") + one % 26 for one in sha256(repr(points).encode()).digest()[:6])


def _decimal(value: float) -> bytes:
    return f"{value:.2f}".rstrip("0").rstrip(".").encode()


def _to_unicode(points: list[int]) -> bytes:
    """The map of codes to characters, by which a reader finds and copies texts: each code is its character."""
    lines = [b"<%04X> <%04X>" % (point, point) for point in points]
    parts = [lines[at : at + A_TIME] for at in range(0, len(lines), A_TIME)]
    named = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(part), b"\n".join(part)) for part in parts)
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering"
        b" (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n"
        b"<0000> <FFFF>\nendcodespacerange\n" + named + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\n"
        b"end\n"
    )
