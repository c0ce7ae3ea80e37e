"""Courses over time: thin lines of subjects, or the middle of each group with its spread."""

from __future__ import annotations

from itertools import chain

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure as Canvas

from tlf.panels import Course, Line, Profiles
from tlf.render.panels.canvas import AXIS, COLOURS, LINE, SOFT, STYLES, Box, axes, labels, legend, title

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
APART = 0.008  # of the axis: groups stand beside one another at each time


def draw(canvas: Canvas, panel: Profiles, box: Box, beside: list[Profiles]) -> None:
    """The legend above the axes, one line for a group."""
    left, bottom, width, height = box
    told = max(len(one.courses) + bool(one.middle or one.marked) for one in beside)
    above = LINE * told + (0.4 if panel.title else 0.2)
    plot = axes(canvas, left + 0.8, bottom + AXIS, width - 1.0, height - AXIS - above)
    if panel.log_scale:
        plot.set_yscale("log")
    for mark in panel.marks:
        plot.axhline(mark, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    points = [x for course in panel.courses for x in course.times]
    last, first = max([*panel.ticks, *points], default=1.0), min([*panel.ticks, *points], default=0.0)
    room = (last - first) or 1.0
    for at, course in enumerate(panel.courses):
        _course(plot, course, at, (at - (len(panel.courses) - 1) / 2) * APART * room)
    plot.set(xlim=(first - 0.03 * room, last + 0.03 * room), xlabel=panel.x_label, ylabel=panel.y_label)
    plot.set_xticks(panel.ticks, labels(panel.ticks, 1.06 * room, width - 1.0))
    title(canvas, panel.title, left + 0.8 + (width - 1.0) / 2, bottom + height)
    keys = [(course.label, COLOURS[at % len(COLOURS)], STYLES[at % len(STYLES)], _marker(course, at))
            for at, course in enumerate(panel.courses)]  # fmt: skip
    legend(canvas, keys, panel.middle or panel.marked, (left + 0.8, bottom + height - (0.35 if panel.title else 0.1)))


def _course(plot: Axes, course: Course, at: int, aside: float) -> None:
    colour, style = COLOURS[at % len(COLOURS)], STYLES[at % len(STYLES)]
    if course.lines:
        thin = LineCollection([[*zip(*line, strict=True)] for line in course.lines], colors=colour, linestyles=[style],
                              linewidths=0.8, alpha=0.65, capstyle="projecting" if style == "-" else "butt",
                              joinstyle="round", zorder=2)  # fmt: skip
        plot.add_collection(thin, autolim=False)  # the points tell the limits
        plot.plot(*_points(course.lines), color=colour, linestyle="none", alpha=0.65, marker="o", markersize=2.2)
    if course.marked:
        plot.plot(*_points(course.marked), color=colour, linestyle="none", marker="o", markersize=3.2,
                  markerfacecolor="none", markeredgewidth=0.7)  # fmt: skip
    if course.time:
        time = [x + aside for x in course.time]
        spread = ([m - low for m, low in zip(course.middle, course.lower, strict=True)],
                  [high - m for m, high in zip(course.middle, course.upper, strict=True)])
        plot.errorbar(time, course.middle, yerr=spread, color=colour, linestyle=style, linewidth=1.5, capsize=2.5,
                      marker=MARKERS[at % len(MARKERS)], markersize=5, elinewidth=0.9)  # fmt: skip


def _points(lines: tuple[Line, ...]) -> tuple[list[float], list[float]]:
    """The points of all lines, which are drawn together: their times, and their values."""
    return [*chain(*(times for times, _ in lines))], [*chain(*(values for _, values in lines))]


def _marker(course: Course, at: int) -> str:
    return MARKERS[at % len(MARKERS)] if course.time else ""
