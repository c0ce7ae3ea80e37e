"""A domain made elsewhere is held to its spec: what it lacks is told, what is otherwise is read where certain."""

import pandas as pd
import pytest

from pipeline.ground.metadata import DatasetSpec, Variable
from sdtm.delivered import delivered

TERMS = pd.DataFrame(
    [("NY", "N", "Yes", "Y", "", ""), ("NY", "N", "No", "N", "", "")],
    columns=["codelist", "extensible", "collected", "submission", "code", "label"],
)
VARIABLES = (
    Variable("STUDYID", core="Req"), Variable("USUBJID", core="Req"), Variable("AESEQ", type="integer", core="Req"),
    Variable("AETERM", core="Req"), Variable("AESER", core="Exp", codelist="NY"), Variable("AESTDTC", core="Exp"),
    Variable("AESTDY", type="number"),
)  # fmt: skip
SPEC = DatasetSpec(dataset="AE", keys=("STUDYID", "USUBJID", "AESEQ"), variables=VARIABLES)
PEOPLE = pd.Series(["S-1", "S-2"])


def records(text):
    """Records as delivered, from rows under a header; a point is missing."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    frame = frame.mask(frame == ".")
    subject = frame.get("USUBJID", pd.Series(None, index=frame.index, dtype="str"))
    number = pd.Series(range(1, len(frame) + 1))
    named = "record " + number.astype("str")
    return frame.assign(_SUBJECT=subject, _FORM="AE", _FILE="ae.xpt", _LINE=number, _RECORD=named)


def held(text):
    return delivered(records(text), SPEC, TERMS, PEOPLE)


def told(found):
    return sorted(zip(found["check"], found["severity"], found["field"], strict=True))


WHOLE = """
    STUDYID | USUBJID | AESEQ | AETERM | AESER | AESTDTC    | AESTDY
    S       | S-1     | 1     | Fever  | Y     | 2025-03    | 3
"""


def test_a_domain_as_its_spec_says_is_read_without_a_finding():
    made, found = held(WHOLE)

    assert made[["AESEQ", "AESTDTC", "AESTDY"]].values.tolist() == [[1.0, "2025-03", 3.0]]
    assert told(found) == []


def test_what_was_not_delivered_is_empty_and_told_by_its_core():
    made, found = held("STUDYID|USUBJID|AESEQ|AETERM|AEXTRA\nS|S-1|1|Fever|x")

    assert made[["AESER", "AESTDTC", "AESTDY"]].isna().all(axis=None)
    assert "AEXTRA" not in made
    assert told(found) == [
        ("SDTM-UNUSED", "info", ""), ("SDTM-VARIABLE", "info", "AESTDY"), ("SDTM-VARIABLE", "minor", "AESER AESTDTC"),
    ]  # fmt: skip


@pytest.mark.parametrize(("written", "read", "check"), [
    ("2025-03-12T08:30", "2025-03-12T08:30", []), ("2025", "2025", []), ("2025---12", "2025---12", []),
    ("23812", "2025-03-12", ["SDTM-DATEFORM"]),  # SAS: days since 1 January 1960
    ("2057387400", "2025-03-12T08:30:00", ["SDTM-DATEFORM"]),  # SAS: seconds since then
    ("12MAR2025", "2025-03-12", ["SDTM-DATEFORM"]), ("unknown day", "unknown day", ["SDTM-DATE"]),
])  # fmt: skip
def test_a_date_that_is_not_iso_is_read_where_that_is_certain(written, read, check):
    made, found = held(f"STUDYID|USUBJID|AESEQ|AETERM|AESER|AESTDTC|AESTDY\nS|S-1|1|Fever|Y|{written}|3")

    assert made["AESTDTC"].tolist() == [read]
    assert found["check"].tolist() == check


def test_what_is_no_number_is_missing_and_told_once_per_value():
    made, found = held("""
        STUDYID | USUBJID | AESEQ | AETERM | AESER | AESTDTC | AESTDY
        S       | S-1     | 1.0   | Fever  | Y     | 2025    | about 3
        S       | S-1     | 2     | Cough  | Y     | 2025    | about 3
        S       | S-1     | 3     | Cough  | Y     | 2025    | 4
    """)

    assert made["AESTDY"].isna().tolist() == [True, True, False]
    assert found[["check", "field", "value"]].values.tolist() == [["SDTM-TYPE", "AESTDY", "about 3"]]
    assert "(2 records" in found["message"].iloc[0]


def test_another_spelling_of_a_term_is_the_term_and_told():
    made, found = held(f"{WHOLE.replace('Y    ', 'Yes  ')}    S | S-1 | 2 | Cough | MAYBE | 2025 | 3")

    assert made["AESER"].tolist() == ["Y", "MAYBE"]
    assert told(found) == [("SDTM-TERM", "info", "AESER")]


def test_records_of_nobody_and_second_records_of_a_key_are_left_out_and_told():
    made, found = held("""
        STUDYID | USUBJID | AESEQ | AETERM | AESER | AESTDTC | AESTDY
        S       | S-1     | 1     | Fever  | Y     | 2025    | 3
        S       | S-9     | 1     | Fever  | Y     | 2025    | 3
        S       | .       | 1     | Fever  | Y     | 2025    | 3
        S       | S-1     | 1     | Cough  | Y     | 2025    | 3
    """)

    assert made["AETERM"].tolist() == ["Fever"]
    assert found[["check", "record"]].values.tolist() == [
        ["SDTM-SUBJECT", "record 3"], ["SDTM-SUBJECT", "record 2"], ["SDTM-REPEAT", "record 4"],
    ]  # fmt: skip


def test_records_without_a_number_follow_those_that_have_one():
    made, found = held("""
        STUDYID | USUBJID | AESEQ | AETERM | AESER | AESTDTC | AESTDY
        S       | S-1     | .     | Fever  | Y     | 2025    | 3
        S       | S-1     | 7     | Cough  | Y     | 2025    | 3
        S       | S-2     | .     | Rash   | Y     | 2025    | 3
    """)

    assert made["AESEQ"].tolist() == [8.0, 7.0, 1.0]
    assert told(found) == [("SDTM-SEQ", "minor", "AESEQ")]
