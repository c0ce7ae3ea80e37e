"""What a page prints of each result is heard, number by number, and by nobody who does not listen."""

import pandas as pd
import pytest

from tlf.lines import p_value
from tlf.results import COLUMNS, Address, Found
from tlf.shell import cell, heard


def found(**statistics):
    rows = [dict.fromkeys(COLUMNS, "") | {"ROW": "any", "COLUMN": "A", "STATISTIC": name, "VALUE": value}
            for name, value in statistics.items()]  # fmt: skip
    return Found(pd.DataFrame(rows)).statistics(Address("", "any"), "A")


@pytest.mark.parametrize(
    ("show", "statistics", "told"),
    [
        ("{n:xx} ({pct:xx.x})", {"n": 8.0, "N": 12.0}, [("n", "8"), ("pct", "66.7")]),
        ("{n:xx} ({pct:xx.x})|{n:xx}", {"n": 0.0, "N": 12.0}, [("n", "0")]),
        ("{estimate%:x.x}", {"estimate": 0.25}, [("estimate", "25.0")]),
        ("{n/N%:x.x}", {"n": 1.0, "N": 4.0}, [("pct", "25.0")]),
        ("{median:x.x}", {"median": float("nan")}, [("median", "-")]),
    ],
)
def test_each_number_of_a_cell_is_heard_with_its_result(show, statistics, told):
    values = found(**statistics)
    with heard() as said:
        cell(show, {"group": "Part A", **values})

    assert [(one.at[-1], one.text) for one in said] == told
    assert {one.at[:-1] for one in said} == {("", "any", "", "A")}


def test_a_p_value_too_small_to_print_is_heard_as_it_is_printed():
    with heard() as said:
        p_value(found(p_value=1e-5))

    assert [(one.at[-1], one.text) for one in said] == [("p_value", "<0.001")]


def test_nobody_hears_what_is_printed_before_or_after():
    values = found(n=8.0)
    cell("{n:x}", values)
    with heard() as said:
        pass
    cell("{n:x}", values)

    assert said == []
