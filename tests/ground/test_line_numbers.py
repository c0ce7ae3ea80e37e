"""Numbers of lines are packed, unpacked and put together as they were, in few bytes, be they many or far apart."""

import numpy as np
import pytest

from pipeline.ground.line_numbers import packed, packed_together, unpacked

CASES = [
    ([], 1), ([1], 17), ([2, 3, 4, 7], 17), ([9, 2, 9, 5], 4), (range(1, 1_000_001), 17), (range(2, 1_000_002), 17),
    (range(3, 3_000_000, 3), 1_000_001), ([5, 5 + 300, 5 + 600], 7), ([70_000, 140_001], 9), ([2, 2 + 2**33], 17),
    ([*range(2, 5000), *range(5500, 9000)], 33),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "most"), CASES)
def test_lines_are_what_they_were_and_take_few_bytes(lines, most):
    content = packed(np.array(lines, dtype="int64"))

    assert unpacked(content).tolist() == sorted(set(lines))
    assert len(content) <= most


# A byte is held for each line of the file: the case of a file of 8 billion lines is left out.
@pytest.mark.parametrize("lines", [lines for lines, most in CASES if max(lines, default=0) < 2**33])
@pytest.mark.parametrize(("count", "piece"), [(1, 1 << 20), (3, 1000)])
def test_what_parts_say_of_their_lines_put_together_is_what_is_said_of_all(lines, count, piece, monkeypatch):
    monkeypatch.setattr("pipeline.ground.line_numbers.PIECE", piece)
    whole = np.array(lines, dtype="int64")
    parts = [packed(whole[whole // 3 % count == part]) for part in range(count)]

    assert packed_together(parts) == packed(whole)
