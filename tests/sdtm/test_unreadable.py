"""A domain is not made of a column that cannot be read: which columns of a sheet and of study.yaml are looked at."""

import pandas as pd
import pytest

from pipeline.ground.faults import ColumnError
from sdtm.mapping.sheet import MappingRow
from sdtm.mapping.unreadable import refuse_unreadable

GOOD = {"date": "12 MAR 2025", "number": "1.5", "result": "POSITIVE"}
BAD = {"date": "31 FEB 2025", "number": "POSITIVE", "result": "1,5"}


def fault(rule="assign", study=None, **values):
    """What is said of a form with the fields A, B and C, ten records each; unless given, nothing was entered."""
    fields = {name: [values.get(name)] * 10 for name in "ABC"}
    raw = {"F": pd.DataFrame(fields | {"_FORM": "F", "_FILE": "F.csv"}, dtype="str")}
    try:
        refuse_unreadable([MappingRow("F", "", "X", rule, ["A", "B", "C"], "", 2, "x.csv")], raw, study or {})
    except ColumnError as error:
        return error.what
    return ""


@pytest.mark.parametrize(("rule", "kind", "read"), [
    ("assign_datetime", "date", "A"), ("day_of_date", "date", "A"), ("days_between", "date", "AB"),
    ("months_between", "date", "AB"), ("assign_number", "number", "A"), ("assign_result", "result", "A"),
    ("assign", "number", ""),
])  # fmt: skip
def test_a_rule_looks_at_the_fields_it_reads_as_dates_or_numbers(rule, kind, read):
    named = "dates" if kind == "date" else "numbers"
    for field in "ABC":
        told = fault(rule, **{field: BAD[kind]})
        assert (f"F.{field} cannot be read as {named}" in told, told != "") == (field in read, field in read)
        assert fault(rule, **{field: GOOD[kind]}) == ""


@pytest.mark.parametrize("name", ["entered", "death", "anchor"])
@pytest.mark.parametrize("places", ["F.A", ["F.B", "F.A", "G.A", "F.NONE"]])
def test_the_dates_that_study_yaml_names_are_looked_at_too(name, places):
    assert "F.A cannot be read as dates" in fault(study={name: places}, A=BAD["date"])
    assert fault(study={name: places}, A=GOOD["date"]) == ""
    assert fault(study={name: "F.B"}, A=BAD["date"]) == ""
