"""What all panels are drawn with: colours, line styles, sizes, and axes placed in inches."""

from __future__ import annotations

from math import inf

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from tlf.render.layout import tick
from tlf.render.metrics import arial

Box = tuple[float, float, float, float]  # left, bottom, width, height in inches
INK, SOFT = "#1a1a1a", "#8a8f94"
# Okabe and Ito's colours, told apart by the colour-blind, each with a line style of its own for print in grey.
COLOURS = ("#0072B2", "#D55E00", "#1a1a1a", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
STYLES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 2)), (0, (9, 3)), (0, (4, 1, 1, 1, 1, 1)))
LINE = 0.2  # height of a line of text in inches
AXIS = 0.5  # ticks and label of the x-axis in inches
KEY, EDGE = 0.5, 0.35  # a line in the legend and what stands left of it, in inches


def inches(text: str, size: float, bold: bool = False) -> float:
    """Width of a text."""
    return arial(text, size, bold) / 72


def axes(canvas: Canvas, left: float, bottom: float, width: float, height: float, **more: object) -> Axes:
    """Axes at a place of the sheet, in inches."""
    wide, high = canvas.get_size_inches()
    return canvas.add_axes((left / wide, bottom / high, width / wide, height / high), **more)


def labels(ticks: tuple[float, ...], span: float, width: float, size: float = 9) -> list[str]:
    """The texts of the ticks of an axis of that span and width in inches: none where it would touch the one before."""
    texts: list[str] = []
    free = -inf
    for value in ticks:
        text, at = tick(value), value * width / (span or 1.0)
        half = inches(text, size) / 2
        texts.append(text if at - half >= free else "")
        free = at + half + 0.08 if texts[-1] else free
    return texts


def title(canvas: Canvas, text: str, middle: float, top: float) -> None:
    """The heading of a panel: its middle and the upper edge of the panel in inches."""
    wide, high = canvas.get_size_inches()
    canvas.text(middle / wide, (top - 0.2) / high, text, ha="center", fontweight="bold", fontsize=10)


def legend(canvas: Canvas, keys: list[tuple[str, str, object, str]], remark: str, corner: tuple[float, float]) -> None:
    """Lines with their texts (text, colour, style, marker), one below the other from the corner (inches) down."""
    count = len(keys) + bool(remark)
    plot = axes(canvas, corner[0], corner[1] - LINE * count, 4.0, LINE * count)
    plot.set_axis_off()
    plot.set(xlim=(0, 4.0), ylim=(0, LINE * max(count, 1)))
    y = LINE * count - LINE / 2
    for text, colour, style, marker in keys:
        plot.plot((0, KEY / 2 - 0.05, KEY - 0.1), (y, y, y), color=colour, linestyle=style, linewidth=1.5,
                  marker=marker or None, markevery=[1], markersize=5)  # fmt: skip
        plot.text(KEY, y, text, va="center", fontsize=8.5)
        y -= LINE
    if remark:
        plot.text(0, y, remark, va="center", fontsize=8.5)


def swatches(
    canvas: Canvas, texts: list[tuple[str, str, str]], corner: tuple[float, float], width: float,
    hatches: tuple[str, ...] = (),
) -> None:
    """Boxes or marks with their texts (text, colour, marker), side by side from the upper left corner in inches.

    With `hatches` boxes as of a bar, each hatched as its bars are.
    """
    plot = axes(canvas, corner[0], corner[1] - LINE, width, LINE)
    plot.set_axis_off()
    plot.set(xlim=(0, width), ylim=(0, LINE))
    x = 0.08
    for at, (text, colour, marker) in enumerate(texts):
        wide = 0.16 if hatches else 0.0
        if hatches:
            plot.bar([x + wide / 2], [0.12], width=wide + 0.06, bottom=LINE / 2 - 0.06, color=colour, edgecolor="white",
                     hatch=hatches[at % len(hatches)], linewidth=0.4)  # fmt: skip
        else:
            plot.plot([x], [LINE / 2], linestyle="none", marker=marker, color=colour, markersize=6.5,
                      markeredgecolor=INK, markeredgewidth=0.5)  # fmt: skip
        plot.text(x + wide + 0.12, LINE / 2, text, va="center", fontsize=8.5)
        x += wide + 0.35 + inches(text, 8.5)
