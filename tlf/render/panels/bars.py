"""A bar for each subject, the highest first: the waterfall plot."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from tlf.panels import Bars
from tlf.render.panels.canvas import COLOURS, INK, LINE, SOFT, Box, axes, swatches, title

HATCHES = ("", "////", "....", "xxxx", "----", "||||", "oooo")  # told apart in grey


def draw(canvas: Canvas, panel: Bars, box: Box, beside: list[Bars]) -> None:
    """The levels above the axes; names of subjects below where they can be read."""
    left, bottom, width, height = box
    above = LINE + (0.45 if panel.title else 0.2)
    names = 0.75 if len(panel.bars) <= 60 else 0.2
    plot = axes(canvas, left + 0.8, bottom + names, width - 1.0, height - names - above)
    for mark in (0.0, *panel.marks):
        plot.axhline(mark, color=SOFT if mark else INK, linewidth=0.8, linestyle=(0, (4, 3)) if mark else "-", zorder=0)
    levels = [bar.level % len(COLOURS) for bar in panel.bars]
    for level in dict.fromkeys(levels):
        places = [at for at, one in enumerate(levels) if one == level]
        plot.bar(places, [panel.bars[at].height for at in places], width=0.8, color=COLOURS[level],
                 hatch=HATCHES[level], edgecolor="white", linewidth=0.4)  # fmt: skip
        none = [at for at in places if panel.bars[at].height == 0]
        if none:
            plot.plot(none, [0] * len(none), linestyle="none", marker="_", color=COLOURS[level], markersize=6)
    plot.set(xlim=(-0.8, max(len(panel.bars), 1) - 0.2), ylabel=panel.y_label, xticks=[])
    if names > 0.5:
        labels = [bar.label for bar in panel.bars]
        plot.set_xticks(range(len(labels)), labels, rotation=90, fontsize=6.5)
        plot.tick_params(axis="x", length=0)
    title(canvas, panel.title, left + 0.8 + (width - 1.0) / 2, bottom + height)
    told = [(text, COLOURS[at % len(COLOURS)], "s") for at, text in enumerate(panel.levels)]
    swatches(canvas, told, (left + 0.8, bottom + height - (0.35 if panel.title else 0.1)), width - 1.0, HATCHES)
