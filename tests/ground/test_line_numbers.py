"""Numbers of lines are packed and unpacked as they were, in few bytes whether they are many, few or far apart."""

import numpy as np
import pytest

from pipeline.ground.line_numbers import packed, unpacked


@pytest.mark.parametrize(("lines", "most"), [
    ([], 1), ([1], 17), ([2, 3, 4, 7], 17), ([9, 2, 9, 5], 4), (range(1, 1_000_001), 17), (range(2, 1_000_002), 17),
    (range(3, 3_000_000, 3), 1_000_001), ([5, 5 + 300, 5 + 600], 7), ([70_000, 140_001], 9), ([2, 2 + 2**33], 17),
    ([*range(2, 5000), *range(5500, 9000)], 33),
])  # fmt: skip
def test_lines_are_what_they_were_and_take_few_bytes(lines, most):
    content = packed(np.array(lines, dtype="int64"))

    assert unpacked(content).tolist() == sorted(set(lines))
    assert len(content) <= most
