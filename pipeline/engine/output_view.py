"""What outputs read: the datasets, and beside their records what conditions see there too (adam/derive/sources.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pipeline.study.declared import ADSL

if TYPE_CHECKING:
    import pandas as pd

SUBJECT = ["USUBJID", "CARTSDT"]


def as_seen(name: str, dataset: pd.DataFrame, adsl: pd.DataFrame | None) -> pd.DataFrame:
    """The dataset, its records dated (ADT, ADTF, ADTHI, CARTDY) and sourced where it does not say so itself.

    A dataset whose records have no date, one of subjects, and any where ADSL is not at hand stay as they are.
    """
    if adsl is None or name == ADSL or "USUBJID" not in dataset.columns:
        return dataset
    from adam.derive.sources import date_variable, seen

    if not date_variable(dataset, name.upper()):
        return dataset
    records = seen(dataset, name, adsl[SUBJECT])
    added = [word for word in records.columns if word not in (*dataset.columns, *SUBJECT)]
    return dataset.assign(**{word: records[word] for word in added})


def all_seen(names: Iterable[str], read: Callable[[str], pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The datasets of an output by name, each as seen."""
    made = {name: read(name) for name in names}
    return {name: as_seen(name, dataset, made.get(ADSL)) for name, dataset in made.items()}
