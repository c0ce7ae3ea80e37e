"""The colours of scales: severity darkens, outcome goes from green to red; the level is written beside them."""

from __future__ import annotations

from collections.abc import Mapping

from tlf.profile.spec import SEVERITY, ProfileSpec

STOPS = {SEVERITY: ("#e4e8ec", "#f4d581", "#ee9b52", "#d2502d", "#8f1d2f", "#26201f"),
         "outcome": ("#12705a", "#58ab8c", "#b8d3c4", "#e9c58a", "#d9803f", "#a92b2b")}  # fmt: skip
PLAIN, UNKNOWN = "#5b7fa3", "#c3c9cf"  # of a mark without a scale, and of a level that the scale has not
BRIGHT = 140  # of 255: on lighter colours text is dark


def colours(spec: ProfileSpec) -> dict[str, dict[str, str]]:
    """The colour of each level of each scale, spread evenly over the stops."""
    return {name: dict(zip(one.levels, spread(STOPS[one.colours], len(one.levels)), strict=True))
            for name, one in spec.scales.items()}  # fmt: skip


def spread(stops: tuple[str, ...], count: int) -> list[str]:
    """So many colours from the first stop to the last, between two stops in even steps."""
    places = [at * (len(stops) - 1) / max(count - 1, 1) for at in range(count)]
    return [_between(stops[int(place)], stops[min(int(place) + 1, len(stops) - 1)], place % 1) for place in places]


def colour(scales: Mapping[str, Mapping[str, str]], scale: str, level: str) -> str:
    """The colour of a mark."""
    return scales[scale].get(level, UNKNOWN) if scale else PLAIN


def is_dark(one: str) -> bool:
    """Whether text on a colour is white."""
    red, green, blue = _parts(one)
    return 0.299 * red + 0.587 * green + 0.114 * blue < BRIGHT


def _parts(one: str) -> tuple[int, int, int]:
    return int(one[1:3], 16), int(one[3:5], 16), int(one[5:7], 16)


def _between(one: str, other: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
