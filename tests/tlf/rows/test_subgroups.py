"""Rows of kind `subgroups`, in a table and as lines of a forest plot.

Exact limits as R prints them: binom.test(1, 2) 1.3 to 98.7, binom.test(2, 3) 9.4 to 99.2, binom.test(0, 1) 0.0 to 97.5.
"""

import numpy as np
import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects
from walk import counted_again, parts_of_wholes

from tlf import families
from tlf.templates import categories, forest

CR = {"of": "adrs", "where": 'AVALC == "CR"'}
ROWS = [{"count": "All"} | CR, {"subgroups": "Age", "within": "AGEGR1"} | CR,
        {"subgroups": "Sex", "within": "SEX", "values": [{"value": "F", "label": "Women"}, "X"]} | CR]
ADSL = subjects(6, AGEGR1=["<65", ">=65", ">=65", ">=65", "<65", np.nan], AGEGR1N=[1.0, 2.0, 2.0, 2.0, 1.0, np.nan],
                SEX=["F", "F", "F", "M", "M", "M"])  # fmt: skip
BOR = records("BOR", [1, 2, 3, 4, 5], AVALC=["CR", "CR", "CR", "PR", "PR"])
DATA = {"adsl": ADSL, "adrs": BOR, "decisions": DECISIONS}


def test_a_table_has_the_share_in_each_subgroup_in_the_order_of_its_numbers_then_those_without_a_value():
    output = shell(rows=ROWS)
    results = families.results(categories, output, DATA)
    rows = printed(families.page(categories, output, results))
    assert list(rows) == ["All", "Age", "<65", ">=65", "Missing", "Sex", "Women", "X", "M"]
    assert rows["<65"] == ("1/2 (50.0) [1.3, 98.7]",)
    assert rows[">=65"] == ("2/3 (66.7) [9.4, 99.2]",)
    assert rows["Missing"] == ("0/1 (0.0) [0.0, 97.5]",)
    assert rows["Women"] == ("3/3 (100) [29.2, 100.0]",)
    assert rows["X"] == ("-",)  # named by the shell, had by nobody
    assert counted_again(results, DATA) == [] and parts_of_wholes(results) == []


def test_a_forest_plot_has_all_subjects_first_and_a_line_for_each_subgroup_below_its_variable():
    output = shell(family="forest", rows=ROWS)
    results = families.results(forest, output, DATA)
    panel = families.page(forest, output, results).panels[0]
    assert [(row.label, row.indent, row.header) for row in panel.rows[:4]] == [
        ("All", 0, False), ("Age", 0, True), ("<65", 1, False), (">=65", 1, False)]  # fmt: skip
    assert panel.rows[2].texts == ("1/2", "50.0 (1.3, 98.7)")
    assert panel.rows[2].lower == pytest.approx(1.26, abs=0.005)
    assert panel.reference == 50.0  # that of all
    assert counted_again(results, DATA) == []


def test_without_anybody_every_line_is_empty():
    output = shell(family="forest", rows=ROWS, population={"where": 'SAFFL == "Y"', "label": ""})
    results = families.results(forest, output, DATA | {"adsl": ADSL.assign(SAFFL="N")})
    assert all(np.isnan(row.estimate) for row in families.page(forest, output, results).panels[0].rows)
