"""A dataset of SDTM as it is written: without permissible variables that no record has a value of."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.engine.pieces import filled, without
from pipeline.engine.store import file_hash
from pipeline.ground.metadata import DatasetSpec

if TYPE_CHECKING:
    import pandas as pd

COLLECTED, PERMISSIBLE = "sdtm", "Perm"


def write_product(made: Path, target: Path, datasets: Mapping[str, DatasetSpec], product: str) -> None:
    """Write a product (`sdtm/cm.parquet`) as people are handed it; recipes are given the dataset with all variables.

    Source: SDTMIG 3.4, 4.1.5 (core designations): a permissible variable is left out where nothing was collected.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if dropped := _empty(made, datasets, product):
        without(made, target, dropped)
    else:
        shutil.copyfile(made, target)


def product_hash(made: Path, noted: str, datasets: Mapping[str, DatasetSpec], product: str) -> str:
    """The SHA-256 of a product as it would be written; `noted` is that of what was made."""
    if not (dropped := _empty(made, datasets, product)):
        return noted
    with tempfile.TemporaryDirectory() as folder:
        without(made, Path(folder) / made.name, dropped)
        return file_hash(Path(folder) / made.name)


def _empty(made: Path, datasets: Mapping[str, DatasetSpec], product: str) -> set[str]:
    """The permissible variables of a dataset of SDTM that no record has a value of; of any other product none."""
    path = PurePosixPath(product)
    spec = datasets.get(path.stem)
    if spec is None or str(path.parent) != COLLECTED:
        return set()
    return {*_permissible(spec)} - {*filled(made)}


def without_empty(dataset: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """A dataset of SDTM without permissible variables that hold nothing; any other as it is."""
    return dataset.drop(columns=[name for name in _permissible(spec) if name in dataset and dataset[name].isna().all()])


def _permissible(spec: DatasetSpec) -> list[str]:
    return [one.name for one in spec.variables if one.core == PERMISSIBLE] if spec.layer == COLLECTED else []
