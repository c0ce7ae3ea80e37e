"""The gate asks of no result that is read rightly: words of BELOWLQ, the study's own among them."""

import pandas as pd
import pytest

from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.rules.labs import no_number
from pipeline.ground.units import known_as

BELOWLQ = known_as([("NOT DETECTED", "BLQ"), ("未检出", "BLQ")], "BELOWLQ")
DAY = pd.Timestamp("2025-01-01")


@pytest.mark.parametrize(("result", "asked"), [
    ("未检出", False), ("Not detected", False), (" BLQ", False), ("<25", False), ("5.09E+03", False),
    ("haemolysed", True), ("未检", True), (None, False),
])  # fmt: skip
def test_a_result_is_asked_about_where_its_reader_cannot_read_it(result, asked):
    forms = Forms({}, {}, {}, pd.DataFrame(), DAY, DAY, below=BELOWLQ)
    records = pd.DataFrame({"RESULT": pd.Series([result], dtype="object")})
    assert len(no_number(records, forms, result="RESULT", words=[])) == asked
