"""Derived quantities held against a published bound: the one rule for sums, products, ratios, multiples and changes.

Two numbers are equal when they differ by at most 1e-9 of their size. What is collected has six significant digits or
so, hence sums, products and ratios of it that truly differ do so by more; what binary arithmetic adds (1.5 x 10.4 x 8.0
is 124.80000000000001, 15.6 x 8.0 is 124.8) stays below 1e-13. Compare a quantity with its bound, not a difference with
zero: `above(length, 13)`, never `above(length - 13, 0)`. What is missing meets no bound. Numbers
or columns of them are compared alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np

RELATIVE = 1e-9


def equal(value: Any, bound: Any) -> Any:
    """Whether value and bound are one number but for binary rounding."""
    return abs(value - bound) <= _rounding(value, bound)


def at_least(value: Any, bound: Any) -> Any:
    """Whether the value is the bound or greater."""
    return value - bound >= -_rounding(value, bound)


def at_most(value: Any, bound: Any) -> Any:
    """Whether the value is the bound or smaller."""
    return bound - value >= -_rounding(value, bound)


def above(value: Any, bound: Any) -> Any:
    """Whether the value is greater than the bound."""
    return value - bound > _rounding(value, bound)


def below(value: Any, bound: Any) -> Any:
    """Whether the value is smaller than the bound."""
    return bound - value > _rounding(value, bound)


def _rounding(value: Any, bound: Any) -> Any:
    """The difference that is put down to binary arithmetic."""
    return RELATIVE * np.minimum(abs(value), abs(bound))


BY_SIGN = {"<": below, "<=": at_most, ">": above, ">=": at_least}
