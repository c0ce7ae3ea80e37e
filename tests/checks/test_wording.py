"""A query goes out as it is: named, in one style of dates, without a word twice, with the likely unit."""

import pandas as pd
import pytest

from pipeline.gate.checks.wording import worded
from pipeline.study.contracts import contract_of

CONTRACT = contract_of({
    "form": "AE", "named_by": ["AETERM"],
    "fields": {
        "TEMP": {"unit": "C", "range": ["34", "43"]},
        "WEIGHT": {"unit": "kg", "range": ["30", "250"]},
        "PULSE": {"unit": "beats/min", "range": ["30", "250"]},
    },
})  # fmt: skip
SAID = [
    ("The event starts on 2025-03-12, before 2025-04-01.", "The event starts on 12 MAR 2025, before 01 APR 2025."),
    ("saved at 2025-03-12 10:30:00.", "saved at 12 MAR 2025."),
    ("Date: '2025-03-12' is not in the agreed form.", "Date: '2025-03-12' is not in the agreed form."),
    ("Date is 2025-02-30, which no calendar has.", "Date is 2025-02-30, which no calendar has."),
    ("The lot 12-2025-03-12-7 was infused.", "The lot 12-2025-03-12-7 was infused."),
    ("grade Grade 5 and outcome Fatal", "grade 5 and outcome Fatal"),
    ("Grade 3 is graded", "Grade 3 is graded"),
]
RANGES = [
    ("TEMP", "98.6", " It may be in degrees Fahrenheit (98.6 would be 37.0 C). Please check."),
    ("TEMP", "33", " Please check."),
    ("WEIGHT", "500", " It may be in pounds (500 would be 226.8 kg). Please check."),
    ("WEIGHT", "9", " Please check."),
    ("PULSE", "300", " Please check."),
]


def sent(message, form="AE", check="X", field="", value="", record="1", folder="", position=None):
    query = {"check": check, "form": form, "record": record, "folder": folder, "field": field, "value": value}
    log = {"_RECORD": ["1", "2", "3"], "AETERM": ["Tachycardia", None, "Pyrexia"], "RECORDPOS": position}
    raw = {"AE": pd.DataFrame(log, dtype="str")}
    return worded(pd.DataFrame([{**query, "message": message}], dtype="str"), raw, {"AE": CONTRACT, "VS": CONTRACT})[
        "message"
    ].item()


@pytest.mark.parametrize(("written", "goes_out"), SAID)
def test_dates_are_in_one_style_and_no_word_stands_twice(written, goes_out):
    assert sent(written, form="VS") == goes_out


@pytest.mark.parametrize(("field", "value", "end"), RANGES)
def test_a_value_that_fits_another_unit_says_which(field, value, end):
    said = sent(f"{field}: {value} is outside. Please check.", "VS", "RAW-RANGE", field, value)

    assert said == f"{field}: {value} is outside.{end}"


@pytest.mark.parametrize(
    ("message", "record", "said"),
    [
        ("Severity is required and empty.", "1", "Tachycardia: Severity is required and empty."),
        ("tachycardia ends before it starts.", "1", "tachycardia ends before it starts."),
        ("Severity is required and empty.", "2", "Severity is required and empty."),
        ("Severity is required and empty.", "9", "Severity is required and empty."),
    ],
)
def test_the_record_of_a_log_is_named_by_its_event(message, record, said):
    assert sent(message, record=record) == said


@pytest.mark.parametrize(
    ("message", "record", "said"),
    [
        ("Severity is required and empty.", "3", "AE 7: Pyrexia: Severity is required and empty."),
        ("Pyrexia ends before it starts.", "3", "AE 7: Pyrexia ends before it starts."),
        ("Severity is required and empty.", "2", "Severity is required and empty."),
        ("Pyrexia came later (record 1).", "3", "AE 7: Pyrexia came later (AE 4: Tachycardia, record 1)."),
        ("Pyrexia is the same as record 1.", "3", "AE 7: Pyrexia is the same as record 1 (AE 4: Tachycardia)."),
        ("Pyrexia came later (record 9).", "3", "AE 7: Pyrexia came later (record 9)."),
    ],
)
def test_an_event_is_named_by_its_number_in_the_form_and_its_term(message, record, said):
    assert sent(message, record=record, position=["4", "5", "7"]) == said


def test_a_query_on_what_is_not_there_names_the_visit():
    assert sent("The visit was held.", "VS", record="", folder="D30") == "Visit D30: The visit was held."
