"""The picture of a page: the axis, the rows of the time line and the charts, on as many sheets as they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tlf.profile.axis import at, numbered
from tlf.profile.page import PageChart, PageRow, SubjectPage
from tlf.render.profile import charts, lanes
from tlf.render.profile.lanes import Across, Scales
from tlf.render.profile.pen import HAIR, INK, RULE, SOFT, line, picture, text

LABEL, EDGE = 128.0, 14.0  # left and right of the plot, in points
AXIS = 22.0  # of the axis with its title
TALL, SMALL = 72.0, 42.0  # a chart at most and at least


def pictures(page: SubjectPage, width: float, height: float, scales: Scales) -> list[str]:
    """The sheets' pictures as SVG; charts get what room the rows leave them, or a sheet of their own."""
    sheets: list[tuple[list[PageRow], list[PageChart]]] = [([], [])]
    left = height - AXIS
    for row in page.rows:
        if lanes.height(row) > left and sheets[-1][0]:
            sheets.append(([], []))
            left = height - AXIS
        sheets[-1][0].append(row)
        left -= lanes.height(row)
    if len(page.charts) * SMALL > left:
        sheets.append(([], []))
    sheets[-1][1].extend(page.charts)
    return [_sheet(page, rows, shown, (width, height), scales) for rows, shown in sheets]


def _sheet(
    page: SubjectPage, rows: Sequence[PageRow], shown: Sequence[PageChart], size: tuple[float, float], scales: Scales
) -> str:
    """One picture, as high as what is on it."""
    room = (LABEL, size[0] - EDGE)

    def x(day: float) -> float:
        return room[0] + at(page.axis, day) * (room[1] - room[0])

    below = AXIS + sum(map(lanes.height, rows))
    high = min(TALL, (size[1] - below) / len(shown)) if shown else 0.0
    foot = below + high * len(shown)
    parts, y = [*_axis(page, x, room, foot)], AXIS
    for row in rows:
        parts += lanes.draw(row, y, x, room, page.last, scales)
        y += lanes.height(row)
    for chart in shown:
        parts += charts.draw(chart, y, high, x, room)
        y += high
    return picture(parts, size[0], foot + 2)


def _axis(page: SubjectPage, x: Across, room: tuple[float, float], foot: float) -> Iterator[str]:
    """Ticks at the top, a line at day 0, and a mark where the scale changes."""
    left, right = room
    yield text(f"Days from {page.origin or 'nothing known'}", 0, AXIS - 5, 6.5, fill=SOFT)
    yield line(left, AXIS, right, AXIS)
    for tick in sorted({tick for part in page.axis for tick in part.ticks}):
        yield line(x(tick), AXIS - 2.5, x(tick), foot, stroke=HAIR, stroke_width=0.4)
        yield text(str(numbered(tick, page.first)), x(tick), AXIS - 5, 6, fill=SOFT, text_anchor="middle")
    for one, _ in pairwise(page.axis):
        yield line(x(one.last), AXIS - 5, x(one.last), foot, stroke=RULE, stroke_width=0.6, stroke_dasharray="0.6 2")
        yield text("//", x(one.last), AXIS + 2, 6, fill=SOFT, text_anchor="middle")
    yield line(x(0.0), AXIS - 3, x(0.0), foot, stroke=INK, stroke_width=0.6)
