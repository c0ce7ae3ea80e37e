"""What is said of each distinct value stands on every record that has it, a missing one too."""

import pandas as pd
import pytest

from pipeline.ground.distinct import alike, among, beginning, matching, on_distinct, on_distinct_rows, on_texts


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


def test_a_negative_zero_is_another_number_than_zero():
    numbers = pd.Series([0.0, -0.0, None, 0.0], index=[4, 2, 7, 1])

    assert on_distinct(numbers, lambda one: one.astype("str")).fillna("-").to_dict() == {
        4: "0.0", 2: "-0.0", 7: "-", 1: "0.0"}


def test_of_rows_that_are_alike_one_is_asked_and_all_are_told():
    asked = []
    rows = pd.DataFrame({"A": ["x", "x", None, "x", None], "B": ["1", "2", "1", "1", "1"]}, index=[5, 3, 8, 1, 2])

    told = on_distinct_rows(rows, lambda one: asked.extend(one["B"]) or one["A"] + one["B"])

    assert asked == ["1", "2", "1"]
    assert told.fillna("-").to_dict() == {5: "x1", 3: "x2", 8: "-", 1: "x1", 2: "-"}


def test_records_are_alike_by_all_columns_however_many_there_are():
    columns = [pd.Series([number >> place & 1 == 1 for number in (0, 1, 2**69, 0, 2**69)]) for place in range(70)]

    assert alike(columns).tolist() == [0, 1, 2, 0, 2]


def test_what_is_said_of_a_text_is_missing_where_nothing_is():
    values = pd.Series(["a", None, "b", "a"], dtype="str", name="X")

    told = on_texts(values, {"a": "A", "b": ""}.get)

    assert told.fillna("-").tolist() == ["A", "-", "-", "A"]
    assert (told.dtype, told.name) == (values.dtype, "X")


class Asked(frozenset):
    """A set that notes what is looked up in it."""

    looked: list[str]

    def __contains__(self, text):
        self.looked.append(text)
        return super().__contains__(text)


@pytest.mark.parametrize("dtype", ["str", "category"])
@pytest.mark.parametrize("texts, expected", [
    (["a", "b", None, "a"], [True, False, False, True]), ([None], [False]), ([], []),
])  # fmt: skip
def test_of_many_texts_only_the_distinct_are_looked_up_among_those_known(texts, expected, dtype):
    known = Asked(("a", "c"))
    known.looked = []
    assert among(pd.Series(texts, dtype="str").astype(dtype), known).tolist() == expected
    assert known.looked == [text for text in dict.fromkeys(texts) if text]
