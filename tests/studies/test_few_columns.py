"""A recipe that says of which columns of a large need it makes its dataset makes of these what it makes of all."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine import few_columns
from pipeline.engine.few_columns import read_columns
from pipeline.engine.node import DATA
from pipeline.engine.runner import make
from pipeline.engine.store import parquet_bytes, read_parquet
from pipeline.study.specs import studies


def test_the_columns_that_a_dataset_has_are_read_in_their_order():
    content = parquet_bytes(pd.DataFrame({"USUBJID": ["1"], "VSTESTCD": ["HR"], "VSDTC": ["2025-01-01"]}))

    assert list(read_columns(content, ("VSDTC", "VSSTDTC", "USUBJID"))) == ["USUBJID", "VSDTC"]


@pytest.mark.slow
@pytest.mark.parametrize("study", studies(Path(__file__).parents[2]))
def test_what_is_made_of_the_columns_it_reads_is_what_is_made_of_all(study, study_build, monkeypatch):
    monkeypatch.setattr(few_columns, "MANY", 0)
    read, build = list[tuple[str, ...]](), study_build(study)
    monkeypatch.setattr(few_columns, "read_columns", lambda *of: read.append(of[1]) or read_columns(*of))
    made = [name for name in build.entries if name in build.specs.datasets and build.graph[name].kind == "recipe"
            and (name in ("reference_dates", "subject_visits") or name.startswith("supp"))]  # fmt: skip

    for name in made:
        files = make(replace(build, frames={}), build.graph[name])
        pd.testing.assert_frame_equal(read_parquet(parquet_bytes(files[DATA])), build.frame(name), obj=name)
    assert read or build.specs.study.from_sdtm
