"""Figures as PNG, SVG and PDF of fixed size, the same bytes on every run. The only module that draws.

PNG and SVG hold the picture alone (RTF and HTML print the titles around it); the PDF is a whole page.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from math import isnan
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import blended_transform_factory

from tlf.model import PAPERS, Figure, ForestPanel, Page, Series, StepPanel
from tlf.render import layout
from tlf.render.metrics import arial, wrap

WIDTH, HEIGHT = 9.5, 4.8  # inches
MARGIN = 0.75
DPI = 200
INK, SOFT = "#1a1a1a", "#8a8f94"
# Okabe and Ito's colours, told apart by the colour-blind, each with a line style of its own for print in grey.
COLOURS = ("#0072B2", "#D55E00", "#1a1a1a", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
STYLES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 2)), (0, (9, 3)), (0, (4, 1, 1, 1, 1, 1)))
LINE = 0.2  # height of a line of text in inches
AXIS = 0.5  # ticks and label of the x-axis in inches
KEY, EDGE = 0.5, 0.35  # a line in the legend and what stands left of it, in inches
# The free twin of Arial, in which RTF and HTML set their texts: same widths, licence beside it.
TYPEFACE, FONTS = "Liberation Sans", Path(__file__).parent / "fonts"
AT_RISK = "Number at risk"
SHARES, PERCENT = ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"), ("0", "20", "40", "60", "80", "100")
SETTINGS = {
    "svg.fonttype": "path", "font.family": [TYPEFACE, "DejaVu Sans"], "font.size": 9, "axes.edgecolor": INK,
    "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.linewidth": 0.8,
    "pdf.fonttype": 42, "pdf.compression": 6, "path.simplify": False, "axes.spines.top": False,
    "axes.spines.right": False,
}


def render(page: Page, figure: Figure) -> dict[str, bytes]:
    """The picture as "png" and "svg", and a landscape page with titles and footnotes as "pdf"."""
    name = " ".join((page.number, *page.titles))
    _typeface()
    paper = tuple(twips / 1440 for twips in PAPERS[page.paper])
    with mpl.rc_context({**mpl.rcParamsDefault, **SETTINGS, "svg.hashsalt": page.number}):
        picture = Canvas(figsize=(WIDTH, HEIGHT))
        _draw(picture, figure, (0, 0, WIDTH, HEIGHT))
        sheet = Canvas(figsize=paper)
        _draw(sheet, figure, _around(sheet, page))
        undated = {"CreationDate": None, "Producer": None, "Creator": None}
        return {
            "png": _bytes(picture, "png", {"Software": None}, dpi=DPI),
            "svg": _bytes(picture, "svg", {"Date": None, "Creator": None, "Title": name}),
            "pdf": _bytes(sheet, "pdf", {**undated, "Title": name}),
        }


@cache
def _typeface() -> None:
    """Makes our own copy of the typeface the only one of its name: a machine's other version would change the bytes."""
    known = font_manager.fontManager
    known.ttflist = [font for font in known.ttflist if font.name != TYPEFACE]
    for file in sorted(FONTS.glob("*.ttf")):
        known.addfont(file)


def _bytes(canvas: Canvas, form: str, metadata: dict[str, str | None], **more: object) -> bytes:
    buffer = BytesIO()
    canvas.savefig(buffer, format=form, metadata=metadata, facecolor="white", **more)
    return buffer.getvalue()


def _around(sheet: Canvas, page: Page) -> tuple[float, float, float, float]:
    """Writes titles and footnotes on the sheet and returns the rest as left, bottom, width, height in inches."""
    wide, high = sheet.get_size_inches()
    top, bottom, size, room = high - MARGIN, MARGIN, 9, wide - 2 * MARGIN

    def write(text: str, x: float, y: float, side: str, weight: str = "normal") -> None:
        sheet.text(x / wide, y / high, text, ha=side, va="baseline", fontsize=size, fontweight=weight)

    for left, right in layout.head(page):
        write(left, MARGIN, top, "left")
        write(right, wide - MARGIN, top, "right")
        top -= LINE
    for text in (page.number, *page.titles, page.population):
        weight = "normal" if text == page.population else "bold"
        for line in wrap(text, room, lambda part, bold=weight == "bold": _inches(part, size, bold)):
            write(line, wide / 2, top, "center", weight)
            top -= LINE
    lines = [line for text in layout.foot(page) for line in wrap(text, room, lambda part: _inches(part, size))]
    write("Page 1 of 1", wide - MARGIN, bottom - LINE, "right")
    for line in reversed(lines):
        write(line, MARGIN, bottom, "left")
        bottom += LINE
    return (wide - WIDTH) / 2, bottom, WIDTH, min(HEIGHT, top - bottom - LINE)


def _draw(canvas: Canvas, figure: Figure, box: tuple[float, float, float, float]) -> None:
    left, bottom, width, height = box
    each = width / len(figure.panels)
    steps = [panel for panel in figure.panels if isinstance(panel, StepPanel)]
    keys = max((sum(map(len, _keys(panel, each - EDGE))) for panel in steps), default=0) + 1
    groups = max((len(panel.series) for panel in steps), default=0)
    for at, panel in enumerate(figure.panels):
        place = (left + at * each, bottom, each, height)
        if isinstance(panel, StepPanel):
            _steps(canvas, panel, place, (keys, groups))
        else:
            _forest(canvas, panel, place)


def _inches(text: str, size: float, bold: bool = False) -> float:
    """Width of a text."""
    return arial(text, size, bold) / 72


