"""A table of Arrow becomes the frame that pandas makes of it, its texts kept once."""

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.engine.text_columns import as_frame


def encoded(texts):
    return pa.array(texts, pa.large_string()).dictionary_encode()


@pytest.mark.parametrize("pieces", [
    [["b", None, "a"], ["a", "", "c"]],  # two row groups, each with a dictionary of its own
    [[None, None, None]], [[]], [],
])  # fmt: skip
def test_texts_are_those_of_all_row_groups_in_their_order(pieces):
    table = pa.table({"X": pa.chunked_array([encoded(one) for one in pieces], encoded([]).type)})

    told = [text for one in pieces for text in one]

    pd.testing.assert_frame_equal(as_frame(table), pd.DataFrame({"X": pd.Series(told, dtype="str")}))


def test_what_is_no_text_is_as_pandas_has_it_in_its_place():
    plain = pa.table({"N": [1.5, None], "X": ["a", "a"], "D": pa.array([0, None], pa.timestamp("s")), "I": [1, 2]})
    table = plain.set_column(1, "X", encoded(["a", "a"]))

    made = as_frame(table)

    pd.testing.assert_frame_equal(made, plain.to_pandas().astype({"X": "str"}))
    assert made["X"][0] is made["X"][1]
