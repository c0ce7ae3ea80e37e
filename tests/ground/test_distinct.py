"""What is said of each distinct value stands on every record that has it, a missing one too."""

import pandas as pd
import pytest

from pipeline.ground.distinct import beginning, matching, on_distinct


@pytest.mark.parametrize("dtype", ["str", "object"])
def test_a_value_is_asked_once_and_told_on_each_of_its_records(dtype):
    asked = []
    values = pd.Series(["b", "a", None, "b", None], index=[5, 3, 8, 1, 2], dtype=dtype, name="X")

    told = on_distinct(values, lambda one: asked.extend(one.fillna("-")) or one.str.upper())

    assert asked == ["b", "a", "-"]
    assert told.fillna("-").to_dict() == {5: "B", 3: "A", 8: "-", 1: "B", 2: "-"}
    assert (told.dtype, told.name) == (values.dtype, "X")


def test_a_missing_text_matches_nothing_and_begins_like_nothing():
    values = pd.Series(["12", "12a", None], dtype="str")

    assert matching(values, r"\d+").tolist() == [True, False, False]
    assert beginning(values, r"\d+").tolist() == [True, True, False]
    assert on_distinct(values[:0], lambda one: one.str.upper()).empty
