"""Of the columns that the gate holds those asked for last are kept, so many texts and numbers at most; days stay."""

import pandas as pd

from pipeline.gate.checks.held import PARSED, RAW, HeldColumns

TEN, DAY = pd.Series(["a"] * 10, dtype="str"), pd.Series(pd.to_datetime(["2026-01-05"] * 10))


def test_what_was_asked_for_longest_ago_goes_until_no_more_is_held_than_may_be():
    held = HeldColumns()
    held.add(PARSED, "AE", {"A": TEN, "B": TEN, "C": TEN, "D": DAY})
    held.asked(PARSED, "AE", "A")

    assert (held.let_go(30), held.let_go(20), held.let_go(20)) == (0, 10, 0)
    assert [name for name in "ABCD" if (PARSED, "AE", name) in held] == ["A", "C", "D"]


def test_of_what_was_collected_an_eighth_is_kept():
    held = HeldColumns()
    held.add(RAW, "AE", {"A": TEN, "B": TEN})

    assert (held.let_go(160), held.let_go(80)) == (0, 10)
    assert (RAW, "AE", "B") in held


def test_a_column_made_again_takes_the_place_of_the_one_before():
    held = HeldColumns()
    for _ in range(3):
        held.add(PARSED, "AE", {"A": TEN})
    held.add(PARSED, "AE", {"A": DAY})

    assert held.let_go(0) == 0, "days are not counted, and nothing else is left"
