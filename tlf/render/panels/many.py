"""What a figure has thousands of: boxes, and texts too small for paper, drawn as few paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from tlf.render.panels.canvas import INK, Box, inches

READABLE = 4.5  # points of the smallest text that is read on paper
CAPITAL = 0.72  # height of capitals in the size of the type
TOGETHER = 150  # boxes of a path: edges of one of more than 1,024 points are not brought to whole pixels
CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
AROUND = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]


class PlacedText(NamedTuple):
    """A text on axes in inches: where it has its middle (or, to the right, its end), its size in points."""

    at: tuple[float, float]
    text: str
    size: float
    colour: str = INK
    align: str = "center"


def boxes(plot: Axes, places: Sequence[Box], **look: object) -> None:
    """Boxes that look alike, on axes whose limits are told."""
    for at in range(0, len(places), TOGETHER):
        some = np.array(places[at : at + TOGETHER], float)
        corners = some[:, None, :2] + CORNERS * some[:, None, 2:]
        plot.add_artist(PathPatch(Path(corners.reshape(-1, 2), AROUND * len(some)), joinstyle="miter", **look))


def texts(plot: Axes, told: Iterable[PlacedText], place: str) -> None:
    """Texts that stand `place` to their line; those too small for paper as outlines, read when they are enlarged."""
    small = list[PlacedText]()
    for one in told:
        if one.size < READABLE and one.text.isascii():
            small.append(one)
        else:
            plot.text(*one.at, one.text, ha=one.align, va=place, fontsize=one.size, color=one.colour)
    _outlined(plot, small)


def _outlined(plot: Axes, told: Iterable[PlacedText]) -> None:
    """Each character drawn once and put in all its places."""
    places = defaultdict[tuple[str, float, str], list[tuple[float, float]]](list)
    for (x, y), text, size, colour, align in told:
        x, y = x - inches(text, size) * (1 if align == "right" else 0.5), y - CAPITAL / 2 * size / 72
        for sign in text:
            places[sign, size, colour].append((x, y))
            x += inches(sign, size)
    for (sign, size, colour), offsets in places.items():
        path, inch = TextPath((0, 0), sign, size=size / 72), plot.get_figure().dpi_scale_trans
        plot.add_artist(PathCollection([path], offsets=offsets, offset_transform=plot.transData, transform=inch,
                                       facecolor=colour, edgecolor="none", snap=False))  # fmt: skip
