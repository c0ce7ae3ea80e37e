"""What a printed output is made of: plain frozen values that templates build and renderers read.

Every text in here is final (rounded, aligned by the shell); a renderer only lays it out.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.ground.faults import TrialError

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
    run: str = ""  # short digest of all that the run read
    dictionaries: str = ""  # "MedDRA 27.1, CTCAE 5.0"
    decisions: tuple[str, ...] = ()  # "DLT_MED=COND": the programme's own words stand here alone
    paper: str = "Letter"

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise ValueError(f"{self.number}: paper is {self.paper!r}; it must be one of {', '.join(PAPERS)}")


@dataclass(frozen=True)
class Series:
    """The step curve of one group: `estimate[i]` holds from `time[i]` to `time[i+1]`, the last to `end`.

    Limits are NaN where there are none. `censored` are the times of the censor marks, `at_risk` the numbers at the
    panel's ticks; `remark` (the median) stands beside the label in the legend.
    """

    label: str
    time: tuple[float, ...]
    estimate: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    censored: tuple[float, ...]
    at_risk: tuple[int, ...]
    end: float
    key: str = ""
    remark: str = ""


@dataclass(frozen=True)
class StepPanel:
    """Step curves on one pair of axes, their legend above and the numbers at risk below."""

    series: tuple[Series, ...]
    ticks: tuple[float, ...]
    x_label: str
    y_label: str
    title: str = ""
    band_label: str = "95% CI"

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.at_risk) != len(self.ticks):
                raise ValueError(f"series {series.label!r}: {len(series.at_risk)} numbers at risk for "
                                 f"{len(self.ticks)} ticks")


@dataclass(frozen=True)
class ForestRow:
    """One line of a forest plot: texts left and an estimate with limits (NaN: nothing drawn)."""

    label: str
    texts: tuple[str, ...] = ()
    estimate: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    indent: int = 0
    header: bool = False
    key: str = ""


@dataclass(frozen=True)
class ForestPanel:
    """Estimates with intervals, one line each; `heads` names the label column and the text columns."""

    rows: tuple[ForestRow, ...]
    heads: tuple[str, ...]
    x_label: str
    limits: tuple[float, float]
    ticks: tuple[float, ...]
    reference: float | None = None
    log_scale: bool = False
    title: str = ""


@dataclass(frozen=True)
class Course:
    """What one group did over time: a line for each subject, or the middle at each time with its spread and n.

    A line is its times and values. Limits are NaN where there are none.
    """

    label: str
    lines: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()
    time: tuple[float, ...] = ()
    middle: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Profiles:
    """Courses on one pair of axes; `middle` says what the middle and its spread are."""

    courses: tuple[Course, ...]
    ticks: tuple[float, ...]
    x_label: str
    y_label: str
    title: str = ""
    middle: str = ""
    log_scale: bool = False
    marks: tuple[float, ...] = ()  # heights of horizontal lines


@dataclass(frozen=True)
class Bar:
    """One subject's bar: its height, and the number of the level that colours it."""

    label: str
    height: float
    level: int
    key: str = ""


@dataclass(frozen=True)
class Bars:
    """One bar for each subject, the highest first, coloured by level."""

    bars: tuple[Bar, ...]
    levels: tuple[str, ...]
    y_label: str
    title: str = ""
    marks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Lane:
    """One subject's time under observation, with what happened on it: time and number of the mark."""

    label: str
    end: float
    level: int
    marks: tuple[tuple[float, int], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Lanes:
    """One lane for each subject, the longest first, coloured by group; `marks` names what is marked on them."""

    lanes: tuple[Lane, ...]
    levels: tuple[str, ...]
    marks: tuple[str, ...]
    ticks: tuple[float, ...]
    x_label: str
    title: str = ""


Panel = StepPanel | ForestPanel | Profiles | Bars | Lanes


@dataclass(frozen=True)
class Figure:
    """The panels of one figure, left to right, and the sentence that describes it to those who cannot see it."""

    panels: tuple[Panel, ...]
    description: str = ""
