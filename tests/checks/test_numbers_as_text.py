"""Numbers that a contract calls text are compared as numbers: as text "118" stands below "72"."""

import pandas as pd
import pytest

from pipeline.gate.checks.rules import values

VITALS = pd.DataFrame({
    "_SUBJECT": "1", "A": ["118", "72", "9.5", "x", None], "B": ["72", "118", "10", "1", "1"],
    "A:day": pd.to_datetime(["2025-01-01"] * 5).astype("datetime64[s]"),
}).astype({"A": "str", "B": "str"})  # fmt: skip


@pytest.mark.parametrize(("rule", "words", "told"), [
    (values.not_greater, {"greater": "A", "smaller": "B"}, [1, 2]),
    (values.smaller, {"value": "A", "than": "B"}, [1, 2]),
    (values.off_plan, {"value": "A", "plan": "B", "percent": "10"}, [0, 1]),
])
def test_numbers_that_came_as_text_are_compared_as_numbers(rule, words, told):
    assert rule(VITALS, None, **words).index.tolist() == told
