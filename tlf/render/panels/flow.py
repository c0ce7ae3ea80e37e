"""The way of subjects through a study: boxes below one another, those who left beside, sets at the foot."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from tlf.panels import Flow, FlowBox
from tlf.render.panels.canvas import INK, Box, axes
from tlf.render.panels.flow_lines import BESIDE, INDENT, WAY, all_lines, gap, told

LARGEST, SMALLEST, AIR = 8.5, 4.0, 1.5  # points; height of a line as a share of the size


def draw(canvas: Canvas, panel: Flow, box: Box, beside: list[Flow]) -> None:
    """The boxes in the largest type that has room for all lines."""
    left, bottom, width, height = box
    size = LARGEST
    while size > SMALLEST and all_lines(panel, width, size) * size * AIR / 72 > height:
        size -= 0.25
    step, plot = size * AIR / 72, axes(canvas, left, bottom, width, height)
    plot.set_axis_off()
    plot.set(xlim=(0, width), ylim=(0, height))
    y = height - 0.05
    if len(panel.columns) > 1:
        plot.text(0.05, y, f"Subjects: {' / '.join(panel.columns)}", va="top", fontsize=size)
        y -= 1.6 * step
    for number, one in enumerate(panel.steps):
        y = _step(plot, one, number + 1 == len(panel.steps), (y, width), size)
    if panel.sets:
        plot.text(0.05, y, panel.heading, va="top", fontsize=size, fontweight="bold")
        _sets(plot, panel, y - 1.6 * step, width, size)


def _step(plot: Axes, one: FlowBox, last: bool, place: tuple[float, float], size: float) -> float:
    """A box of the way with what stands beside it, and the arrow to the next; the upper edge of the next."""
    (y, width), step = place, size * AIR / 72
    wide, middle, aside = WAY * width, 0.05 + WAY * width / 2, (0.08 + WAY) * width
    tall = _text(plot, (0.05, y, wide), [told(one, wide, size)], size)
    end = y - tall - gap(one, width, size) * step
    if not last:
        style = {"arrowstyle": "-|>", "color": INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0}
        plot.annotate("", (middle, end), (middle, y - tall), arrowprops=style)
    if one.beside:
        texts, half = [told(each, BESIDE * width, size) for each in one.beside], (y - tall + end) / 2
        plot.plot((middle, aside), (half, half), color=INK, linewidth=0.8)
        top = half + (sum(map(len, texts)) + 0.4) * step / 2
        _text(plot, (aside, top, BESIDE * width), texts, size)
    return end


def _sets(plot: Axes, panel: Flow, y: float, width: float, size: float) -> None:
    """The boxes at the foot, side by side."""
    each = (width - 0.1) / len(panel.sets)
    for number, one in enumerate(panel.sets):
        wide = each - 0.12
        _text(plot, (0.05 + number * each, y, wide), [told(inner, wide, size) for inner in (one, *one.beside)], size)


def _text(plot: Axes, corner: tuple[float, float, float], texts: list[list[str]], size: float) -> float:
    """A box of texts, each of some lines, from its upper left corner down, the first in bold; its height in inches."""
    (left, top, wide), step = corner, size * AIR / 72
    tall = (sum(map(len, texts)) + 0.4) * step
    plot.add_patch(Rectangle((left, top - tall), wide, tall, facecolor="white", edgecolor=INK, linewidth=0.8, zorder=2))
    y = top - 0.7 * step
    for number, lines in enumerate(texts):
        for at, line in enumerate(lines):
            indent = INDENT * (bool(number) + bool(at))
            plot.text(left + 0.08 + indent, y, line, va="center", fontsize=size, zorder=3,
                      fontweight="normal" if number else "bold")  # fmt: skip
            y -= step
    return tall
