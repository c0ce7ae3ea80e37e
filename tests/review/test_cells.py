"""Every printed number of a table or a figure knows the result rows that it is made of."""

import json

import pandas as pd
import pytest

from pipeline.review.cells import Cells, group_of, selections
from tlf.model import Row


def cells(*labels):
    """The cells of result rows by the labels of row and column."""
    rows = pd.DataFrame(labels, columns=["ROWID", "GROUP"]).assign(
        SET="saf", ROW="r", COLUMN="c", LEVEL="", STATISTIC="n", VALUE=1.0, VALUEC="", NOTE="", DATASET="adae",
        POPULATION="", WHERE=[f"X == {n}" for n in range(len(labels))],
    )  # fmt: skip
    return Cells(rows, set(rows.index))


COUNTS = cells(("Any CRS", "A"), ("Any CRS", "B"), ("Curve", "A"), ("Curve", "B"))
ACROSS = cells(("Subjects", "A"), ("Across / S-1", "A"), ("Up / S-1", "A"), ("Subject / S-2", "A"))
STACKS = cells(("Assessed / CRS", "All"), ("Grade 1 / CRS", "All"))


@pytest.mark.parametrize(("known", "key", "printed", "labels", "group", "told"), [
    (COUNTS, "Any CRS", ("Any CRS", "1", "2"), ["", "A", "B"], "Any CRS", [-1, 0, 1]),
    (COUNTS, "Any CRS", ("Any CRS", "", "2"), ["", "A", "B"], "Any CRS", [-1, -1, 1]),
    (COUNTS, "Curve", ("B (N=3)", "3", "2"), ["Group", "0", "6"], "B", [-1, 3, 3]),  # numbers at risk
    (COUNTS, "Curve", ("C", "3", "2"), ["Group", "0", "6"], "C", [-1, -1, -1]),
    (ACROSS, "1", ("1", "0.5", "2"), ["Subject", "x", "y"], "A", [-1, 1, 2]),  # a point of a scatter
    (ACROSS, "Subject", ("Lines", "9"), ["Group", "n"], "A", [-1, 0]),
    (STACKS, "", ("7", "50", "8"), ["CRS", "Assessed", "Grade 1"], "7", [-1, 0, 1]),  # a day of a stack
    (COUNTS, "Heading", ("Heading",), ["", "A"], "Heading", [-1]),
])  # fmt: skip
def test_a_printed_cell_knows_its_number(known, key, printed, labels, group, told):
    assert known.row(Row(printed, key=key), labels, group) == told


@pytest.mark.parametrize("text", ["DL1", "DL1 (N=3)", "DL1 (N=3 of 4)"])
def test_a_group_is_known_without_its_size(text):
    assert group_of(text) == "DL1"


def test_a_cell_says_its_statistics_and_what_selects_its_records_once():
    rows = pd.DataFrame({
        "ROWID": "R", "GROUP": "A", "SET": "saf", "ROW": "r", "COLUMN": "a", "LEVEL": "",
        "STATISTIC": ["n", "N", "text"], "VALUE": [2.0, None, None],
        "VALUEC": ["", "", "two"], "NOTE": ["", "no subject", ""], "DATASET": "adae",
        "POPULATION": "P == 1", "WHERE": ["X == 1", "", "X == 1"],
    })  # fmt: skip

    made = Cells(rows, {0, 2})
    told = selections(rows.assign(OUTPUT="T-1"))

    assert json.loads(made.told[0].as_json) == {
        "a": ["saf", "r", "a"], "l": ["R", "A"], "s": [["n", "", "2", ""], ["N", "", "", "no subject"]], "b": [0],
    }  # fmt: skip
    assert made.selections == [("adae", "P == 1", "X == 1")] == told["T-1"]
