"""Subjects at each level on each day as stacked bars, the lowest level below; the number assessed under them."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from tlf.panels import Stacks
from tlf.render import layout
from tlf.render.panels.canvas import AXIS, INK, LINE, Box, axes, swatches, title

# From pale to dark, so that the order of the levels shows in grey too.
RAMP = ("#d6e6f4", "#8fc1de", "#3d8dc3", "#0b559f", "#08243f", "#000000")
ASSESSED = "Assessed"


def draw(canvas: Canvas, panel: Stacks, box: Box, beside: list[Stacks]) -> None:
    """The levels above the bars, the numbers assessed below them."""
    left, bottom, width, height = box
    above, below = LINE + (0.45 if panel.title else 0.2), AXIS + LINE
    plot = axes(canvas, left + 0.75, bottom + below, width - 0.95, height - below - above)
    floor = [0] * len(panel.days)
    for at, counts in enumerate(panel.counts):
        plot.bar(panel.days, counts, bottom=floor, width=0.85, color=RAMP[at % len(RAMP)], edgecolor=INK, linewidth=0.3)
        floor = [low + count for low, count in zip(floor, counts, strict=True)]
    tallest = max([sum(one) for each in beside for one in zip(*each.counts, strict=True)], default=0)
    plot.set(xlim=(panel.days[0] - 0.7, panel.days[-1] + 0.7), ylim=(0, max(tallest, 1) * 1.08), xlabel=panel.x_label,
             ylabel=panel.y_label)  # fmt: skip
    plot.set_xticks(panel.ticks, [layout.tick(tick) for tick in panel.ticks])
    plot.yaxis.set_major_locator(MaxNLocator(integer=True))
    low = -(below - LINE / 2) / (height - below - above)
    plot.text(-0.08, low, ASSESSED, transform=plot.transAxes, ha="center", va="center", fontsize=8, fontweight="bold")
    for day, count in zip(panel.days, panel.assessed, strict=True):
        if day in panel.ticks:
            plot.text(day, low, str(count), transform=plot.get_xaxis_transform(), ha="center", va="center", fontsize=8)
    title(canvas, panel.title, left + 0.75 + (width - 0.95) / 2, bottom + height)
    told = [(label, RAMP[at % len(RAMP)], "s") for at, label in enumerate(panel.levels)]
    swatches(canvas, told, (left + 0.75, bottom + height - (0.35 if panel.title else 0.1)), width - 0.95)
