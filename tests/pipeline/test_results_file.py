"""The results are written output by output: the file is that of all at once, and each output is read back alone."""

import numpy as np
import pandas as pd
import pytest

from pipeline.engine.store import ROW_GROUP, parquet_bytes
from pipeline.publish.results_file import ResultsRead, write_parquet

SIZES = {"T-1": 3, "L-1": ROW_GROUP + 5, "T-2": 1, "L-2": 2 * ROW_GROUP // 3, "T-3": 7}


@pytest.fixture(scope="module")
def parts():
    """Outputs of few and of many rows, whose texts repeat themselves or do not."""
    return {name: pd.DataFrame({"OUTPUT": name, "ROW": pd.Series(np.arange(count)).astype("str"),
                                "VALUE": np.arange(count) / 7, "NOTE": ["", *["NE"] * (count - 1)]}).astype(
                {"OUTPUT": "str", "NOTE": "str"}) for name, count in SIZES.items()}  # fmt: skip


@pytest.fixture(scope="module")
def written(parts, tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "results.parquet"
    write_parquet(path, iter(parts.values()))
    return path


def test_the_file_is_that_of_all_results_written_at_once(parts, written):
    assert written.read_bytes() == parquet_bytes(pd.concat(parts.values(), ignore_index=True))


def test_each_output_is_read_back_as_it_was(parts, written):
    read = ResultsRead(written)

    assert [*read.ranges] == [*SIZES]
    for name, part in parts.items():
        pd.testing.assert_frame_equal(read.of(name), part)
