"""A form that a visit has once is asked about where it stands twice, whatever else the database collects of visits."""

from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.gate.checks.parsed import parse
from pipeline.gate.checks.rules.visits import twice_at_visit
from pipeline.study.contracts import contract_of

CONTRACT = contract_of({"form": "VS", "file": "VS.csv", "record": ["ID"], "fields": {}})


@pytest.mark.parametrize(("collected", "second"), [
    ({}, ["9"]),
    ({"FOLDERSEQ": [None, None], "CREATED": ["2026-01-01", "2026-01-02"]}, ["9"]),
    ({"FOLDERSEQ": [None, None], "CREATED": ["2026-01-02", "2026-01-01"]}, ["8"]),
    ({"FOLDERSEQ": ["1", None], "CREATED": ["2026-01-01", "2026-01-02"]}, []),
    ({"FOLDERSEQ": ["1", "2"], "CREATED": ["2026-01-01", "2026-01-02"]}, []),
])  # fmt: skip
def test_the_record_entered_second_is_named(collected, second):
    sent = pd.DataFrame({"_SUBJECT": "1", "_RECORD": ["8", "9"], "_FORM": "VS", "FOLDER": "D1", **collected})
    records = parse(sent, CONTRACT, pd.DataFrame(columns=["CODELIST", "CODED_VALUE", "DECODE"], dtype="str"))
    forms = SimpleNamespace(contracts={"VS": SimpleNamespace(repeating=False)})

    assert twice_at_visit(records, forms)["_RECORD"].tolist() == second
