"""A point for each subject by two values, with lines that bound quadrants and the names of those beyond both."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from tlf.panels import Scatter
from tlf.render import layout
from tlf.render.panels.canvas import AXIS, COLOURS, INK, LINE, SOFT, Box, axes, swatches, title
from tlf.render.panels.profiles import MARKERS

TICKS = tuple(digit * 10.0**power for power in range(-2, 4) for digit in (1, 2, 5))
LEAST, MOST = 0.1, 10.0  # what a logarithmic axis shows at the least


def draw(canvas: Canvas, panel: Scatter, box: Box, beside: list[Scatter]) -> None:
    """The groups above the axes; names right of their points."""
    left, bottom, width, height = box
    above = LINE + (0.45 if panel.title else 0.2)
    plot = axes(canvas, left + 0.8, bottom + AXIS, width - 1.0, height - AXIS - above)
    points = [point for cloud in panel.clouds for point in cloud.points]
    _scaled(plot, "x", panel.log_scale, [x for _, x, _ in points], panel.across)
    _scaled(plot, "y", panel.log_scale, [y for _, _, y in points], panel.upward)
    plot.set(xlabel=panel.x_label, ylabel=panel.y_label)
    for at, cloud in enumerate(panel.clouds):
        for name, x, y in cloud.points:
            plot.plot([x], [y], linestyle="none", marker=MARKERS[at % len(MARKERS)], color=COLOURS[at % len(COLOURS)],
                      markersize=5, markeredgecolor=INK, markeredgewidth=0.4, alpha=0.85, clip_on=False)  # fmt: skip
            if panel.beyond(x, y):
                plot.annotate(name, (x, y), (5, 0), textcoords="offset points", va="center", fontsize=7.5)
    title(canvas, panel.title, left + 0.8 + (width - 1.0) / 2, bottom + height)
    told = [(cloud.label, COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)])
            for at, cloud in enumerate(panel.clouds)]  # fmt: skip
    swatches(canvas, told, (left + 0.8, bottom + height - (0.35 if panel.title else 0.1)), width - 1.0)


def _scaled(plot: Axes, which: str, log: bool, values: list[float], marks: tuple[float, ...]) -> None:
    """The ends, ticks and lines of one axis: all values and lines lie between its ends."""
    for mark in marks:
        {"x": plot.axvline, "y": plot.axhline}[which](mark, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    if not log:
        least, most = min([0.0, *values, *marks]), max([1.0, *values, *marks])
        plot.set(**{f"{which}lim": (least, most + 0.05 * (most - least))})
        return
    least, most = min([LEAST, *(one for one in values if one > 0)]), max([MOST, *values, *marks])
    ends = (max([tick for tick in TICKS if tick <= least], default=least),
            min([tick for tick in TICKS if tick >= most], default=most))  # fmt: skip
    ticks = [tick for tick in TICKS if ends[0] <= tick <= ends[1]]
    plot.set(**{f"{which}scale": "log"})
    plot.set(**{f"{which}lim": ends})
    axis = {"x": plot.xaxis, "y": plot.yaxis}[which]
    axis.set_ticks(ticks, [layout.tick(tick) for tick in ticks])
    axis.set_ticks([], minor=True)
