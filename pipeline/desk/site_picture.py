"""The view by site as one SVG: a panel per measure, a line per site with its limits, the other sites dashed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
import pandas as pd

PANEL, GAP, PER_ROW = 210, 26, 4  # pixels; panels per row
LINE, TOP, BOTTOM, LEFT = 20, 44, 34, 54
INK, SOFT, HAIR, USUAL, APART = "#1a1a1a", "#5d6369", "#d5d8db", "#0072B2", "#D55E00"


def picture(view: pd.DataFrame) -> str:
    """An SVG of fixed size that needs nothing else; '' when there are no sites."""
    if view.empty:
        return ""
    sites = sorted(view["site"].unique())
    measures = list(dict.fromkeys(view["measure"]))
    height = TOP + LINE * len(sites) + BOTTOM
    rows = -(-len(measures) // PER_ROW)
    width = LEFT + min(len(measures), PER_ROW) * (PANEL + GAP)
    parts = []
    for i, measure in enumerate(measures):
        x, y = LEFT + (i % PER_ROW) * (PANEL + GAP), (i // PER_ROW) * height
        part = view[view["measure"] == measure].set_index("site")
        parts.append(_panel(part, sites, x, y, measure))
        if i % PER_ROW == 0:
            parts += [_text(LEFT - 10, y + TOP + LINE * (n + 0.5) + 4, s, "end") for n, s in enumerate(sites)]
    size = f'width="{width}" height="{rows * height}" viewBox="0 0 {width} {rows * height}"'
    style = 'font-family="Arial, Liberation Sans, Helvetica, sans-serif" font-size="11.5"'
    body = "\n".join(parts)
    words = 'role="img" aria-label="Measures by site"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style} {words}>\n{body}\n</svg>\n'


def _panel(part: pd.DataFrame, sites: list[str], x: float, y: float, measure: str) -> str:
    unit, others = str(part["unit"].iloc[0]), part["others"]
    most = part["value"].max()  # missing where no site has a value yet
    reach = pd.Series([part["upper"].max(), most * 3], dtype="float64").min()
    top = _nice(float(pd.Series([most, reach, 0.0], dtype="float64").max()))
    bottom = y + TOP + LINE * len(sites)

    def across(value: float) -> float:
        return x + PANEL * min(value, top) / top

    drawn = [
        _text(x, y + 16, measure, weight="bold"),
        _text(x, y + 31, f"{unit}, {part['limits'].iloc[0]}", colour=SOFT, size=10),
        *[_grid(across(top * k / 4), y + TOP, bottom, _tick(top * k / 4)) for k in range(5)],
    ]
    for n, site in enumerate(sites):
        if site in part.index and not np.isnan(part.loc[site, "value"]):
            row, middle = part.loc[site], y + TOP + LINE * (n + 0.5)
            drawn.append(_mark(row, across, middle, top))
            if not np.isnan(others[site]):
                at = across(others[site])
                drawn.append(
                    _line(at, middle - LINE / 2 + 2, at, middle + LINE / 2 - 2, SOFT, 'stroke-dasharray="3 2"')
                )
    return "\n".join(drawn)


def _mark(row: pd.Series, across: Callable[[float], float], middle: float, top: float) -> str:
    colour = APART if row["apart"] else USUAL
    low, high = across(row["lower"]), across(row["upper"])
    limits = _line(low, middle, high, middle, colour, 'stroke-width="2"')
    if row["upper"] > top:
        arrow = f"M{high - 5:.1f} {middle - 4:.1f}L{high:.1f} {middle:.1f}L{high - 5:.1f} {middle + 4:.1f}"
        limits += f'<path d="{arrow}" stroke="{colour}" fill="none" stroke-width="2"/>'
    limits_text = f"{row['lower']:.3g} to {row['upper']:.3g}"
    title = f"{row.name}: {row['value']:.3g} ({limits_text}), others {row['others']:.3g} {row['note']}"
    at = across(row["value"])
    dot = f'<circle cx="{at:.1f}" cy="{middle:.1f}" r="4" fill="{colour}"/>'
    return f"<g><title>{escape(title.strip())}</title>{limits}{dot}</g>"


def _nice(value: float) -> float:
    """The next number whose quarters read well; 1 for nothing."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(m * power for m in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if m * power >= value * 0.999))


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _grid(x: float, top: float, bottom: float, label: str) -> str:
    return _line(x, top, x, bottom, HAIR) + _text(x, bottom + 14, label, "middle", SOFT, 10)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'


def _text(
    x: float, y: float, text: str, anchor: str = "start", colour: str = INK, size: float = 0, weight: str = ""
) -> str:
    more = (f' font-size="{size}"' if size else "") + (f' font-weight="{weight}"' if weight else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{more}>{escape(text)}</text>'
