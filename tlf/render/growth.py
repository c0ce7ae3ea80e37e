"""Room given to the columns of a table so that its rows are low.

A text no wider than its column takes one line; a wider one as many as its width asks for, with a tenth more, since
lines end at spaces. A row is as high as its highest cell: lines weigh by their fourth power, so that one cell of four
is worse than three of two. Heads stand once on a page, so that they count less than the cells below them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

PAGE = 25  # rows below a head
BROKEN = 1.1  # of a text that is broken, its width with what stays empty at the ends of its lines
UNITS = 200  # into which the room is cut that is shared out


class Texts(NamedTuple):
    """The widths of a column's texts, margins left out, how often each counts, and the margins."""

    widths: np.ndarray
    counts: np.ndarray
    inset: float = 0.0


def texts(cells: Mapping[float, int], heads: Iterable[float], rows: int, inset: float = 0.0) -> Texts:
    """The widths of cells (each with their number) and heads of a column of a table of so many rows, each once."""
    counts = Counter({width: PAGE * count for width, count in cells.items()})
    for width in heads:
        counts[width] += max(rows, PAGE)
    widths = sorted(counts)
    return Texts(np.array(widths, float), np.array([counts[width] for width in widths], np.int64), inset)


def grown(columns: list[Texts], given: list[float], spare: float) -> list[float]:
    """The widths from those given on, within the spare room: of all ways to share it the one of the lowest rows."""
    unit = spare / UNITS
    weights = [_weights(one, width, unit) for one, width in zip(columns, given, strict=True)]
    best, chosen = np.zeros(UNITS + 1, np.int64), list[np.ndarray]()
    for own in weights:  # best[k]: the least weight of the columns so far, with k units shared among them
        ways = [best[: k + 1][::-1] + own[: k + 1] for k in range(UNITS + 1)]
        chosen.append(np.array([int(way.argmin()) for way in ways]))
        best = np.array([way[at] for way, at in zip(ways, chosen[-1], strict=True)])
    left, taken = int(best.argmin()), list[int]()
    for choice in reversed(chosen):
        taken.append(int(choice[left]))
        left -= taken[-1]
    return [width + units * unit for width, units in zip(given, reversed(taken), strict=True)]


def _weights(column: Texts, least: float, unit: float) -> np.ndarray:
    """The weight of a column's lines at each width from the least on, a unit wider each."""
    room = np.maximum(least - column.inset + unit * np.arange(UNITS + 1), 1e-9)[:, None]
    wide = np.minimum(np.ceil(BROKEN * column.widths / room - 1e-9), 99)
    lines = np.where(column.widths <= room + 1e-9, 1, np.maximum(wide, 2)).astype(np.int64)
    return lines**4 @ column.counts
