"""What is handed to people of SDTM: no permissible variable that no record has a value of."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.engine.store import parquet_bytes, read_parquet
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.written import as_written

VARIABLES = (Variable("CMTRT", core="Req"), Variable("CMSTDTC", core="Exp"), Variable("CMDOSE", core="Perm"),
             Variable("CMSTDY", "number", core="Perm"))  # fmt: skip
SPEC = DatasetSpec(name="cm", dataset="CM", layer="sdtm", variables=VARIABLES)
CONTENT = parquet_bytes(pd.DataFrame({
    "CMTRT": ["A", None], "CMSTDTC": pd.Series([None, None], dtype="str"), "CMDOSE": ["1", None],
    "CMSTDY": pd.Series([None, None], dtype="float64"),
}))  # fmt: skip


@pytest.mark.parametrize(("product", "left"), [
    ("sdtm/cm.parquet", ["CMTRT", "CMSTDTC", "CMDOSE"]),  # what is expected stays, though it is empty
    ("adam/cm.parquet", ["CMTRT", "CMSTDTC", "CMDOSE", "CMSTDY"]),
    ("keys/cm.parquet", ["CMTRT", "CMSTDTC", "CMDOSE", "CMSTDY"]),
])  # fmt: skip
def test_an_empty_permissible_variable_of_sdtm_is_not_written(product, left):
    assert list(read_parquet(as_written(CONTENT, {"cm": SPEC}, product))) == left


def test_a_dataset_without_such_variables_stays_byte_for_byte():
    assert as_written(CONTENT, {"cm": replace(SPEC, variables=VARIABLES[:3])}, "sdtm/cm.parquet") is CONTENT