def _axes(canvas: Canvas, left: float, bottom: float, width: float, height: float, **more: object) -> Axes:
    wide, high = canvas.get_size_inches()
    return canvas.add_axes((left / wide, bottom / high, width / wide, height / high), **more)


def _steps(canvas: Canvas, panel: StepPanel, box: tuple[float, float, float, float], rows: tuple[int, int]) -> None:
    """Legend above the curves, numbers at risk below on their scale, each with room for so many rows."""
    left, bottom, width, height = box
    labels = (AT_RISK, *(series.label for series in panel.series))
    names = min(0.35 + max(_inches(label, 8.5, True) for label in labels), 0.35 * width)
    above, below = LINE * rows[0] + 0.1, LINE * (rows[1] + 1) + 0.1
    inner = (left + names, width - names - 0.25)
    top = above + (0.3 if panel.title else 0.1)
    curves = _axes(canvas, inner[0], bottom + below + AXIS, inner[1], height - below - AXIS - top)
    risk = _axes(canvas, inner[0], bottom, inner[1], below, sharex=curves)
    for series, colour, style in zip(panel.series, COLOURS * 9, STYLES * 9, strict=False):
        _curve(curves, series, colour, style)
    last = max((series.end for series in panel.series), default=1.0)
    right = max(last, *panel.ticks) if panel.ticks else last
    curves.set(xlim=(-0.015 * right, 1.02 * right), ylim=(-0.02, 1.03), xticks=panel.ticks, ylabel=panel.y_label,
               xlabel=panel.x_label, yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    curves.set_xticklabels([layout.tick(value) for value in panel.ticks])
    curves.set_yticklabels(PERCENT if "%" in panel.y_label else SHARES)
    wide, high = canvas.get_size_inches()
    canvas.text((inner[0] + inner[1] / 2) / wide, (bottom + height - 0.2) / high, panel.title, ha="center",
                fontweight="bold", fontsize=10)
    legend = _axes(canvas, left + EDGE, bottom + height - top, width - EDGE, above)
    _legend(legend, panel, width - EDGE, above)
    _at_risk(risk, panel, below)


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


def _keys(panel: StepPanel, width: float) -> list[list[str]]:
    """The lines of each group's text in the legend: its label and remark."""
    texts = [": ".join(filter(None, (series.label, series.remark))) for series in panel.series]
    return [wrap(text, width - KEY - 0.1, lambda part: _inches(part, 8.5)) for text in texts]


def _legend(axes: Axes, panel: StepPanel, width: float, height: float) -> None:
    """What lines, marks and bands mean, above the axes where no curve runs; one group to a line."""
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(0, height))
    y = height - LINE / 2
    for lines, colour, style in zip(_keys(panel, width), COLOURS * 9, STYLES * 9, strict=False):
        axes.plot((0, KEY - 0.1), (y, y), color=colour, linestyle=style, linewidth=1.5)
        for line in lines:
            axes.text(KEY, y, line, va="center", fontsize=8.5)
            y -= LINE
    axes.plot([KEY / 2 - 0.05], [y], linestyle="none", marker="|", markersize=7, markeredgewidth=1.1, color=INK)
    axes.text(KEY, y, "Censored", va="center", fontsize=8.5)
    band = mpl.patches.Rectangle((KEY + 0.8, y - 0.06), KEY - 0.1, 0.12, facecolor=SOFT, alpha=0.3, linewidth=0)
    axes.add_patch(band)
    axes.text(2 * KEY + 0.8, y, panel.band_label, va="center", fontsize=8.5)


def _at_risk(axes: Axes, panel: StepPanel, height: float) -> None:
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


def _forest(canvas: Canvas, panel: ForestPanel, box: tuple[float, float, float, float]) -> None:
    """Texts left, one line each, and the intervals on the axes at the right."""
    left, bottom, width, height = box
    count = len(panel.rows)
    starts = _text_columns(panel)
    split = min(starts[-1], 0.62 * width)
    axes = _axes(canvas, left + split, bottom + 0.55, width - split - 0.2, height - 0.9)
    axes.set(xlim=panel.limits, ylim=(count - 0.4, -0.6), xlabel=panel.x_label, yticks=[])
    if panel.log_scale:
        axes.set_xscale("log")
    axes.set_xticks(panel.ticks, [layout.tick(value) for value in panel.ticks])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    if panel.reference is not None:
        axes.axvline(panel.reference, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    wide = canvas.get_size_inches()[0]
    side = blended_transform_factory(canvas.transFigure, axes.transData)
    for at, text in enumerate(panel.heads):
        canvas.text((left + starts[at]) / wide, (bottom + height - 0.22) / canvas.get_size_inches()[1], text,
                    fontweight="bold", fontsize=8.5)
    for at, row in enumerate(panel.rows):
        for start, text in zip(starts, (row.label, *row.texts), strict=False):
            indent = 0.15 * row.indent if start == starts[0] else 0
            axes.text((left + start + indent) / wide, at, text, transform=side, va="center", fontsize=8.5,
                      fontweight="bold" if row.header else "normal")
        _interval(axes, row.estimate, (row.lower, row.upper), at, panel.limits)


def _text_columns(panel: ForestPanel) -> list[float]:
    """Left edge of every text column in inches, and the right edge of the last."""
    columns = [[panel.heads[0], *(" " * 3 * row.indent + row.label for row in panel.rows)]]
    for at, head in enumerate(panel.heads[1:]):
        columns.append([head, *(row.texts[at] for row in panel.rows if row.texts)])
    edges = [0.1]
    for texts in columns:
        edges.append(edges[-1] + 0.25 + max(_inches(text, 8.5, True) for text in texts))
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
