"""A lane for each subject with what happened on it: the swimmer plot."""

from __future__ import annotations

from collections import defaultdict
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from tlf.panels import NO_LEVEL, Lane, Lanes
from tlf.render.panels.canvas import AXIS, COLOURS, INK, LINE, Box, axes, inches, labels, swatches, title
from tlf.render.panels.many import READABLE, boxes

PALE = ("#cfe3f1", "#f6dcc8", "#d9d9d9", "#cdebe1", "#f3dde9", "#faecc9", "#dde3b8")
NONE = "#ffffff"  # of a subject without a level
MARKERS = ("^", "o", "s", "D", "X", "*", ">", "v", "P")
HIGH = 0.7  # of a bar in its lane
MARK, EDGE, OUTLINED = 4.2, 0.3, 1.5  # points of a mark and of its edge; the smallest with an edge, which is its colour
LANES, MOST, LARGEST = 36, 4, 7.0  # lanes of a block, blocks; points of a subject's number


def draw(canvas: Canvas, panel: Lanes, box: Box, beside: list[Lanes]) -> None:
    """Groups and marks above, one line each; lanes in blocks side by side on one scale where they are many."""
    left, bottom, width, height = box
    above = 2 * LINE + (0.45 if panel.title else 0.2)
    blocks = min(MOST, max(1, ceil(len(panel.lanes) / LANES)))
    count = max(1, ceil(len(panel.lanes) / blocks))
    for number in range(blocks):
        place = (left + number * width / blocks, bottom + AXIS, width / blocks, height - AXIS - above)
        _block(canvas, panel, panel.lanes[number * count : (number + 1) * count], place, count)
    title(canvas, panel.title, left + width / 2, bottom + height)
    top = bottom + height - (0.35 if panel.title else 0.1)
    groups = [(text, _pale(panel, at), "s") for at, text in enumerate(panel.levels)]
    marks = [(text, COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)]) for at, text in enumerate(panel.marks)]
    swatches(canvas, groups, (left + 0.9, top), width - 1.1)
    swatches(canvas, marks, (left + 0.9, top - LINE), width - 1.1)


def _block(canvas: Canvas, panel: Lanes, lanes: tuple[Lane, ...], box: Box, count: int) -> None:
    """Some of the lanes, each with the subject's number where there is room to read it."""
    left, bottom, width, height = box
    size = min(LARGEST, 72 * 0.8 * height / count)
    names = [lane.label if size >= READABLE else "" for lane in lanes]
    side = 0.25 + max((inches(name, size) for name in names), default=0.0)
    plot = axes(canvas, left + side, bottom, width - side - 0.15, height)
    mark = min(MARK, 72 * HIGH * height / count)
    edge = EDGE * mark / MARK if mark >= OUTLINED else 0.0
    _bars(plot, panel, lanes, edge)
    _marks(plot, lanes, mark, edge)
    last = max([*panel.ticks, *(lane.end for lane in panel.lanes)], default=1.0)
    plot.set(xlim=(0, 1.03 * last), ylim=(count - 0.3, -0.7), xlabel=panel.x_label)
    plot.set_xticks(panel.ticks, labels(panel.ticks, 1.03 * last, width - side - 0.15))
    plot.set_yticks(range(len(lanes)) if any(names) else (), names if any(names) else (), fontsize=size)
    plot.tick_params(axis="y", length=0)


def _bars(plot: Axes, panel: Lanes, lanes: tuple[Lane, ...], edge: float) -> None:
    """The bars of the lanes, with an edge of so many points."""
    by_level = defaultdict[int, list[Box]](list)
    for at, lane in enumerate(lanes):
        by_level[lane.level].append((0, at - HIGH / 2, lane.end, HIGH))
    for level, bars in by_level.items():
        boxes(plot, bars, facecolor=_pale(panel, level), edgecolor=INK if edge else "none", linewidth=edge)


def _marks(plot: Axes, lanes: tuple[Lane, ...], size: float, edge: float) -> None:
    """The marks, alike ones together; within a lane a later one lies above those before it."""
    places = defaultdict[tuple[int, int], list[tuple[float, int]]](list)
    for at, lane in enumerate(lanes):
        for number, (time, mark) in enumerate(lane.marks):
            places[number, mark].append((time, at))
    for (_, mark), points in sorted(places.items()):
        look = {"marker": MARKERS[mark % len(MARKERS)], "color": COLOURS[mark % len(COLOURS)], "markersize": size}
        plot.plot(*zip(*points, strict=True), linestyle="none", clip_on=False, markeredgecolor=INK,
                  markeredgewidth=edge, **look)  # fmt: skip


def _pale(panel: Lanes, level: int) -> str:
    return NONE if panel.levels[level] == NO_LEVEL else PALE[level % len(PALE)]
