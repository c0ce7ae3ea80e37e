"""What outputs read: the datasets, and beside their records what conditions see there too (adam/derive/sources.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from adam.derive.dated import seen_by
from pipeline.study.declared import ADSL

if TYPE_CHECKING:
    import pandas as pd

SUBJECT = ["USUBJID", "CARTSDT"]
# Datasets by name as seen, each behind the dataset and the ADSL that it was told of.
Seen: TypeAlias = "dict[str, tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame]]"


def as_seen(name: str, dataset: pd.DataFrame, adsl: pd.DataFrame | None) -> pd.DataFrame:
    """The dataset, its records dated (ADT, ADTF, ADTHI, CARTDY) and sourced where it does not say so itself.

    A dataset whose records have no date, one of subjects, and any where ADSL is not at hand stay as they are.
    """
    if adsl is None or name == ADSL or "USUBJID" not in dataset.columns:
        return dataset
    from adam.derive.sources import date_variable, seen

    looked_at = dataset[seen_by(dataset.columns)]
    if not date_variable(looked_at, name.upper()):
        return dataset
    records = seen(looked_at, name, adsl[SUBJECT])
    added = [word for word in records.columns if word not in (*dataset.columns, *SUBJECT)]
    return dataset.assign(**{word: records[word] for word in added})


def all_seen(
    names: Iterable[str], read: Callable[[str], pd.DataFrame], kept: Seen | None = None
) -> dict[str, pd.DataFrame]:
    """The datasets of an output by name, each as seen; `kept` has those that an output before it saw."""
    made = {name: read(name) for name in names}
    kept = {} if kept is None else kept
    return {name: _seen_once(name, dataset, made.get(ADSL), kept) for name, dataset in made.items()}


def _seen_once(name: str, dataset: pd.DataFrame, adsl: pd.DataFrame | None, kept: Seen) -> pd.DataFrame:
    """The dataset as seen, told anew only where it or ADSL is not the one that was seen."""
    if name not in kept or kept[name][0] is not dataset or kept[name][1] is not adsl:
        kept[name] = dataset, adsl, as_seen(name, dataset, adsl)
    return kept[name][2]
