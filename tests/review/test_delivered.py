"""Lines of delivered files are found by their numbers, which need not be in order; records are taken forwards."""

import numpy as np
import pandas as pd
import pytest

from pipeline.review.delivered import places_of
from pipeline.review.tables import Slices


@pytest.mark.parametrize(("asked", "numbers", "told"), [
    ([2, 5, 3], [2, 3, 5], [0, 2, 1]),
    ([2, 9, 1], [5, 2, 3], [1, -1, -1]),  # lines that the file does not have
    ([2], [], [-1]),
    ([], [2], []),
])  # fmt: skip
def test_a_line_stands_at_the_place_of_its_number(asked, numbers, told):
    assert places_of(np.array(asked, dtype="int64"), np.array(numbers, dtype="int64")).tolist() == told


@pytest.mark.parametrize("size", [1, 4, 7, 30])
def test_slices_are_the_same_in_whatever_pieces_the_records_come_and_what_was_passed_is_let_go(size):
    whole = pd.DataFrame({"A": range(30), "B": [f"text {n % 4}" for n in range(30)]})
    slices = Slices(whole.iloc[at : at + size] for at in range(0, 30, size))

    reached = 0
    for start, stop in ((0, 8), (0, 4), (4, 4), (4, 21), (21, 30)):
        reached = max(reached, stop)
        found = slices.take(start, stop).reset_index(drop=True)
        assert found.equals(whole.iloc[start:stop].reset_index(drop=True)), (start, stop)
        assert sum(map(len, slices.held)) < reached - start + size
