"""Step curves with their limits, censor marks, legend and numbers at risk."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from tlf.panels import Series, StepPanel
from tlf.render import layout
from tlf.render.panels import steps_beside
from tlf.render.panels.canvas import AXIS, COLOURS, EDGE, LINE, STYLES, Box, axes, inches, title

SHARES, PERCENT = ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"), ("0", "20", "40", "60", "80", "100")


def draw(canvas: Canvas, panel: StepPanel, box: Box, beside: list[StepPanel]) -> None:
    """Legend above the curves, numbers at risk below on their scale, each with the room that the panels beside need."""
    left, bottom, width, height = box
    keys = max(sum(map(len, steps_beside.keys(one, width - EDGE))) for one in beside)
    labels = (steps_beside.AT_RISK, *(series.label for series in panel.series))
    names = min(0.35 + max(inches(label, 8.5, True) for label in labels), 0.35 * width)
    above, below = LINE * (keys + 1) + 0.1, LINE * (max(len(one.series) for one in beside) + 1) + 0.1
    inner = (left + names, width - names - 0.25)
    top = above + (0.3 if panel.title else 0.1)
    curves = axes(canvas, inner[0], bottom + below + AXIS, inner[1], height - below - AXIS - top)
    risk = axes(canvas, inner[0], bottom, inner[1], below, sharex=curves)
    for series, colour, style in zip(panel.series, COLOURS * 9, STYLES * 9, strict=False):
        _curve(curves, series, colour, style)
    last = max((series.end for series in panel.series), default=1.0)
    right = max(last, *panel.ticks) if panel.ticks else last
    curves.set(xlim=(-0.015 * right, 1.02 * right), ylim=(-0.02, 1.03), xticks=panel.ticks, ylabel=panel.y_label,
               xlabel=panel.x_label, yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    curves.set_xticklabels([layout.tick(value) for value in panel.ticks])
    curves.set_yticklabels(PERCENT if "%" in panel.y_label else SHARES)
    title(canvas, panel.title, inner[0] + inner[1] / 2, bottom + height)
    legend = axes(canvas, left + EDGE, bottom + height - top, width - EDGE, above)
    steps_beside.legend(legend, panel, width - EDGE, above)
    steps_beside.at_risk(risk, panel, below)


def _curve(axes: Axes, series: Series, colour: str, style: object) -> None:
    if not series.time:
        axes.plot([], [], color=colour, linestyle=style, linewidth=1.5, label=series.label)
        return
    time, estimate = [*series.time, series.end], [*series.estimate, *series.estimate[-1:]]
    lower, upper = [*series.lower, *series.lower[-1:]], [*series.upper, *series.upper[-1:]]
    axes.fill_between(time, lower, upper, step="post", color=colour, alpha=0.11, linewidth=0)
    axes.step(time, estimate, where="post", color=colour, linestyle=style, linewidth=1.5, label=series.label)
    heights = [_height_at(series, t) for t in series.censored]
    axes.plot(series.censored, heights, linestyle="none", marker="|", markersize=7, markeredgewidth=1.1, color=colour)


def _height_at(series: Series, time: float) -> float:
    """The curve's height at a time; the later value where a step and a censoring fall together."""
    passed = [estimate for start, estimate in zip(series.time, series.estimate, strict=True) if start <= time]
    return passed[-1] if passed else 1.0
