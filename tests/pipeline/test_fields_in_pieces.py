"""Fields are looked at some records at a time: what is told of a whole column is told of all pieces together."""

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.gate.field_checks import check_pieces
from pipeline.gate.fields import OfFields
from pipeline.study.contracts import contract_of

LISTS = pd.DataFrame(
    [("NY", "Y", "Yes"), ("NY", "N", "No"), ("UNIT", "mg", "mg")], columns=["CODELIST", "CODED_VALUE", "DECODE"])
FIELDS = {
    "TERM": {"type": "text", "required": "true"},
    "TEMP": {"type": "decimal", "range": ["34", "43"]},
    "ODD": {"type": "decimal"},
    "DAT": {"type": "date"}, "OLD": {"type": "date"}, "LOST": {"type": "date"},
    "ONGO": {"type": "coded", "codelist": "NY"},
    "DOSU": {"type": "text", "codelist": "UNIT"},
}  # fmt: skip
CONTRACT = contract_of({"form": "F", "date_format": "DD MON YYYY", "fields": FIELDS})
GOOD = {"TERM": "rash", "TEMP": "36.6", "ODD": "1", "DAT": "12 MAR 2025", "OLD": "12 MAR 2025", "LOST": "12 MAR 2025"}
GOOD |= {"ONGO": "Yes", "ONGO_STD": "Y", "DOSU": "mg"}
# Most of OLD is written otherwise than agreed, most of LOST and ODD cannot be read; of DAT one is otherwise, one has a
# zone; two units nobody knows stand on several records; no code of ONGO comes before the fifth record.
NO_CODE = {"ONGO": "Yes", "ONGO_STD": ""}
ROWS = [
    NO_CODE | {"TERM": ""}, NO_CODE | {"DOSU": "pints", "TEMP": "98.6"}, NO_CODE | {"DOSU": "gills", "TEMP": "36,6"},
    NO_CODE | {"TERM": "=1+1", "DOSU": "pints"}, {"ONGO": "No"}, {"ONGO_STD": "Q"}, {"DAT": "2025-03-12"},
    {"DAT": "2025-02-04T23:00:00Z"}, {"DAT": "31 FEB 2025"}, {"DOSU": "pints"},
    {"DAT": "03/04/2025", "DOSU": "ell"}, {},
]  # fmt: skip
COLUMNS = {"OLD": "2025-03-{:02}", "LOST": "{:02} NEVER", "ODD": "1,{:02}"}
ROWS = [row | {name: form.format(n + 1) for name, form in COLUMNS.items() if n > 2} for n, row in enumerate(ROWS)]
SIZES = [1, 2, 7]


def records():
    frame = pd.DataFrame([GOOD | row for row in ROWS], dtype="str")
    keys = {"_FORM": "F", "_FILE": "F.csv", "_SUBJECT": "1010001", "_RECORD": [str(n + 1) for n in range(len(ROWS))]}
    return frame.mask(frame == "").assign(**keys)


def in_pieces(frame, size):
    return lambda: (frame.iloc[at : at + size].reset_index(drop=True) for at in range(0, len(frame), size))


@pytest.mark.parametrize("size", [*SIZES, 100])
def test_each_thing_is_found_once_however_many_records_are_held(size):
    found = check_pieces(in_pieces(records(), size), CONTRACT, LISTS)

    assert [tuple(row) for row in found[["check", "severity", "record", "field", "value"]].to_numpy()] == [
        ("RAW-UNREADABLE", "critical", "", "ODD", ""),
        ("RAW-UNREADABLE", "critical", "", "LOST", ""),
        ("RAW-FORMULA", "major", "4", "TERM", "=1+1"),
        ("RAW-DATEZONE", "minor", "", "DAT", ""),
        ("RAW-REQUIRED", "major", "1", "TERM", ""),
        ("RAW-NUMBER", "major", "3", "TEMP", "36,6"),
        ("RAW-RANGE", "major", "2", "TEMP", "98.6"),
        ("RAW-DATE", "major", "9", "DAT", "31 FEB 2025"),
        ("RAW-DATEFORM", "major", "11", "DAT", "03/04/2025"),
        ("RAW-DATEFORM", "minor", "7", "DAT", "2025-03-12"),
        ("RAW-DATEFORM", "minor", "8", "DAT", "2025-02-04T23:00:00Z"),
        ("RAW-DATEFORM", "minor", "", "OLD", ""),
        *(("RAW-CODELIST", "major", record, "ONGO", "Yes") for record in "1234"),
        ("RAW-CODELIST", "major", "6", "ONGO", "Q"),
        ("RAW-DECODE", "major", "5", "ONGO", "No"),
        ("RAW-CODELIST", "major", "11", "DOSU", "ell"),
        ("RAW-CODELIST", "major", "3", "DOSU", "gills"),
        ("RAW-CODELIST", "major", "", "DOSU", "pints"),
    ]
    told = found[found["record"].eq("")]["message"].tolist()
    for message, part in zip(told, [
        "9 of 12 values of F.ODD cannot be read as numbers: '1,04', '1,05', '1,06'. ",
        "9 of 12 values of F.LOST cannot be read as dates: '04 NEVER', '05 NEVER', '06 NEVER'. ",
        "1 of 12 values of DAT have a zone: '2025-02-04T23:00:00Z'. ",
        "9 of 12 values of OLD are not written as agreed (DD MON YYYY): '2025-03-04', '2025-03-05', '2025-03-06'. ",
        " (3 records, first 2, 4, 10)",
    ], strict=True):  # fmt: skip
        assert part in message


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_told_otherwise_than_of_a_form_that_is_held(size):
    whole = check_pieces(in_pieces(records(), 100), CONTRACT, LISTS)
    pd.testing.assert_frame_equal(check_pieces(in_pieces(records(), size), CONTRACT, LISTS), whole)


@pytest.mark.parametrize("size", SIZES)
def test_what_a_withdrawn_result_lacks_is_asked_of_nobody_wherever_its_state_stands(size):
    """The same key may stand on a line that a result was taken back on, and on another one."""
    filled = {"_FORM": "LABC", "_SUBJECT": "1", "ACCESSION": "A1", "UNITS": None}
    told = [{"_RECORD": record, "STATUS": state} for record, state in zip("778", "FXF", strict=True)]
    rows = pd.DataFrame([filled | one for one in told], dtype="str")
    found = OfFields(specs_of("iomab_act")).found_in("LABC", in_pieces(rows, size))

    asked = found[found["check"].eq("RAW-REQUIRED") & found["field"].eq("UNITS")]
    assert asked["record"].tolist() == ["8"]
