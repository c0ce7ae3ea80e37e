"""Figures as PNG, SVG and PDF of fixed size, the same bytes on every run. The only module that draws.

PNG and SVG hold the picture alone (RTF and HTML print the titles around it); the PDF is a whole page.
"""

from __future__ import annotations

from io import BytesIO
from math import isnan

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import blended_transform_factory

from tlf.model import Figure, ForestPanel, Page, Series, StepPanel
from tlf.render import layout
from tlf.render.metrics import arial, wrap

WIDTH, HEIGHT = 9.5, 5.3  # inches
PAPER, MARGIN = (11.0, 8.5), 0.75
DPI = 200
INK, SOFT = "#1a1a1a", "#8a8f94"
# Okabe and Ito's colours, told apart by the colour-blind, each with a line style of its own for print in grey.
COLOURS = ("#0072B2", "#D55E00", "#1a1a1a", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
STYLES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 2)), (0, (9, 3)), (0, (4, 1, 1, 1, 1, 1)))
LINE = 0.2  # height of a line of text in inches
AXIS = 0.5  # ticks and label of the x-axis in inches
AT_RISK = "Number at risk"
SETTINGS = {
    "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 9, "axes.edgecolor": INK, "axes.labelcolor": INK,
    "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.linewidth": 0.8, "pdf.fonttype": 42,
    "pdf.compression": 6, "path.simplify": False, "axes.spines.top": False, "axes.spines.right": False,
}


def render(page: Page, figure: Figure) -> dict[str, bytes]:
    """The picture as "png" and "svg", and a landscape letter page with titles and footnotes as "pdf"."""
    name = " ".join((page.number, *page.titles))
    with mpl.rc_context({**mpl.rcParamsDefault, **SETTINGS, "svg.hashsalt": page.number}):
        picture = Canvas(figsize=(WIDTH, HEIGHT))
        _draw(picture, figure, (0, 0, WIDTH, HEIGHT))
        sheet = Canvas(figsize=PAPER)
        _draw(sheet, figure, _around(sheet, page))
        undated = {"CreationDate": None, "Producer": None, "Creator": None}
        return {
            "png": _bytes(picture, "png", {"Software": None}, dpi=DPI),
            "svg": _bytes(picture, "svg", {"Date": None, "Creator": None, "Title": name}),
            "pdf": _bytes(sheet, "pdf", {**undated, "Title": name}),
        }


def _bytes(canvas: Canvas, form: str, metadata: dict[str, str | None], **more: object) -> bytes:
    buffer = BytesIO()
    canvas.savefig(buffer, format=form, metadata=metadata, facecolor="white", **more)
    return buffer.getvalue()


def _around(sheet: Canvas, page: Page) -> tuple[float, float, float, float]:
    """Writes titles and footnotes on the sheet and returns the rest as left, bottom, width, height in inches."""
    wide, high = PAPER
    top, bottom, size = high - MARGIN, MARGIN, 9

    def write(text: str, x: float, y: float, side: str, weight: str = "normal") -> None:
        sheet.text(x / wide, y / high, text, ha=side, va="baseline", fontsize=size, fontweight=weight)

    write(page.study, MARGIN, top, "left")
    write("Page 1 of 1", wide - MARGIN, top, "right")
    for text in (page.number, *page.titles, page.population):
        top -= LINE
        write(text, wide / 2, top, "center", "normal" if text == page.population else "bold")
    room = wide - 2 * MARGIN
    lines = [line for text in layout.foot(page) for line in wrap(text, room, lambda part: _inches(part, size))]
    for line in reversed(lines):
        write(line, MARGIN, bottom, "left")
        bottom += LINE
    return MARGIN, bottom, wide - 2 * MARGIN, top - bottom - LINE


def _draw(canvas: Canvas, figure: Figure, box: tuple[float, float, float, float]) -> None:
    left, bottom, width, height = box
    each = width / len(figure.panels)
    groups = max((len(panel.series) for panel in figure.panels if isinstance(panel, StepPanel)), default=0)
    for at, panel in enumerate(figure.panels):
        place = (left + at * each, bottom, each, height)
        if isinstance(panel, StepPanel):
            _steps(canvas, panel, place, groups)
        else:
            _forest(canvas, panel, place)


def _inches(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in DejaVu Sans, which is about a sixth wider than Arial."""
    return arial(text, size, bold) * 1.18 / 72


def _axes(canvas: Canvas, left: float, bottom: float, width: float, height: float, **more: object) -> Axes:
    wide, high = canvas.get_size_inches()
    return canvas.add_axes((left / wide, bottom / high, width / wide, height / high), **more)


def _steps(canvas: Canvas, panel: StepPanel, box: tuple[float, float, float, float], groups: int) -> None:
    """Curves above, numbers at risk below on the same scale, with room for so many groups."""
    left, bottom, width, height = box
    labels = (AT_RISK, *(series.label for series in panel.series))
    names = min(0.35 + max(_inches(label, 8.5, True) for label in labels), 0.35 * width)
    below = LINE * (groups + 1) + 0.1
    inner = (left + names, width - names - 0.25)
    top = 0.35 if panel.title else 0.15
    curves = _axes(canvas, inner[0], bottom + below + AXIS, inner[1], height - below - AXIS - top)
    risk = _axes(canvas, inner[0], bottom, inner[1], below, sharex=curves)
    for series, colour, style in zip(panel.series, COLOURS * 9, STYLES * 9, strict=False):
        _curve(curves, series, colour, style)
    last = max((series.end for series in panel.series), default=1.0)
    right = max(last, *panel.ticks) if panel.ticks else last
    curves.set(xlim=(-0.015 * right, 1.02 * right), ylim=(-0.02, 1.03), xticks=panel.ticks, ylabel=panel.y_label,
               xlabel=panel.x_label, yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    curves.set_xticklabels([layout.tick(value) for value in panel.ticks])
    curves.set_yticklabels(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    curves.set_title(panel.title, fontweight="bold", fontsize=10)
    _legend(curves, panel)
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


def _legend(axes: Axes, panel: StepPanel) -> None:
    lines = [line for line in axes.get_lines() if not line.get_label().startswith("_")]
    mark = mpl.lines.Line2D([], [], linestyle="none", marker="|", markersize=7, markeredgewidth=1.1, color=INK)
    band = mpl.patches.Patch(facecolor=SOFT, alpha=0.3, linewidth=0)
    labels = [*(series.label for series in panel.series), "Censored", panel.band_label]
    legend = axes.legend([*lines, mark, band], labels, loc="upper right", frameon=True, framealpha=0.85,
                         edgecolor="none", fontsize=8.5, handlelength=3)
    legend.set_zorder(5)
    for number, text in enumerate(panel.annotations, start=len(labels) + 1):
        axes.annotate(text, (1, 1), (-8, -13.6 * number), xycoords="axes fraction", textcoords="offset points",
                      ha="right", va="baseline", fontsize=8.5, zorder=5,
                      bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1})


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
