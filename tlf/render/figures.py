"""Figures as PNG and SVG of fixed size, the same bytes on every run; panels/ draws what is in them."""

from __future__ import annotations

import logging
from functools import cache
from io import BytesIO

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure as Canvas

from tlf.model import Figure, Page
from tlf.panels import Bars, Flow, ForestPanel, Frame, HeatMap, Lanes, Profiles, Scatter, Stacks, StepPanel
from tlf.render.panels import bars, flow, forest, frame, heat_map, lanes, profiles, scatter, stacks, steps
from tlf.render.panels.canvas import INK, Box
from tlf.render.typefaces import EAST_ASIAN, FONTS, TYPEFACE

WIDTH, HEIGHT = 9.5, 4.8  # inches
DPI = 200
DRAWN = {StepPanel: steps.draw, ForestPanel: forest.draw, Profiles: profiles.draw, Bars: bars.draw, Lanes: lanes.draw,
         Flow: flow.draw, Frame: frame.draw, HeatMap: heat_map.draw, Scatter: scatter.draw,
         Stacks: stacks.draw}  # fmt: skip
SETTINGS = {
    "svg.fonttype": "path", "font.family": [TYPEFACE, "DejaVu Sans", EAST_ASIAN], "font.size": 9, "axes.edgecolor": INK,
    "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.linewidth": 0.8,
    "path.simplify": False, "axes.spines.top": False,
    "axes.spines.right": False,
}


def render(page: Page, figure: Figure) -> dict[str, bytes]:
    """The picture as "png" and "svg"; titles and footnotes stand around it on the pages of every format."""
    name = " ".join((page.number, *page.titles))
    _typeface()
    with mpl.rc_context({**mpl.rcParamsDefault, **SETTINGS, "svg.hashsalt": page.number}):
        picture = Canvas(figsize=(WIDTH, HEIGHT))
        _draw(picture, figure, (0, 0, WIDTH, HEIGHT))
        return {
            "png": _bytes(picture, "png", {"Software": None}, dpi=DPI),
            "svg": _bytes(picture, "svg", {"Date": None, "Creator": None, "Title": name}),
        }


@cache
def _typeface() -> None:
    """Makes our own copies the only fonts of their names: another version of a machine would change the bytes."""
    logging.getLogger(font_manager.__name__).setLevel(logging.ERROR)  # the fallback has no bold
    known = font_manager.fontManager
    known.ttflist = [font for font in known.ttflist if font.name not in (TYPEFACE, EAST_ASIAN)]
    for file in sorted(FONTS.glob("*.ttf")):
        known.addfont(file)


def _bytes(canvas: Canvas, form: str, metadata: dict[str, str | None], **more: object) -> bytes:
    buffer = BytesIO()
    canvas.savefig(buffer, format=form, metadata=metadata, facecolor="white", **more)
    return buffer.getvalue()


def _draw(canvas: Canvas, figure: Figure, box: Box) -> None:
    """The panels from left to right, each beside those of its kind."""
    left, bottom, width, height = box
    each = width / len(figure.panels)
    for at, panel in enumerate(figure.panels):
        beside = [one for one in figure.panels if type(one) is type(panel)]
        DRAWN[type(panel)](canvas, panel, (left + at * each, bottom, each, height), beside)
