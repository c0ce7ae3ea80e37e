"""Rows of the results file: what one number is, what it was made from, and how a page finds it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.faults import TrialError

COLUMNS = ("OUTPUT", "ROWID", "GROUP", "VARIABLE", "LEVEL", "STATISTIC", "VALUE", "VALUEC", "NOTE", "DATASET",
           "POPULATION", "WHERE")
IDENTITY = ["OUTPUT", "ROWID", "GROUP", "LEVEL", "STATISTIC"]


class Place(NamedTuple):
    """Where a number stands: its output, its row, its column (group), and the subjects of that column."""

    output: str
    rowid: str
    group: str
    population: str


class Origin(NamedTuple):
    """The records behind a number, and the variable and level it speaks of."""

    dataset: str
    where: str
    variable: str = ""
    level: str = ""


def entry(
    place: Place, origin: Origin, statistic: str, value: float = np.nan, *, note: str = "", text: str = ""
) -> dict[str, Any]:
    """One row of the results; `note` says why there is no value, or what is to be said of it."""
    return {
        "OUTPUT": place.output, "ROWID": place.rowid, "GROUP": place.group, "VARIABLE": origin.variable,
        "LEVEL": origin.level, "STATISTIC": statistic, "VALUE": float(value), "VALUEC": text, "NOTE": note,
        "DATASET": origin.dataset, "POPULATION": place.population, "WHERE": origin.where,
    }


def as_results(entries: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """The entries as results; see conformed."""
    return conformed(pd.DataFrame(list(entries), columns=list(COLUMNS)))


def conformed(rows: pd.DataFrame) -> pd.DataFrame:
    """One record per output, row, column, level and statistic, in the order of the page; no text is empty text.

    Raises TrialError when two rows of an output have the same labels, for then a number could not be found again.
    """
    frame = rows.astype({name: "float64" if name == "VALUE" else "str" for name in COLUMNS})
    twice = frame[frame.duplicated(IDENTITY)]
    if len(twice):
        what = f"Of {twice['OUTPUT'].iloc[0]} two rows are called {twice['ROWID'].iloc[0]!r}."
        raise TrialError(what, twice["OUTPUT"].iloc[0], "give them labels that differ")
    return frame


class Found:
    """The results of one output, asked by row and column: statistics as (value, note), as shells take them."""

    def __init__(self, results: pd.DataFrame):
        self._cells: dict[tuple[str, str], dict[str, tuple[float, str]]] = {}
        self._texts: dict[str, str] = {}
        names = ("ROWID", "GROUP", "STATISTIC", "VALUE", "VALUEC", "NOTE")
        for rowid, group, statistic, value, text, note in zip(*(results[name] for name in names), strict=True):
            self._cells.setdefault((rowid, group), {})[statistic] = (value, note)
            self._texts.setdefault(rowid, text)

    def statistics(self, rowid: str, group: str) -> dict[str, tuple[float, str]]:
        """All statistics of one cell by name; empty when the results have none."""
        return self._cells.get((rowid, group), {})

    def number(self, rowid: str, group: str, statistic: str) -> float:
        """The value of one statistic; NaN when it has none."""
        return self.statistics(rowid, group).get(statistic, (np.nan, ""))[0]

    def note(self, rowid: str, group: str, statistic: str) -> str:
        """Why a statistic has no value, or what is to be said of it."""
        return self.statistics(rowid, group).get(statistic, (np.nan, ""))[1]

    def texts(self, prefix: str) -> dict[str, str]:
        """The texts of all rows whose name begins so, in the order of the page."""
        return {rowid: text for rowid, text in self._texts.items() if rowid.startswith(prefix)}
