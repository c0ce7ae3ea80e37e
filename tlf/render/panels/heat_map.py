"""What every subject was at every visit: a cell for each, coloured, with its letters for print in grey."""

from __future__ import annotations

from collections import defaultdict
from math import ceil

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas

from tlf.panels import HeatMap, HeatRow
from tlf.render.panels.canvas import INK, LINE, Box, axes, inches, swatches, title
from tlf.render.panels.many import PlacedText, boxes, texts

FILLS = ("#0072B2", "#56B4E9", "#F0E442", "#D55E00", "#CC79A7", "#009E73", "#999999")
OTHER, LINES, MOST, HIGHEST = "#ffffff", 30, 8, 0.3  # another value; lines of a block, blocks; inches of a line
BRIGHT, MIDDLE = (0.2126, 0.7152, 0.0722), 0.5  # weights of red, green and blue in brightness; letters turn white below


def draw(canvas: Canvas, panel: HeatMap, box: Box, beside: list[HeatMap]) -> None:
    """The levels above; subjects one below the other, in blocks side by side where they are many."""
    left, bottom, width, height = box
    above, blocks = LINE + (0.45 if panel.title else 0.25), min(MOST, max(1, ceil(len(panel.rows) / LINES)))
    lines = ceil(len(panel.rows) / blocks)
    for number in range(blocks):
        part = panel.rows[number * lines : (number + 1) * lines]
        place = (left + number * width / blocks, bottom + 0.05, width / blocks - 0.08, height - above - 0.05)
        _block(canvas, panel, part, place, max(lines, 1))
    title(canvas, panel.title, left + width / 2, bottom + height)
    told = [(f"{value} {label}" if value != label else value, FILLS[at % len(FILLS)], "s")
            for at, (value, label) in enumerate(panel.levels)]  # fmt: skip
    known = {value for value, _ in panel.levels} | {""}
    told += [("other", OTHER, "s")] if any(set(row.cells) - known for row in panel.rows) else []
    swatches(canvas, told, (left + 0.1, bottom + height - (0.35 if panel.title else 0.1)), width - 0.2)


def _block(canvas: Canvas, panel: HeatMap, rows: tuple[HeatRow, ...], box: Box, lines: int) -> None:
    """Some of the subjects: visits above, turned where they are too long, and a line for each."""
    left, bottom, width, height = box
    size = min(7.5, 72 * 0.75 * height / (lines + 2))
    side = 0.1 + max((inches(row.label, size) for row in rows), default=0.3)
    wide = (width - side) / max(len(panel.columns), 1)
    longest = max((inches(visit, 7) for visit in panel.columns), default=0.0)
    turned, names = longest > wide, 0.15 + (longest if longest > wide else 0.1)
    high = min(HIGHEST, (height - names) / lines)
    plot = axes(canvas, left, bottom, width, height)
    plot.set_axis_off()
    plot.set(xlim=(0, width), ylim=(0, height))
    for at, visit in enumerate(panel.columns):
        middle = side + (at + 0.5) * wide
        plot.text(middle, height - names + 0.05, visit, rotation=90 * turned, ha="center", va="bottom", fontsize=7)
    cells = defaultdict[str, list[Box]](list)
    for number, row in enumerate(rows):
        y = height - names - (number + 1) * high
        for at, value in enumerate(row.cells):
            cells[value].append((side + at * wide, y, wide, high))
    for value, places in cells.items():
        boxes(plot, places, facecolor=_fill(panel, value) if value else "none", edgecolor="#c8ccd0", linewidth=0.3)
    lines = [height - names - (number + 0.5) * high for number in range(len(rows))]
    told = [PlacedText((side - 0.05, y), row.label, size, align="right") for row, y in zip(rows, lines, strict=True)]
    texts(plot, told, "center")
    for value, places in cells.items():
        texts(plot, _letters(value, places, _fill(panel, value), size) if value else [], "center_baseline")


def _letters(value: str, places: list[Box], fill: str, size: float) -> list[PlacedText]:
    """The letters of cells with one value, in their middle."""
    bright = sum(a * b for a, b in zip(BRIGHT, to_rgb(fill), strict=True))
    size *= min(1.0, places[0][2] / (inches(value, size) + 0.02))
    middles = [(left + width / 2, bottom + height / 2) for left, bottom, width, height in places]
    return [PlacedText(one, value, size, INK if bright > MIDDLE else "white") for one in middles]


def _fill(panel: HeatMap, value: str) -> str:
    known = [one for one, _ in panel.levels]
    return FILLS[known.index(value) % len(FILLS)] if value in known else OTHER
