"""What a printed output is made of: plain frozen values that templates build and renderers read.

Every text in here is final (rounded, aligned by the shell); a renderer only lays it out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from pipeline.ground.faults import TrialError
from tlf.panels import Panel

ALIGNMENTS = ("left", "center", "right")
NO_RECORDS = "No observations meet the condition of this output."
PAPERS = {"Letter": (15840, 12240), "A4": (16838, 11906)}  # landscape width and height in twips, 1440 to the inch


@dataclass(frozen=True)
class Column:
    """One column of a table; `width` is relative to the other columns.

    Neighbouring columns of the same non-empty `span` share one header cell above their labels.
    A label may hold line breaks ("Part A\\n(N=10)"). The cells of a column that is
    aligned "center" stand with their first numbers in line, as a block below the middle of the label.
    """

    label: str
    width: float = 1.0
    align: str = "left"
    span: str = ""

    def __post_init__(self) -> None:
        if self.align not in ALIGNMENTS:
            known = ", ".join(ALIGNMENTS)
            raise TrialError(f"The column {self.label!r} has align {self.align!r}.", "", f"it must be one of {known}")
        if not self.width > 0:
            raise TrialError(f"The column {self.label!r} has the width {self.width}.", "", "it must be positive")


@dataclass(frozen=True)
class Row:
    """One printed row. A row of a single cell in a wider table runs over the full width.

    `header` rows are bold, stay with the row below and, at indent 0, open with a blank line; `gap` asks for the
    blank line elsewhere. `key` is the ROWID of the results behind the row.
    """

    cells: tuple[str, ...]
    indent: int = 0
    header: bool = False
    keep_with_next: bool = False
    key: str = ""
    gap: bool = False

    @property
    def runs_across(self) -> bool:
        """Whether the first cell has the whole width."""
        return not any(self.cells[1:])


@dataclass(frozen=True)
class Table:
    """Columns and rows of one output; without rows the renderers print `empty`.

    The first `keys` columns stand on every part of a table that is too wide for its page.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = NO_RECORDS
    keys: int = 1

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) not in (1, len(self.columns)):
                raise ValueError(f"row {row.cells!r} has {len(row.cells)} cells for {len(self.columns)} columns")

    @cached_property
    def told(self) -> list[Counter[tuple[str, bool]]]:
        """Of each column how often each text stands in it, in a header row (True) or another: of rows with cells."""
        rows = [row for row in self.rows if not row.runs_across]
        headers = [row.header for row in rows]
        by_column = zip(*(row.cells for row in rows), strict=True) if rows else [()] * len(self.columns)
        return [Counter(zip(cells, headers, strict=True)) for cells in by_column]


@dataclass(frozen=True)
class Page:
    """All that stands around the body of an output, the same on each of its pages; an empty text is left away."""

    number: str  # T-14.2.1
    titles: tuple[str, ...]
    population: str
    footnotes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # datasets
    cutoff: str = ""  # YYYY-MM-DD
    status: str = ""  # "Interim: 12 open findings"
    program: str = ""
    study: str = ""
    sponsor: str = ""
    stage: str = ""  # Draft or Final
    extract: str = ""
    version: str = ""  # short digest of all that the page rests on
    dictionaries: str = ""  # "MedDRA 27.1, CTCAE 5.0"
    decisions: tuple[str, ...] = ()  # "DLT_MED=COND": the programme's own words stand here alone
    paper: str = "Letter"

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise ValueError(f"{self.number}: paper is {self.paper!r}; it must be one of {', '.join(PAPERS)}")


@dataclass(frozen=True)
class Figure:
    """The panels of one figure, left to right, and the sentence that describes it to those who cannot see it."""

    panels: tuple[Panel, ...]
    description: str = ""
