"""The typefaces of pages and figures: the project's own files, whatever a machine has; licences beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
TYPEFACE = "Liberation Sans"  # the free twin of Arial, in which RTF and HTML set their texts: same widths
EAST_ASIAN = "Droid Sans Fallback"  # of what it has not: Chinese, Japanese and Korean texts as collected
REGULAR, BOLD = "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"
EAST_ASIAN_FILE = "DroidSansFallback.ttf"
FILES = (REGULAR, EAST_ASIAN_FILE)
# What needs no look into the files: Latin, Greek, Cyrillic; kana, Han and full-width signs of every day; Hangul.
USUAL = re.compile(
    "[\x00-\u024f\u0370-\u04ff\u2013-\u2026\u2264\u2265\u3001-\u30ff\u4e00-\u9fa5\uac00-\ud7a3\uff01-\uff5e]*"
)


def undrawn(texts: Iterable[str]) -> str:
    """The characters of these texts that no typeface here has, each once in their order."""
    unusual = [text for text in texts if not USUAL.fullmatch(text)]
    signs = dict.fromkeys(sign for text in unusual for sign in text if not USUAL.fullmatch(sign))
    return "".join(sign for sign in signs if ord(sign) not in _drawn()) if signs else ""


@cache
def _drawn() -> frozenset[int]:
    """The code points of all typefaces."""
    from matplotlib.ft2font import FT2Font

    return frozenset(point for file in FILES for point in FT2Font(str(FONTS / file)).get_charmap())
