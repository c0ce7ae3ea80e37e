"""The printed cells of an output, each with its statistics and with what selects the records behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from pipeline.review.script import as_ascii, plain
from pipeline.why.cells import SELECTION, telling
from tlf.lines import SUBJECTS
from tlf.model import Row
from tlf.notes import DECISION

TEXT = "text"
BATCH = 50_000  # records that are looked at together
SIZE = re.compile(r"\s*\([Nn]=[^)]*\)$")
KEY = ["ROWID", "GROUP"]
ADDRESS = ["SET", "ROW", "COLUMN"]
SAID = ["LEVEL", "STATISTIC", "VALUE", "VALUEC", "NOTE"]
READ = [*KEY, *ADDRESS, *SAID, *SELECTION]  # of results
TELLING = ["OUTPUT", *KEY, "LEVEL", "STATISTIC", *SELECTION]  # what selections are told of


class Selection(NamedTuple):
    """What selects the records behind a result."""

    dataset: str
    population: str
    where: str


@dataclass(slots=True)
class PrintedCell:
    """One printed cell: its ids, the labels of its row and column, its statistics, the selections behind it."""

    address: tuple[str, str, str]
    labels: tuple[str, str]
    statistics: list[list[str]] | None = None
    behind: tuple[int, ...] = ()

    @property
    def as_json(self) -> str:
        """The cell as the site reads it, of which a long listing has hundreds of thousands."""
        address, labels = (",".join(map(as_ascii, told)) for told in (self.address, self.labels))
        statistics = plain(self.statistics) if self.statistics else "[]"
        return f'{{"a":[{address}],"l":[{labels}],"s":{statistics},"b":[{",".join(map(str, self.behind))}]}}'


@dataclass
class Cells:
    """The printed cells of one output by row and column, and what selects the records behind each."""

    results: pd.DataFrame
    kept: Collection[Any]  # the rows that tell whose records stand behind them
    number: dict[tuple[str, str], int] = field(default_factory=dict)
    of_row: dict[str, list[int]] = field(default_factory=dict)
    told: list[PrintedCell] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)

    def __post_init__(self) -> None:
        known: dict[tuple[str, ...], int] = {}
        same: dict[tuple[int, ...], tuple[int, ...]] = {}
        columns = [self._records(*names) for names in (KEY, ADDRESS, SELECTION)]
        kept = self.results.index.isin(self.kept).tolist()
        for labels, address, selects, tells, told in zip(*columns, kept, self._records(*SAID), strict=True):
            level, statistic, value, text, note = told
            number = self.number.get(labels, -1)
            cell = self.told[number] if number >= 0 else self._cell(labels, address)
            if statistic != TEXT:
                cell.statistics = cell.statistics or []
                cell.statistics.append([statistic, level, text or ("" if value != value else f"{value:g}"), note])
            if tells:
                at = known.setdefault(selects, len(known))
                if at not in cell.behind:
                    behind = (*cell.behind, at)
                    cell.behind = same.setdefault(behind, behind)  # millions of cells lead to few selections
        self.selections = [Selection(*selects) for selects in known]

    def _records(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """The values of these columns, record after record."""
        for start in range(0, len(self.results), BATCH):
            part = self.results.iloc[start : start + BATCH]
            yield from zip(*(part[name].tolist() for name in names), strict=True)

    def _cell(self, labels: tuple[str, str], address: tuple[str, str, str]) -> PrintedCell:
        """A cell of which nothing was told yet."""
        self.number[labels] = len(self.told)
        self.of_row.setdefault(labels[0], []).append(len(self.told))
        self.told.append(PrintedCell(address, labels))
        return self.told[-1]

    def row(self, row: Row, labels: list[str], group: str) -> list[int]:
        """The number of the cell behind each printed cell of a row, -1 where there is none.

        A row of a figure's numbers is told by its key and `group` (its first cell, or the last heading), by its
        subject, or by what its column and its table are called.
        """
        own = [self.number.get((row.key, label), -1) if text.strip() else -1
               for label, text in zip(labels, row.cells, strict=False)]  # fmt: skip
        if max(own, default=-1) >= 0 or len(row.cells) == 1:
            return own
        one = self._of_group(row.key, group)
        named = [self._called(f"{label} / {labels[0]}") for label in labels[1:]]
        told = [one] * len(named) if one >= 0 else named if max(named) >= 0 else self._of_subject(row.key, len(named))
        return [-1, *(at if text.strip() else -1 for at, text in zip(told, row.cells[1:], strict=True))]

    def _of_group(self, key: str, group: str) -> int:
        """The cell of a key in a group, else that of the subjects of the group whose lines stand below the key."""
        known = self.number.get((key, group), self._called(key))
        return known if known >= 0 or key not in self.under else self.number.get((SUBJECTS, group), -1)

    def _of_subject(self, key: str, columns: int) -> list[int]:
        """The cells of the rows of a subject, by whose number the key ends: one for each column, or one for all."""
        subject = key.rpartition(" / ")[2]
        named = [self._called(one) for one in self.of_row if subject and " / " in one and one.endswith(subject)]
        return named if len(named) == columns else named * columns if len(named) == 1 else [-1] * columns

    def _called(self, rowid: str) -> int:
        """The cell of a row that stands in one column alone."""
        found = self.of_row.get(rowid, [])
        return found[0] if len(found) == 1 else -1

    @cached_property
    def under(self) -> set[str]:
        """What the labels of rows begin with, where further ones stand below."""
        return {rowid.partition(" / ")[0] for rowid in self.of_row if " / " in rowid}


def cells_of(results: pd.DataFrame) -> Cells:
    """The cells of an output's results."""
    own = of_records(results[["OUTPUT", *READ]])
    return Cells(own, telling(own[TELLING]).index)


def selections(results: pd.DataFrame) -> dict[str, list[Selection]]:
    """The selections behind each output, as its `Cells` number them."""
    found: dict[str, list[Selection]] = {output: [] for output in results["OUTPUT"].unique()}
    told = telling(of_records(results))[["OUTPUT", *SELECTION]].drop_duplicates()
    for output, *selects in told.itertuples(index=False, name=None):
        found[output].append(Selection(*selects))
    return found


def of_records(results: pd.DataFrame) -> pd.DataFrame:
    """The results without the decisions that are told below the output."""
    return results[~results["ROWID"].str.startswith(DECISION)]


def group_of(text: str) -> str:
    """The label of a group without its size: "DL1 (N=3 of 4)" is DL1."""
    return SIZE.sub("", text).strip()
