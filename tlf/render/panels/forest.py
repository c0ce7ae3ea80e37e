"""Estimates with intervals, one line each, and their texts beside them."""

from __future__ import annotations

from math import isnan

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import blended_transform_factory

from tlf.panels import ForestPanel
from tlf.render import layout
from tlf.render.panels.canvas import COLOURS, INK, SOFT, Box, axes, inches


def draw(canvas: Canvas, panel: ForestPanel, box: Box, beside: list[ForestPanel]) -> None:
    """Texts left, one line each, and the intervals on the axes at the right."""
    left, bottom, width, height = box
    count = len(panel.rows)
    size = min(8.5, 72 * 0.75 * (height - 0.9) / max(count, 1))
    starts = _text_columns(panel)
    split = min(starts[-1], 0.62 * width)
    plot = axes(canvas, left + split, bottom + 0.55, width - split - 0.2, height - 0.9)
    plot.set(xlim=panel.limits, ylim=(max(count, 1) - 0.4, -0.6), xlabel=panel.x_label, yticks=[])
    if panel.log_scale:
        plot.set_xscale("log")
    plot.set_xticks(panel.ticks, [layout.tick(value) for value in panel.ticks])
    plot.minorticks_off()
    plot.spines["left"].set_visible(False)
    if panel.reference is not None:
        plot.axvline(panel.reference, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    wide = canvas.get_size_inches()[0]
    side = blended_transform_factory(canvas.transFigure, plot.transData)
    for at, text in enumerate(panel.heads):
        canvas.text((left + starts[at]) / wide, (bottom + height - 0.22) / canvas.get_size_inches()[1], text,
                    fontweight="bold", fontsize=8.5)
    for at, row in enumerate(panel.rows):
        for start, text in zip(starts, (row.label, *row.texts), strict=False):
            indent = 0.15 * row.indent if start == starts[0] else 0
            plot.text((left + start + indent) / wide, at, text, transform=side, va="center", fontsize=size,
                      fontweight="bold" if row.header else "normal")
        _interval(plot, row.estimate, (row.lower, row.upper), at, panel.limits)


def _text_columns(panel: ForestPanel) -> list[float]:
    """Left edge of every text column in inches, and the right edge of the last."""
    columns = [[panel.heads[0], *(" " * 3 * row.indent + row.label for row in panel.rows)]]
    for at, head in enumerate(panel.heads[1:]):
        columns.append([head, *(row.texts[at] for row in panel.rows if row.texts)])
    edges = [0.1]
    for texts in columns:
        edges.append(edges[-1] + 0.25 + max(inches(text, 8.5, True) for text in texts))
    return edges


def _interval(axes: Axes, estimate: float, ends: tuple[float, float], at: int, limits: tuple[float, float]) -> None:
    """An estimate with its interval, if any; an arrow head where the interval leaves the axis or has no end."""
    if isnan(estimate):
        return
    sides = zip(ends, limits, ("<", ">"), strict=True) if not all(map(isnan, ends)) else ()
    for end, limit, marker in sides:
        within = limits[0] <= end <= limits[1]
        shown = end if within else limit
        axes.plot((estimate, shown), (at, at), color=INK, linewidth=1.1, solid_capstyle="butt")
        axes.plot([shown], [at], marker="|" if within else marker, markersize=5, color=INK, clip_on=False)
    axes.plot([estimate], [at], marker="s", markersize=5.5, color=COLOURS[0], clip_on=False)
