"""Rows of the results file: what one number is, what it was made from, and how a page finds it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypedDict

import numpy as np
import pandas as pd

from pipeline.ground.faults import TrialError
from tlf.ids import named
from tlf.shell import Stated

COLUMNS = ("OUTPUT", "ROWID", "GROUP", "SET", "ROW", "COLUMN", "VARIABLE", "LEVEL", "STATISTIC", "VALUE", "VALUEC",
           "NOTE", "DATASET", "POPULATION", "WHERE")
IDENTITIES = (
    ["OUTPUT", "ROWID", "GROUP", "LEVEL", "STATISTIC"],
    ["OUTPUT", "SET", "ROW", "COLUMN", "LEVEL", "STATISTIC"],
)


BELOW = " / "  # between the id of a row and what the data add to it
TEXT = "text"  # the statistic that is a text
DAYS = ("min", "median", "max")  # statistics of a date, which print as it is written
Statistics = dict[str, tuple[float | str, str]]  # value (of a date: as written) and note by name


class Address(NamedTuple):
    """The ids of a printed row: set, row, and the level where it has levels."""

    set: str
    row: str
    level: str = ""


class Said(NamedTuple):
    """The text of a row, the row's path of labels, and the level it is of."""

    rowid: str
    text: str
    level: str = ""


class Place(NamedTuple):
    """Where a number stands: its output, the labels of its row and column, the subjects of that column, and its ids.

    `set`, `row` and `column` address the number however its labels are worded; an empty one is made from the label.
    """

    output: str
    rowid: str
    group: str
    population: str
    set: str = ""
    row: str = ""
    column: str = ""


class Result(TypedDict):
    """One row of the results: the number, its address, and the records behind it (specs/standard/results.yaml)."""

    OUTPUT: str
    ROWID: str
    GROUP: str
    SET: str
    ROW: str
    COLUMN: str
    VARIABLE: str
    LEVEL: str
    STATISTIC: str
    VALUE: float
    VALUEC: str
    NOTE: str
    DATASET: str
    POPULATION: str
    WHERE: str


class Origin(NamedTuple):
    """The records behind a number, and the variable and level it speaks of."""

    dataset: str
    where: str
    variable: str = ""
    level: str = ""


def entry(
    place: Place, origin: Origin, statistic: str, value: float = np.nan, *, note: str = "", text: str = ""
) -> Result:
    """One row of the results; `note` says why there is no value, or what is to be said of it."""
    return {
        "OUTPUT": place.output, "ROWID": place.rowid, "GROUP": place.group, "SET": place.set,
        "ROW": place.row or named(place.rowid), "COLUMN": place.column or named(place.group),
        "VARIABLE": origin.variable, "LEVEL": origin.level, "STATISTIC": statistic, "VALUE": float(value),
        "VALUEC": text, "NOTE": note, "DATASET": origin.dataset, "POPULATION": place.population, "WHERE": origin.where,
    }


def as_results(entries: Iterable[Result]) -> pd.DataFrame:
    """The entries as results; see conformed."""
    return conformed(pd.DataFrame(list(entries), columns=list(COLUMNS)))


def conformed(rows: pd.DataFrame) -> pd.DataFrame:
    """One record per output, row, column, level and statistic, in the order of the page; no text is empty text.

    Raises TrialError when two rows have the same ids or labels, for then a number could not be found again.
    """
    frame = rows.astype({name: "float64" if name == "VALUE" else "str" for name in COLUMNS})
    for identity in IDENTITIES:
        twice = frame[frame.duplicated(identity)]
        if len(twice):
            of, name = twice[["OUTPUT", "ROWID"]].iloc[0]
            raise TrialError(f"Of {of} two rows are called {name!r}.", name, "give them labels (and `id:`) that differ")
    return frame


class Found:
    """The results of one output, asked by the ids of set, row, level and column: statistics as shells take them.

    Asked without a level, all statistics of a cell are one, whatever day or unit stands in LEVEL.
    """

    def __init__(self, results: pd.DataFrame):
        self._cells: dict[tuple[str, str, str, str], Statistics] = {}
        said = _columns(results, "ROW", "ROWID", "VALUEC", "LEVEL")
        self._rows: set[tuple[str, str]] = set()
        self._texts = {row: Said(rowid, text, level) for row, rowid, text, level in said}
        cells = _columns(results, "SET", "ROW", "LEVEL", "COLUMN", "STATISTIC", "VALUE", "VALUEC", "NOTE")
        for set_, row, level, column, statistic, value, text, note in cells:
            self._rows.add((set_, row))
            told = Stated((text if statistic in (*DAYS, TEXT) and text else value, note))
            told.at = (set_, row, level, column, statistic)
            for one in {level, ""}:
                self._cells.setdefault((set_, row, one, column), {})[statistic] = told

    def statistics(self, key: Address, column: str) -> Statistics:
        """All statistics of one cell by name; empty when the results have none."""
        return self._cells.get((*key, column), {})

    def number(self, key: Address, column: str, statistic: str) -> float:
        """The value of one statistic; NaN when it has none."""
        value = self.statistics(key, column).get(statistic, (np.nan, ""))[0]
        return value if isinstance(value, float) else np.nan

    def note(self, key: Address, column: str, statistic: str) -> str:
        """Why a statistic has no value, or what is to be said of it."""
        return self.statistics(key, column).get(statistic, (np.nan, ""))[1]

    def below(self, key: Address) -> dict[str, Said]:
        """The rows below a row that the data made, by id, in the order of the page."""
        rows = self.texts(f"{key.row}{BELOW}")
        return {row: said for row, said in rows.items() if (key.set, row) in self._rows}

    def texts(self, prefix: str) -> dict[str, Said]:
        """The texts of all rows whose id begins so, in the order of the page."""
        return {row: said for row, said in self._texts.items() if row.startswith(prefix)}


def _columns(results: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """The values of these columns, record after record."""
    return zip(*(results[name].tolist() for name in names), strict=True)
