"""A value as people write it."""

import pytest

from pipeline.ground.words import value_text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1730990.0, "1730990"),  # copies of a transgene: six digits are not enough
        (1730990.25, "1730990.25"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (5.130000000000001, "5.13"),
        (2.5e15, "2500000000000000"),
        (1e-300, "1e-300"),
        ("HIGH", "HIGH"),
        (7, "7"),
    ],
)
def test_a_number_is_written_in_full_without_floating_noise(value, expected):
    assert value_text(value) == expected
