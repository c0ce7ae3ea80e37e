"""Footnotes say the decisions in force, and nothing of a rule that holds for nobody."""

import pytest

from tlf.decided import footnotes


@pytest.mark.parametrize(
    ("said", "least", "expected"),
    [
        ("No share where fewer than @PERCENT_MIN_N subjects.", 10, "No share where fewer than 10 subjects."),
        ("No share where fewer than @PERCENT_MIN_N subjects.", 0, None),
        ("Once a line. No share where fewer than @PERCENT_MIN_N. Missing: none.", 0, "Once a line. Missing: none."),
        ("Percentages of the column; none where it has fewer than @PERCENT_MIN_N.", 0, "Percentages of the column."),
        ("Of grade @PERCENT_MIN_N.", 0, "Of grade 0."),
    ],
)
def test_a_clause_on_fewer_than_none_is_left_out(said, least, expected):
    assert footnotes((said,), {"percent_min_n": least}) == ((expected,) if expected else ())
