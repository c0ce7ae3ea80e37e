"""Field checks of a raw contract: what great-expectations is asked, and what a data manager is told."""

import pandas as pd
import pytest

from pipeline.gate.field_checks import check_fields, check_forms
from pipeline.study.contracts import contract_of

CODELISTS = pd.DataFrame({"CODELIST": ["NY", "NY"], "CODED_VALUE": ["Y", "N"], "DECODE": ["Yes", "No"]})
FIELDS = {
    "TERM": {"label": "Term", "type": "text", "required": "true"},
    "TEMP": {"label": "Temperature", "type": "decimal", "unit": "C", "range": ["34", "43"]},
    "AGE": {"label": "Age", "type": "integer"},
    "DAT": {"label": "Date", "type": "date"},
    "TIM": {"label": "Time", "type": "time"},
    "ONGO": {"label": "Ongoing?", "type": "coded", "codelist": "NY"},
    "FLAG": {"label": "Flag", "type": "text", "codelist": "NY"},
    "LOT": {"label": "Lot", "type": "text", "pattern": "[A-Z]{2}[0-9]+"},
}
CONTRACT = contract_of({"form": "F", "fields": FIELDS})
GOOD = {"TERM": "rash", "TEMP": "36.6", "AGE": "50", "DAT": "12 MAR 2025", "TIM": "08:30", "ONGO": "Yes"}
GOOD |= {"ONGO_STD": "Y", "FLAG": "Y", "LOT": "AX12"}


def records(*rows):
    """Raw records: the good one, changed."""
    frame = pd.DataFrame([GOOD | row for row in rows], dtype="str")
    keys = {"_FORM": "F", "_SUBJECT": "1010001", "_RECORD": [str(n + 1) for n in range(len(rows))]}
    return frame.mask(frame == "").assign(**keys)


@pytest.mark.parametrize(
    ("change", "check", "field", "value"),
    [
        ({"TERM": ""}, "RAW-REQUIRED", "TERM", ""),
        ({"TEMP": "37,1"}, "RAW-NUMBER", "TEMP", "37,1"),
        ({"AGE": "50.5"}, "RAW-NUMBER", "AGE", "50.5"),
        ({"TEMP": "98.6"}, "RAW-RANGE", "TEMP", "98.6"),
        ({"DAT": "31 FEB 2025"}, "RAW-DATE", "DAT", "31 FEB 2025"),
        ({"DAT": "2025-02-31"}, "RAW-DATE", "DAT", "2025-02-31"),
        ({"TIM": "25:70"}, "RAW-TIME", "TIM", "25:70"),
        ({"ONGO": "Maybe", "ONGO_STD": "M"}, "RAW-CODELIST", "ONGO", "M"),
        ({"ONGO": "No", "ONGO_STD": "Y"}, "RAW-DECODE", "ONGO", "No"),
        ({"ONGO": "Yes", "ONGO_STD": ""}, "RAW-CODELIST", "ONGO", "Yes"),
        ({"FLAG": "Q"}, "RAW-CODELIST", "FLAG", "Q"),
        ({"LOT": "12"}, "RAW-PATTERN", "LOT", "12"),
    ],
)
def test_a_wrong_value_is_found_on_its_record_and_field(change, check, field, value):
    found = check_fields(records({}, change, {}), CONTRACT, CODELISTS)
    assert found[["check", "record", "field", "value"]].values.tolist() == [[check, "2", field, value]]


@pytest.mark.parametrize(("given", "asked"), [
    ({"ONGO": "No", "ONGO_STD": "N"}, ["LOT"]), ({}, []), ({"ONGO": "No", "ONGO_STD": "N", "LOT": "AX1"}, []),
])  # fmt: skip
def test_a_value_may_be_required_of_some_records_only(given, asked):
    lot = {"type": "text", "required_where": 'ONGO == "No" or AGE > 90'}
    contract = contract_of({"form": "F", "fields": FIELDS | {"LOT": lot}})
    found = check_fields(records({"LOT": ""} | given), contract, CODELISTS)
    assert found[["check", "field"]].to_numpy().tolist() == [["RAW-REQUIRED", field] for field in asked]


@pytest.mark.parametrize(
    "noise",
    [
        {"ONGO": "YES"}, {"ONGO": "yes"}, {"FLAG": "yes"}, {"DAT": "12 mar 2025"}, {"DAT": "2025/03/12"},
        {"DAT": "UN MAR 2025"}, {"DAT": "UN UNK UNK"}, {"TEMP": "34"}, {"TEMP": "43"}, {"TEMP": ""},
    ],
)  # fmt: skip
def test_cosmetic_noise_is_no_finding(noise):
    assert check_fields(records({}, noise), CONTRACT, CODELISTS).empty


def test_each_expectation_is_told_with_how_many_records_it_looked_at():
    told = check_forms({"F": records({}, {"TEMP": "98.6"}, {"TEMP": ""})}, {"F": CONTRACT}, CODELISTS)[1]
    limits = told[(told["field"] == "TEMP") & (told["check"] == "RAW-RANGE")]
    assert limits[["expected", "records", "unexpected"]].values.tolist() == [["between 34 and 43", 2, 1]]
