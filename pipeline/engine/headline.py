"""The results that study.yaml names under `headline:`: their values, and how a line prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Headline

if TYPE_CHECKING:
    import pandas as pd

NOT_AVAILABLE = "not available"


def values_of(entry: Headline, results: pd.DataFrame) -> dict[str, float]:
    """The statistics of one headline result by name, of the results of its output; none where it is not there."""
    rows = results[(results["ROW"] == entry.row) & (results["COLUMN"] == entry.column)]
    for word, name in (("SET", entry.set), ("LEVEL", entry.level)):
        rows = rows[rows[word] == name] if name else rows
    return dict(zip(rows["STATISTIC"], rows["VALUE"], strict=True))


def shown(entry: Headline, values: dict[str, float]) -> str:
    """A headline result by its shell; what cannot be printed keeps no product back."""
    from tlf.shell import cell

    try:
        text = cell(entry.show, values).strip() if values else NOT_AVAILABLE
    except TrialError as error:
        text = f"{NOT_AVAILABLE}: {error.what}"
    return " ".join(text.split())
