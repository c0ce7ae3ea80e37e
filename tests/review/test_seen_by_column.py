"""A dataset that is read a column at a time says what the whole dataset says as outputs see it."""

from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.engine.output_view import as_seen
from pipeline.engine.store import read_parquet
from pipeline.why.seen_by_column import SeenByColumn

ADSL = pd.DataFrame({"USUBJID": ["S-1", "S-2"], "CARTSDT": pd.to_datetime(["2025-01-08", None])})
ADAE = pd.DataFrame({
    "USUBJID": ["S-1", "S-1", "S-2", "S-3", "S-1"], "AESEQ": [1.0, 2.0, 1.0, 1.0, 3.0],
    "ASTDT": pd.to_datetime(["2025-01-08", "2025-02-01", "2025-01-09", None, "2025-03-01"]).astype("datetime64[s]"),
    "ASTDTF": [None, "D", None, None, "M"], "AEDECOD": ["Fever", None, "Rash", "Fever", "Rash"],
})  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 5])
def test_every_column_of_whatever_pieces_is_that_of_the_whole_dataset_as_seen(tmp_path, size):
    pq.write_table(pa.Table.from_pandas(ADAE, preserve_index=False), tmp_path / "x.parquet", row_group_size=size)
    cache = SimpleNamespace(vouched=lambda *_: tmp_path / "x.parquet")
    read = SeenByColumn(SimpleNamespace(cache=cache, entries={"adae": None}), "adae", ADSL)

    whole = as_seen("adae", read_parquet((tmp_path / "x.parquet").read_bytes()), ADSL)

    assert (read.columns, len(read)) == (list(whole), 5) and {"ADT", "ADTHI", "CARTDY", "SRCSEQ"} <= set(read.columns)
    for name in whole:
        pd.testing.assert_series_equal(read[name], whole[name], check_dtype=False)
    assert [list(piece.index) for piece in read.pieces(["AEDECOD", "CARTDY"])][-1][-1] == 4
