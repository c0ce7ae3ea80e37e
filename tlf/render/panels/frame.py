"""Axes that await their data: labels, ticks and groups as they will be, and across them the word mock."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from tlf.panels import Frame
from tlf.render import layout
from tlf.render.panels.canvas import AXIS, COLOURS, LINE, STYLES, Box, axes, legend, title

WORD = "MOCK"


def draw(canvas: Canvas, panel: Frame, box: Box, beside: list[Frame]) -> None:
    """The groups above the empty axes."""
    left, bottom, width, height = box
    above = LINE * max(len(one.groups) for one in beside) + (0.4 if panel.title else 0.2)
    plot = axes(canvas, left + 0.8, bottom + AXIS, width - 1.0, height - AXIS - above)
    plot.set(xlabel=panel.x_label, ylabel=panel.y_label, yticks=[])
    plot.set_xticks(panel.ticks, [layout.tick(value) for value in panel.ticks])
    plot.text(0.5, 0.5, WORD, transform=plot.transAxes, ha="center", va="center", fontsize=60, color="#d5d8db",
              fontweight="bold")  # fmt: skip
    title(canvas, panel.title, left + 0.8 + (width - 1.0) / 2, bottom + height)
    keys = [(group, COLOURS[at % len(COLOURS)], STYLES[at % len(STYLES)], "") for at, group in enumerate(panel.groups)]
    legend(canvas, keys, "", (left + 0.8, bottom + height - (0.35 if panel.title else 0.1)))
