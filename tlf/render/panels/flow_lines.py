"""The lines that the boxes of a flow take: how a box's text breaks, and how many lines all of them need."""

from __future__ import annotations

from tlf.panels import Flow, FlowBox
from tlf.render.metrics import wrap
from tlf.render.panels.canvas import inches

BETWEEN = "\u00a0/\u00a0"  # counts stay on one line
ROOM, INDENT = 0.45, 0.12  # between boxes, in lines; of what stands below the first line of a box, in inches
WAY, BESIDE = 0.34, 0.54  # shares of the width: a box of the way, a box beside it


def told(box: FlowBox, wide: float, size: float) -> list[str]:
    """The lines that a box's label and counts take in a box so wide."""
    text = f"{box.label}: {BETWEEN.join(map(str, box.counts))}"
    return wrap(text, wide - 0.16 - 2 * INDENT, lambda part: inches(part, size, True))


def gap(box: FlowBox, width: float, size: float) -> float:
    """Lines between a box and the next: those of the box beside, with air above and below."""
    beside = sum(len(told(one, BESIDE * width, size)) for one in box.beside)
    return beside + 0.4 + 2 * ROOM if beside else 1.0


def all_lines(panel: Flow, width: float, size: float) -> float:
    """The lines that everything takes from the upper edge to the foot."""
    way = sum(len(told(one, WAY * width, size)) + 0.4 + gap(one, width, size) for one in panel.steps)
    each = (width - 0.1) / max(len(panel.sets), 1) - 0.12
    foot = [sum(len(told(inner, each, size)) for inner in (one, *one.beside)) for one in panel.sets]
    return way + max(foot, default=0) + 4
