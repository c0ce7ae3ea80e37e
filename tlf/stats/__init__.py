"""Numbers in, named numbers out. Every function returns names with a value and, where there is none, the reason."""

from __future__ import annotations

from typing import NamedTuple


class Statistic(NamedTuple):
    """One unrounded number; NaN with a `note` saying why where it cannot be had."""

    value: float
    note: str = ""


NOT_REACHED = "NR: not reached"
NOT_ESTIMABLE = "NE: not estimable"
