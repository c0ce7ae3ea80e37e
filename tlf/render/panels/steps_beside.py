"""What stands around step curves: the legend above them, the numbers at risk below."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tlf.panels import StepPanel
from tlf.render.metrics import wrap
from tlf.render.panels.canvas import COLOURS, INK, KEY, LINE, SOFT, STYLES, inches

AT_RISK = "Number at risk"


def keys(panel: StepPanel, width: float) -> list[list[str]]:
    """The lines of each group's text in the legend: its label and remark."""
    texts = [": ".join(filter(None, (series.label, series.remark))) for series in panel.series]
    return [wrap(text, width - KEY - 0.1, lambda part: inches(part, 8.5)) for text in texts]


def legend(axes: Axes, panel: StepPanel, width: float, height: float) -> None:
    """What lines, marks and bands mean, above the axes where no curve runs; one group to a line."""
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(0, height))
    y = height - LINE / 2
    for lines, colour, style in zip(keys(panel, width), COLOURS * 9, STYLES * 9, strict=False):
        axes.plot((0, KEY - 0.1), (y, y), color=colour, linestyle=style, linewidth=1.5)
        for line in lines:
            axes.text(KEY, y, line, va="center", fontsize=8.5)
            y -= LINE
    axes.plot([KEY / 2 - 0.05], [y], linestyle="none", marker="|", markersize=7, markeredgewidth=1.1, color=INK)
    axes.text(KEY, y, "Censored", va="center", fontsize=8.5)
    band = Rectangle((KEY + 0.8, y - 0.06), KEY - 0.1, 0.12, facecolor=SOFT, alpha=0.3, linewidth=0)
    axes.add_patch(band)
    axes.text(2 * KEY + 0.8, y, panel.band_label, va="center", fontsize=8.5)
    axes.text(2 * KEY + 1.7, y, panel.remark, va="center", fontsize=8.5)


def at_risk(axes: Axes, panel: StepPanel, height: float) -> None:
    """The numbers at risk below the curves: a line for each, in its colour, a number for each tick of time."""
    axes.set_axis_off()
    axes.set_ylim(0, height)
    head = height - 0.12

    def name(text: str, y: float, **style: str) -> None:
        axes.annotate(text, (0, y), (-10, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      ha="right", va="center", fontsize=8.5, annotation_clip=False, **style)

    name(AT_RISK, head, fontweight="bold")
    for at, (series, colour) in enumerate(zip(panel.series, COLOURS * 9, strict=False), start=1):
        y = head - LINE * at
        name(series.label, y, color=colour)
        for tick, number in zip(panel.ticks, series.at_risk, strict=True):
            axes.text(tick, y, str(number), ha="center", va="center", fontsize=8.5)
