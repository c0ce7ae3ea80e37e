"""A lane for each subject with what happened on it: the swimmer plot."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from tlf.panels import NO_LEVEL, Lanes
from tlf.render import layout
from tlf.render.panels.canvas import AXIS, COLOURS, INK, LINE, Box, axes, swatches, title

PALE = ("#cfe3f1", "#f6dcc8", "#d9d9d9", "#cdebe1", "#f3dde9", "#faecc9", "#dde3b8")
NONE = "#ffffff"  # of a subject without a level
MARKERS = ("^", "o", "s", "D", "X", "*", ">", "v", "P")


def draw(canvas: Canvas, panel: Lanes, box: Box, beside: list[Lanes]) -> None:
    """Groups and marks above the axes, one line each."""
    left, bottom, width, height = box
    above = 2 * LINE + (0.45 if panel.title else 0.2)
    plot = axes(canvas, left + 0.9, bottom + AXIS, width - 1.1, height - AXIS - above)
    for at, lane in enumerate(panel.lanes):
        plot.barh([at], [lane.end], height=0.7, color=_pale(panel, lane.level), edgecolor=INK, linewidth=0.3)
        for time, mark in lane.marks:
            plot.plot([time], [at], linestyle="none", marker=MARKERS[mark % len(MARKERS)], markersize=4.2,
                      clip_on=False, color=COLOURS[mark % len(COLOURS)], markeredgecolor=INK,
                      markeredgewidth=0.3)  # fmt: skip
    last = max([*panel.ticks, *(lane.end for lane in panel.lanes)], default=1.0)
    plot.set(xlim=(0, 1.03 * last), ylim=(max(len(panel.lanes), 1) - 0.3, -0.7), xlabel=panel.x_label)
    plot.set_xticks(panel.ticks, [layout.tick(value) for value in panel.ticks])
    size = min(7.0, 72 * 0.8 * (height - AXIS - above) / max(len(panel.lanes), 1))
    plot.set_yticks(range(len(panel.lanes)), [lane.label for lane in panel.lanes], fontsize=max(size, 3.5))
    plot.tick_params(axis="y", length=0)
    title(canvas, panel.title, left + width / 2, bottom + height)
    top = bottom + height - (0.35 if panel.title else 0.1)
    groups = [(text, _pale(panel, at), "s") for at, text in enumerate(panel.levels)]
    marks = [(text, COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)]) for at, text in enumerate(panel.marks)]
    swatches(canvas, groups, (left + 0.9, top), width - 1.1)
    swatches(canvas, marks, (left + 0.9, top - LINE), width - 1.1)


def _pale(panel: Lanes, level: int) -> str:
    return NONE if panel.levels[level] == NO_LEVEL else PALE[level % len(PALE)]
