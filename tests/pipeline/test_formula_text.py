"""Text that a spreadsheet would compute, as it comes in the fields of an extract."""

import pandas as pd
import pytest

from pipeline.gate.field_checks import check_fields
from pipeline.study.contracts import contract_of

NO_LISTS = pd.DataFrame(columns=["CODELIST", "CODED_VALUE", "DECODE"], dtype="str")


def found(text, entry):
    """Check, severity, record and value of the findings of one field."""
    keys = {"_FORM": "AE", "_RECORD": ["1", "2"], "_SUBJECT": "1010001"}
    records = pd.DataFrame({"T": ["fine", text], **keys}, dtype="str")
    findings = check_fields(records, contract_of({"form": "AE", "fields": {"T": entry}}), NO_LISTS)
    columns = (findings[name] for name in ("check", "severity", "record", "value"))
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","{see}")', "+cmd|' /C calc'!A0", "@SUM(1+1)", "=1+1", "-2+3"])
def test_formula_text_in_a_free_text_field_is_a_major_finding(text):
    assert [("RAW-FORMULA", "major", "2", text)] == found(text, {"label": "Term {x}", "type": "text"})
    assert [("RAW-FORMULA", "major", "2", text)] == found(text, None)


@pytest.mark.parametrize("text", ["- none", "+", "-5", "+ 2 lymph nodes", "rash"])
def test_text_that_only_begins_like_a_formula_is_none(text):
    assert found(text, {"type": "text"}) == []


def test_a_field_that_is_checked_otherwise_asks_no_second_question():
    assert {check for check, *_ in found("=1+1", {"type": "decimal"})} == {"RAW-NUMBER"}
