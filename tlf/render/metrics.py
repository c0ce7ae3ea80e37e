"""How wide a text is in Arial (Helvetica's published widths, which Arial and Liberation Sans share), and wrapping."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# Advance widths of the characters 32 to 126 in thousandths of the type size (Adobe Helvetica AFM).
REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 222, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
    556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 222, 556,
    556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
    500, 500, 500, 334, 260, 334, 584,
)
BOLD = (
    278, 333, 474, 556, 556, 889, 722, 278, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722,
    611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 278, 556,
    611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778,
    556, 556, 500, 389, 280, 389, 584,
)
SEAM = re.compile(r"(?<=[-/.,;:@])(?=[^\W\d_])|(?<=_)(?=\w)")  # never in a date or a decimal number


def arial(text: str, size: float, bold: bool = False) -> float:
    """Width of `text` in the unit of `size`; beyond ASCII ideographs and pictures count as an em, others as 0.7 em."""
    return size / 1000 * _thousandths(text, bold)


@lru_cache(maxsize=65536)  # cells repeat themselves, and so do the words of a column
def _thousandths(text: str, bold: bool) -> int:
    widths = BOLD if bold else REGULAR
    return sum(widths[ord(c) - 32] if " " <= c <= "~" else 1000 if c > "\u2e7f" else 700 for c in text)


def wrap(text: str, width: float, measure: Callable[[str], float] = len) -> list[str]:
    """The lines of `text` no wider than `width`: broken at spaces, a word wider than a line at seams or anywhere."""
    return [line for part in text.split("\n") for line in _wrap(part, width, measure)]


def pieces(word: str) -> list[str]:
    """The parts of a word between which it may be broken at need: after - / _ . and what else joins words."""
    return SEAM.split(word)


def _wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    if measure(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width, measure)
        lines += full
    return [*lines, line]


def _broken(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of one word: whole where it fits, else as many of its pieces to a line as fit."""
    lines = [""]
    for piece in pieces(word):
        if measure(lines[-1] + piece) <= width:
            lines[-1] += piece
            continue
        rest = piece
        while measure(rest) > width and len(rest) > 1:
            fits = max((n for n in range(1, len(rest)) if measure(rest[:n]) <= width), default=1)
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    return [line for line in lines if line] or [""]
