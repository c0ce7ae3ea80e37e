"""A dataset of SDTM as it is written: without permissible variables that no record has a value of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipeline.engine.store import parquet_bytes, read_parquet
from pipeline.ground.metadata import DatasetSpec

if TYPE_CHECKING:
    import pandas as pd

COLLECTED, PERMISSIBLE = "sdtm", "Perm"


def as_written(content: bytes, datasets: Mapping[str, DatasetSpec], product: str) -> bytes:
    """A product (`sdtm/cm.parquet`) as people are handed it; recipes are given the dataset with all its variables.

    Source: SDTMIG 3.4, 4.1.5 (core designations): a permissible variable is left out where nothing was collected.
    """
    path = PurePosixPath(product)
    spec = datasets.get(path.stem)
    if spec is None or str(path.parent) != COLLECTED:
        return content
    dataset = read_parquet(content)
    kept = without_empty(dataset, spec)
    return parquet_bytes(kept) if len(kept.columns) < len(dataset.columns) else content


def without_empty(dataset: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """A dataset of SDTM without permissible variables that hold nothing; any other as it is."""
    permissible = [variable.name for variable in spec.variables if variable.core == PERMISSIBLE]
    named = permissible if spec.layer == COLLECTED else []
    return dataset.drop(columns=[name for name in named if name in dataset and dataset[name].isna().all()])
