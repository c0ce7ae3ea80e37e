"""SVG by words: shapes and texts at places in points, numbers of a fixed form so that a picture is the same bytes."""

from __future__ import annotations

from html import escape

from tlf.render.metrics import arial
from tlf.render.typefaces import EAST_ASIAN, TYPEFACE

INK, SOFT, HAIR, RULE = "#1a1a1a", "#6b7278", "#e3e6e9", "#b9bfc5"
Value = str | float


def tag(name: str, **given: Value) -> str:
    """An element without content."""
    return f"<{name}{_given(given)}/>"


def text(words: str, x: float, y: float, size: float = 6.5, **given: Value) -> str:
    """Words at a place: x of their anchor, y of their base line."""
    return f'<text{_given({"x": x, "y": y, "font-size": size, "fill": INK, **given})}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, **given: Value) -> str:
    """A line, thin and grey unless said otherwise."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": RULE, "stroke_width": 0.5, **given})


def box(x: float, y: float, width: float, height: float, **given: Value) -> str:
    """A rectangle."""
    return tag("rect", x=x, y=y, width=width, height=height, **given)


def path(points: list[tuple[float, float]], closed: bool = False, **given: Value) -> str:
    """A line through points, or the shape that it closes."""
    way = " ".join(f"{'L' if at else 'M'}{_number(x)} {_number(y)}" for at, (x, y) in enumerate(points))
    return tag("path", d=way + (" Z" if closed else ""), **given)


def fitted(words: str, room: float, size: float, bold: bool = False) -> str:
    """The words, cut with an ellipsis where they are longer than the room; none where not even three signs fit."""
    if arial(words, size, bold) <= room:
        return words
    while words and arial(words + "…", size, bold) > room:
        words = words[:-1]
    return f"{words.rstrip()}…" if len(words) > 2 else ""


def picture(parts: list[str], width: float, height: float) -> str:
    """The whole as one SVG."""
    fonts = f"'{TYPEFACE}', '{EAST_ASIAN}'"
    size = f'width="{_number(width)}" height="{_number(height)}" viewBox="0 0 {_number(width)} {_number(height)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{fonts}">{"".join(parts)}</svg>'


def _given(given: dict[str, Value]) -> str:
    return "".join(f' {name.replace("_", "-")}="{_number(one) if not isinstance(one, str) else one}"'
                   for name, one in given.items())  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
