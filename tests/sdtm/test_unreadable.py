"""A domain is not made of a column that cannot be read: which columns of a sheet and of study.yaml are looked at."""

import pandas as pd
import pytest

from pipeline.ground.faults import ColumnError
from pipeline.ground.metadata import StudySettings
from pipeline.ground.readable import column_fault
from sdtm.mapping.sheet import MappingRow
from sdtm.mapping.unreadable import refuse_unreadable

GOOD = {"date": "12 MAR 2025", "number": "1.5", "result": "POSITIVE"}
BAD = {"date": "31 FEB 2025", "number": "POSITIVE", "result": "1,5"}
NO_PLACES = StudySettings()


def fault(rule="assign", study=NO_PLACES, **values):
    """What is said of a form with the fields A, B and C, ten records each; unless given, nothing was entered."""
    fields = {name: [values.get(name)] * 10 for name in "ABC"}
    raw = {"F": pd.DataFrame(fields | {"_FORM": "F", "_FILE": "F.csv"}, dtype="str")}
    try:
        refuse_unreadable([MappingRow("F", "", "X", rule, ["A", "B", "C"], "", 2, "x.csv")], raw, study)
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


@pytest.mark.parametrize(("value", "cure"), [
    ("1,5", "declare the decimal sign"), ("1.234,50", "declare the decimal sign"), ("8 mg/kg", "map it as text"),
    ("one tablet", "map it as text"),
])  # fmt: skip
def test_the_cure_of_a_column_without_numbers_is_for_what_it_holds(value, cure):
    records = pd.DataFrame({"A": [value] * 10, "_FORM": "F", "_FILE": "F.csv"}, dtype="str")
    told = column_fault(records, "A", "number")
    assert told is not None and told.cure.startswith(cure)


ONE, MANY = ("F.A",), ("F.B", "F.A", "G.A", "F.NONE")


@pytest.mark.parametrize(("name", "places", "other"), [
    ("entered", ONE, ("F.B",)), ("entered", MANY, ()), ("death", ONE, ("F.B",)), ("death", MANY, ()),
    ("anchor", "F.A", "F.B"),
])  # fmt: skip
def test_the_dates_that_study_yaml_names_are_looked_at_too(name, places, other):
    named, elsewhere = StudySettings(**{name: places}), StudySettings(**{name: other})
    assert "F.A cannot be read as dates" in fault(study=named, A=BAD["date"])
    assert fault(study=named, A=GOOD["date"]) == ""
    assert fault(study=elsewhere, A=BAD["date"]) == ""
