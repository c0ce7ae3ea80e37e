"""What is handed to people of SDTM: no permissible variable that no record has a value of."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.engine.store import file_hash, parquet_bytes, read_parquet, sha256
from pipeline.ground import text_storage  # noqa: F401  (as whatever makes datasets)
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.written import product_hash, write_product

VARIABLES = (Variable("CMTRT", core="Req"), Variable("CMSTDTC", core="Exp"), Variable("CMDOSE", core="Perm"),
             Variable("CMSTDY", "number", core="Perm"))  # fmt: skip
SPEC = DatasetSpec(name="cm", dataset="CM", layer="sdtm", variables=VARIABLES)
CONTENT = parquet_bytes(pd.DataFrame({
    "CMTRT": ["A", None], "CMSTDTC": pd.Series([None, None], dtype="str"), "CMDOSE": ["1", None],
    "CMSTDY": pd.Series([None, None], dtype="float64"),
}))  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """The dataset as it was made, in a file."""
    path = tmp_path / "data.parquet"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize(("product", "left"), [
    ("sdtm/cm.parquet", ["CMTRT", "CMSTDTC", "CMDOSE"]),  # what is expected stays, though it is empty
    ("adam/cm.parquet", ["CMTRT", "CMSTDTC", "CMDOSE", "CMSTDY"]),
    ("keys/cm.parquet", ["CMTRT", "CMSTDTC", "CMDOSE", "CMSTDY"]),
])  # fmt: skip
def test_an_empty_permissible_variable_of_sdtm_is_not_written(product, left, made, tmp_path):
    write_product(made, tmp_path / product, {"cm": SPEC}, product)
    whole = read_parquet(CONTENT)

    assert (tmp_path / product).read_bytes() == parquet_bytes(whole[left])
    assert product_hash(made, sha256(CONTENT), {"cm": SPEC}, product) == file_hash(tmp_path / product)


def test_a_dataset_without_such_variables_stays_byte_for_byte(made, tmp_path):
    few = {"cm": replace(SPEC, variables=VARIABLES[:3])}
    write_product(made, tmp_path / "cm.parquet", few, "sdtm/cm.parquet")

    assert (tmp_path / "cm.parquet").read_bytes() == CONTENT
    assert product_hash(made, "as noted", few, "sdtm/cm.parquet") == "as noted"
