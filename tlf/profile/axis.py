"""The axis of a profile: days from day 0, in up to as many scales as the spec has parts, and where each day stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

STEPS = (1, 2, 5, 7, 14, 28, 50, 100, 200, 365, 730, 1461)  # days between ticks
ROOM = 0.045  # of the axis: the least distance between ticks
AIR = 0.02  # of the days shown: left free at both ends


class AxisPart(NamedTuple):
    """A part of the axis with one scale: its days, where it lies (0 to 1), and its ticks."""

    first: float
    last: float
    left: float
    right: float
    ticks: tuple[float, ...]


def axis(
    first: float, last: float, breaks: Sequence[float] = (), widths: Sequence[float] = (1.0,)
) -> tuple[AxisPart, ...]:
    """The parts of an axis from `first` to `last`, in the relation of `widths`; a part without days is left out.

    The widest scale is that of the part with the most room for a day that the spec gives day 0; no other part is
    drawn with more room for a day than it, so that a short part does not look long.
    """
    air = max(1.0, AIR * (last - first))
    first, last = floor(first - air), ceil(last + air)
    edges = [-float("inf"), *breaks, float("inf")]
    cut = [(max(low, first), min(high, last), wide, low <= 0 < high)
           for (low, high), wide in zip(pairwise(edges), widths, strict=True)]  # fmt: skip
    parts = [one for one in cut if one[0] < one[1]]
    most = max((wide / (high - low) for low, high, wide, zero in parts if zero), default=float("inf"))
    rooms = [min(wide, most * (high - low)) for low, high, wide, _ in parts]
    found, left = [], 0.0
    for (low, high, *_), room in zip(parts, rooms, strict=True):
        right = left + room / sum(rooms)
        found.append(AxisPart(low, high, round(left, 6), round(right, 6), ticks(low, high, right - left)))
        left = right
    return _apart(found)


def _apart(parts: list[AxisPart]) -> tuple[AxisPart, ...]:
    """The parts without the ticks that stand too near to one of the part of day 0, or to one before them."""
    zero = next((part for part in parts if part.first <= 0 <= part.last), parts[0])
    places, kept = [at(parts, day) for day in zero.ticks], []
    for part in parts:
        own = part is zero
        shown = [day for day in part.ticks if own or all(abs(at(parts, day) - place) >= ROOM for place in places)]
        places += [at(parts, day) for day in shown]
        kept.append(part._replace(ticks=tuple(shown)))
    return tuple(kept)


def ticks(first: float, last: float, room: float) -> tuple[float, ...]:
    """The days with a tick: multiples of the smallest step for which the labels have room."""
    step = next((one for one in STEPS if one / (last - first) * room >= ROOM), STEPS[-1])
    return tuple(float(day) for day in range(ceil(first / step) * step, floor(last) + 1, step))


def at(parts: Sequence[AxisPart], day: float) -> float:
    """Where a day stands on the axis (0 to 1); what lies outside stands at its end."""
    for part in parts:
        if day <= part.last:
            share = (max(day, part.first) - part.first) / (part.last - part.first)
            return part.left + share * (part.right - part.left)
    return 1.0


def numbered(day: float, first: int) -> int:
    """The number of a day: day 0 has the number `first` (0, or 1 where there is no day 0)."""
    return int(day) + (first if day >= 0 else 0)
