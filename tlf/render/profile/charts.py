"""The charts below the time line: values on the same days, the reference range behind them, limits across."""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

from tlf.profile.page import PageChart, Point
from tlf.render.profile.lanes import Across
from tlf.render.profile.pen import HAIR, INK, RULE, SOFT, box, fitted, line, path, tag, text

LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
SIZE, GAP = 6.0, 7.0  # of texts; above a chart


def draw(chart: PageChart, y: float, high: float, x: Across, room: tuple[float, float]) -> Iterator[str]:
    """A chart from its upper edge, `high` points high with the gap above it."""
    left, right = room
    top, foot = y + GAP, y + high
    place = {"x": left, "y": top, "width": right - left, "height": foot - top}
    yield box(*place.values(), fill="none", stroke=RULE, stroke_width=0.5)
    yield text(fitted(chart.label, left - 30, 6.5, True), 0, top + 7, 6.5, font_weight="bold")
    yield text(chart.unit + (", log" if chart.unit and chart.log else ""), 0, top + 14.5, SIZE, fill=SOFT)
    if not chart.lines:
        yield text("no value", left + 4, top + 8, SIZE, fill=SOFT)
        return

    def up(value: float) -> float:
        return foot - (foot - top) * share(chart, value)

    points = sorted((one for own in chart.lines.values() for one in own), key=lambda one: one.day)
    yield from _ranges(points, up, x, (right, top, foot))
    for tick in chart.ticks:
        yield line(left, up(tick), right, up(tick), stroke=HAIR, stroke_width=0.4)
        yield text(number(tick), left - 3, up(tick) + 2, SIZE - 0.6, fill=SOFT, text_anchor="end")
    for value in chart.reference:
        yield line(left, up(value), right, up(value), stroke="#a92b2b", stroke_width=0.5, stroke_dasharray="3 2")
        yield text(f"{value:g}", right - 2, up(value) - 1.5, SIZE - 0.8, fill="#a92b2b", text_anchor="end")
    for value in chart.limits:
        yield line(left, up(value), right, up(value), stroke=INK, stroke_width=0.5, stroke_dasharray="1 1.6")
        yield text(f"LLOQ {value:g}", right - 2, up(value) - 1.5, SIZE - 0.8, fill=SOFT, text_anchor="end")
    for at, (name, own) in enumerate(chart.lines.items()):
        yield from _line(own, up, x, LINES[at % len(LINES)])
        if len(chart.lines) > 1:
            words, shade = fitted(name.capitalize(), left - 30, SIZE), LINES[at % len(LINES)]
            yield text(words, 4, top + 22 + 7 * at, SIZE - 0.4, fill=shade)


def share(chart: PageChart, value: float) -> float:
    """How high a value stands in its chart (0 to 1); what a logarithm does not have stands at the foot."""
    if not chart.log:
        return (value - chart.low) / (chart.high - chart.low)
    low, high = log10(chart.low), log10(chart.high)
    return 0.0 if value <= 0 else min(max((log10(value) - low) / (high - low), 0.0), 1.0)


def number(value: float) -> str:
    """The label of a tick: a power of ten from 100 000 on."""
    power = round(log10(value)) if value > 0 else 0
    return f"10^{power}" if value >= 1e5 and value == 10.0**power else f"{value:g}"


def _ranges(points: list[Point], up: Across, x: Across, room: tuple[float, float, float]) -> Iterator[str]:
    """The reference range that came with each result, until the next."""
    right, top, foot = room
    for at, one in enumerate(points):
        if one.low is not None or one.high is not None:
            end = x(points[at + 1].day) if at + 1 < len(points) else x(one.day) + 2
            upper, lower = (top if one.high is None else up(one.high)), (foot if one.low is None else up(one.low))
            wide, high = max(min(end, right) - x(one.day), 0), max(lower - upper, 0)
            yield box(x(one.day), upper, wide, high, fill="#dcebdd", fill_opacity=0.55)


def _line(points: tuple[Point, ...], up: Across, x: Across, shade: str) -> Iterator[str]:
    """The results in their order; those below the limit are hollow triangles, a partial date has its days."""
    yield path([(x(one.day), up(one.value)) for one in points], fill="none", stroke=shade, stroke_width=0.8)
    for one in points:
        at, high = x(one.day), up(one.value)
        if one.until > one.day:
            yield line(at, high, x(one.until), high, stroke=shade, stroke_width=0.8, stroke_dasharray="1.6 1.4")
        if one.below:
            down = [(at - 1.9, high - 1.6), (at + 1.9, high - 1.6), (at, high + 1.8)]
            yield path(down, True, fill="#ffffff", stroke=shade, stroke_width=0.7)
        else:
            yield tag("circle", cx=at, cy=high, r=1.25, fill=shade)
