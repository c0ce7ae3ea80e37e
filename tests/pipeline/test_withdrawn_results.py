"""A result that the laboratory took back has no value, and nobody is asked for one."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.gate.fields import OfFields
from pipeline.study.specs import load_specs


@pytest.mark.parametrize(("state", "asked"), [
    ("F", ["UNITS"]), ("C", ["UNITS"]), ("X", []), ("CANCELLED", []), ("?", ["UNITS"]),
])  # fmt: skip
def test_a_required_value_is_asked_for_only_of_results_that_stand(state, asked):
    specs = load_specs(Path(__file__).parents[2], "iomab_act")
    filled = dict.fromkeys(("SITE_SUBJ", "VISIT", "COLL_DT", "ACCESSION", "LBTCD"), "1")
    row = filled | {"UNITS": None, "STATUS": state, "_FORM": "LABC", "_SUBJECT": "1", "_RECORD": "7"}
    found = OfFields(specs).found("LABC", pd.DataFrame([row], dtype="str"))
    assert found[found["check"].eq("RAW-REQUIRED")]["field"].tolist() == asked
