"""Derived quantities beside published bounds: as exact arithmetic on the collected decimals has it."""

import operator
import random
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from pipeline.ground.bounds import above, at_least, at_most, below, equal

EXACT = {at_least: operator.ge, above: operator.gt, at_most: operator.le, below: operator.lt, equal: operator.eq}


@pytest.mark.parametrize(("value", "bound"), [
    (15.6 * 8.0, 1.5 * 10.4 * 8.0), (20.2 * 6.0, 0.5 * 20.2 * 12.0), (0.1 + 0.2, 0.3), (3.3, 1.1 * 3), (0, 0),
    (4.35 * 100, 435), (1.1 + 2.2, 3.3), (-0.3, -0.1 * 3),
])  # fmt: skip
def test_at_a_bound_binary_rounding_decides_nothing(value, bound):
    assert (at_least(value, bound), at_most(value, bound), equal(value, bound)) == (True, True, True)
    assert (above(value, bound), below(value, bound)) == (False, False)


@pytest.mark.parametrize("compare", EXACT)
def test_sums_products_and_multiples_compare_as_exact_fractions(compare):
    draw = random.Random(7)
    quantities, bounds, exact = [], [], []
    for _ in range(20_000):
        a, b, c = (Fraction(draw.randint(1, 999), 10) for _ in range(3))
        multiple = Fraction(draw.choice(["1.5", "0.5", "1.1", "0.75", "2.5", "3"]))
        near = draw.choice([-1, 0, 0, 1]) * Fraction(1, 100)  # the least step that products of such sizes can differ by
        total, bound = a * b + c, multiple * a * b
        total = draw.choice([total, bound + near])
        quantities.append(float(a) * float(b) + float(c) if total == a * b + c else float(total))
        bounds.append(float(multiple) * float(a) * float(b))
        exact.append(EXACT[compare](total, bound))
    assert compare(pd.Series(quantities), pd.Series(bounds)).tolist() == exact


@pytest.mark.parametrize("compare", EXACT)
def test_a_missing_value_or_bound_meets_nothing(compare):
    assert compare(pd.Series([np.nan, 1.0]), pd.Series([1.0, np.nan])).tolist() == [False, False]


def test_an_open_end_is_beyond_every_number():
    assert (above(np.inf, 5.0), below(5.0, np.inf), at_least(5.0, -np.inf)) == (True, True, True)
