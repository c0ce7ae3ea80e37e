"""Which counts can stand behind a printed percentage, and which values a product-limit estimate can take.

The GRIM test (Brown and Heathers 2017): a percentage of n whole subjects can only be one of n + 1 numbers.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from math import ceil, floor

HALF_UP, HALF_EVEN = "half-up", "half-even"
ROUNDINGS = {HALF_UP: ROUND_HALF_UP, HALF_EVEN: ROUND_HALF_EVEN}
NUMBER = r"[+-]?\d+(\.\d+)?"
LARGEST_ENUMERATED = 16  # the number of product-limit values doubles with nearly every subject


def decimals(printed: str) -> int:
    """Digits after the point of a number as printed. Raises ValueError for what is no number."""
    if not re.fullmatch(NUMBER, printed):
        raise ValueError(f"{printed!r} is no number")
    return len(printed.partition(".")[2])


def printed_percent(share: Fraction, places: int, rounding: str = HALF_UP) -> Decimal:
    """100 times a share with that many decimals."""
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return exact.quantize(Decimal(10) ** -places, rounding=ROUNDINGS[rounding])


def counts_that_print(printed: str, n: int) -> dict[str, list[int]]:
    """By rounding: every x of 0..n for which 100 x / n prints as the percentage does."""
    places, value = decimals(printed), Decimal(printed)
    unit = Decimal(10) ** -places
    low, high = (n * (value + side) / 100 for side in (-unit, unit))
    near = range(max(0, floor(low)), min(n, ceil(high)) + 1)
    return {
        rounding: [x for x in near if printed_percent(Fraction(x, n), places, rounding) == value]
        for rounding in ROUNDINGS
    }


def possible_counts(printed: str, n: int) -> list[int]:
    """Every x that prints so under either rounding."""
    return sorted({x for counts in counts_that_print(printed, n).values() for x in counts})


def denominators_that_print(printed: list[str], low: int, high: int) -> list[int]:
    """Every n of low..high of which all the percentages can be."""
    return [n for n in range(max(1, low), high + 1) if all(possible_counts(one, n) for one in printed)]


@cache
def product_limit_values(n: int) -> frozenset[Fraction]:
    """All values a Kaplan-Meier estimate of n subjects can take, over every order of events and censorings with ties.

    Each factor is (r - d) / r with r subjects at risk and d events; after it at most r - d are left. Raises ValueError
    for more than LARGEST_ENUMERATED subjects.
    """
    if n > LARGEST_ENUMERATED:
        raise ValueError(f"{n} subjects are too many to list every value; the limit is {LARGEST_ENUMERATED}")
    values = {Fraction(1)}
    for at_risk in range(1, n + 1):
        for events in range(1, at_risk + 1):
            later = product_limit_values(at_risk - events)
            values |= {Fraction(at_risk - events, at_risk) * value for value in later}
    return frozenset(values)


def product_limits_that_print(printed: str, n: int) -> list[Fraction]:
    """The product-limit values of n subjects that print as the percentage does."""
    places, value = decimals(printed), Decimal(printed)
    found = (v for v in product_limit_values(n) if any(printed_percent(v, places, r) == value for r in ROUNDINGS))
    return sorted(found)
