"""The rows of the time line: a bar or a day for each record, dashed where a partial date leaves its days open."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tlf.profile.colours import PLAIN, colour, is_dark
from tlf.profile.marks import ONGOING
from tlf.profile.page import Mark, PageRow
from tlf.render.metrics import arial
from tlf.render.profile.pen import HAIR, INK, SOFT, box, fitted, line, path, text

ROW, HEAD, SIZE = 10.6, 10.6, 6.5  # height of a row, of a lane's head, of its text
THICK, LEAST, TAIL = 6.4, 3.0, 9.0  # of a bar; the least it is wide; of an end that nobody recorded
SMALL, TOLD, AIR, PAPER, NO_GRADE = 5.4, 5.7, 4.0, "#ffffff", "0"  # sizes of texts; air beside them
Across = Callable[[float], float]
Scales = dict[str, dict[str, str]]


def height(row: PageRow) -> float:
    """The height of a row, with the head of its lane where it has rows of its own."""
    return ROW + (HEAD if row.lane and row.label else 0.0)


def draw(row: PageRow, y: float, x: Across, room: tuple[float, float], last: float, scales: Scales) -> Iterator[str]:
    """A row from its upper edge; `room` is where its plot begins and ends, `last` the subject's last day."""
    left, right = room
    if row.lane and row.label:
        yield text(row.lane, 0, y + HEAD - 3, SIZE, font_weight="bold")
        y += HEAD
    words, inset = (row.label, 8.0) if row.label else (row.lane, 0.0)
    yield text(fitted(words, left - inset - 6, SIZE, not inset), inset, y + ROW - 3, SIZE,
               font_weight="normal" if inset else "bold")  # fmt: skip
    yield line(left, y + ROW, right, y + ROW, stroke=HAIR, stroke_width=0.4)
    starts = [x(mark.start if mark.start is not None else mark.until or 0.0) for mark in row.marks]
    before = left
    for at, mark in enumerate(row.marks):
        after = min([one for one in starts[at + 1 :] if one > starts[at]] + [right])
        parts, end = _mark(mark, y + ROW / 2, x, last, colour(scales, row.scale, mark.level) if row.scale else "")
        yield from parts
        together = [one.text for one, start in zip(row.marks[at:], starts[at:], strict=True) if start == starts[at]]
        said = _beside(mark, end - starts[at]) if row.scale else "; ".join(filter(None, dict.fromkeys(together)))
        words, before = _told(said, (before, starts[at], end, after), y + ROW - 3.2)
        yield from words


def _told(said: str, room: tuple[float, float, float, float], y: float) -> tuple[list[str], float]:
    """What is said of a record right of it, or left of it where only there is room for all; and where that ends.

    The room is where the one before it ends, where it begins and ends itself, and where the next begins.
    """
    before, begin, end, after = room
    wide = arial(said, TOLD)
    if not said or end < before:
        return [], max(end, before)
    if wide > after - end - AIR and wide < begin - before - 2 * AIR:
        return [text(said, begin - AIR - 1, y, TOLD, fill=SOFT, text_anchor="end")], end
    shown = fitted(said, after - end - AIR, TOLD)
    return ([text(shown, end + 2.5, y, TOLD, fill=SOFT)] if shown else []), end + 2.5 + arial(shown, TOLD)


def _mark(mark: Mark, middle: float, x: Across, last: float, filled: str) -> tuple[list[str], float]:
    """A record and where it ends: of a day without a scale a diamond, else a bar over its days, the last included."""
    top, shade = middle - THICK / 2, filled or PLAIN
    if mark.sure is None:
        at = x((mark.until or 0.0) + 1)
        return [_dashed(at - TAIL, at, middle, shade), path(_arrow(at - TAIL, middle, -1), True, fill=shade)], at
    begin = x(mark.sure)
    sure_end = mark.until if mark.until is not None else last if mark.open == ONGOING else mark.sure
    end = max(x(sure_end + 1), begin + LEAST)
    if not filled and mark.open == "" and mark.until == mark.sure:
        parts, end = [path(_diamond(begin, middle), True, fill=INK)], begin + 3
    else:
        bar = box(begin, top, end - begin, THICK, fill=shade, stroke=PAPER, stroke_width=0.35)
        parts = [bar, *_level(mark, begin, end, middle, shade)]
    if mark.start is not None and mark.start < mark.sure:
        parts.append(_dashed(x(mark.start), begin, middle, shade))
    if mark.open == ONGOING:
        parts.append(path(_arrow(end, middle, 1), True, fill=shade))
        end += 4
    elif mark.open:
        parts.append(_dashed(end, end + TAIL, middle, shade))
        end += TAIL
    elif mark.end is not None and mark.until is not None and mark.end > mark.until:
        parts.append(_dashed(end, x(mark.end + 1), middle, shade))
        end = max(end, x(mark.end + 1))
    return parts, end


def _level(mark: Mark, begin: float, end: float, middle: float, shade: str) -> Iterator[str]:
    """The level in the bar where it has room."""
    if mark.level and not _beside(mark, end - begin) and mark.level != NO_GRADE:
        yield text(mark.level, (begin + end) / 2, middle + 1.9, SMALL, fill=PAPER if is_dark(shade) else INK,
                   text_anchor="middle", font_weight="bold")  # fmt: skip


def _beside(mark: Mark, room: float) -> str:
    """The level of a record whose bar has no room for it."""
    return mark.level if mark.level != NO_GRADE and arial(mark.level, SMALL, True) + 1 > room else ""


def _dashed(begin: float, end: float, middle: float, shade: str) -> str:
    return line(begin, middle, end, middle, stroke=shade, stroke_width=1.6, stroke_dasharray="1.6 1.4")


def _arrow(at: float, middle: float, way: int) -> list[tuple[float, float]]:
    return [(at, middle - THICK / 2), (at + 4 * way, middle), (at, middle + THICK / 2)]


def _diamond(at: float, middle: float) -> list[tuple[float, float]]:
    return [(at, middle - 3.2), (at + 3.2, middle), (at, middle + 3.2), (at - 3.2, middle)]
