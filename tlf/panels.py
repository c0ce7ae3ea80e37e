"""What the panels of figures are made of: plain frozen values that templates build and tlf/render/panels draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

NO_LEVEL = "none"  # the level of a subject that has none of those named
Line: TypeAlias = "tuple[tuple[float, ...], tuple[float, ...]]"  # of a subject: times, and values


def reached(ticks: tuple[float, ...], last: float) -> tuple[float, ...]:
    """The ticks as far as something is seen: up to the first that nothing lies beyond."""
    return tuple(tick for at, tick in enumerate(ticks) if not at or not ticks[at - 1] >= last)


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
    remark: str = ""  # what is said of all curves together: a test between them

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

    Limits are NaN where there are none.
    """

    label: str
    lines: tuple[Line, ...] = ()
    time: tuple[float, ...] = ()
    middle: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    key: str = ""
    marked: tuple[Line, ...] = ()  # points beside the lines, by subject

    @property
    def times(self) -> tuple[float, ...]:
        """Every time at which something is drawn."""
        return (*self.time, *(x for times, _ in (*self.lines, *self.marked) for x in times))


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
    marked: str = ""  # what the points beside the lines say


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


@dataclass(frozen=True)
class FlowBox:
    """Subjects at one place of a study: how many of each column, and `beside` those who left, or why."""

    label: str
    counts: tuple[int, ...]
    key: str = ""
    beside: tuple[FlowBox, ...] = ()


@dataclass(frozen=True)
class Flow:
    """The way of subjects through a study, box after box, and the sets at its foot; `columns` says what is counted."""

    steps: tuple[FlowBox, ...]
    sets: tuple[FlowBox, ...]
    columns: tuple[str, ...]
    heading: str = ""  # above the sets


@dataclass(frozen=True)
class Frame:
    """Axes that await their data; `groups` are what will be drawn on them."""

    groups: tuple[str, ...]
    ticks: tuple[float, ...]
    x_label: str
    y_label: str
    title: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One subject's value at each visit; an empty one where there is none."""

    label: str
    cells: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True)
class HeatMap:
    """Subjects by visits (`columns`); `levels` are the values in order, each with what it means."""

    rows: tuple[HeatRow, ...]
    columns: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True)
class Cloud:
    """The points of one group: name of the subject, value across and upward."""

    label: str
    points: tuple[tuple[str, float, float], ...]
    key: str = ""


@dataclass(frozen=True)
class Scatter:
    """Points on one pair of axes, with vertical lines at `across` and horizontal ones at `upward`."""

    clouds: tuple[Cloud, ...]
    across: tuple[float, ...]
    upward: tuple[float, ...]
    x_label: str
    y_label: str
    title: str = ""
    log_scale: bool = False

    def beyond(self, x: float, y: float) -> bool:
        """True for a point on or past the first line of both axes, where both have one."""
        return all(marks and value >= marks[0] for value, marks in ((x, self.across), (y, self.upward)))


@dataclass(frozen=True)
class Stacks:
    """Subjects at each level (`counts`, a row for each) on each of `days`, and how many were `assessed` on it."""

    days: tuple[int, ...]
    levels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    assessed: tuple[int, ...]
    ticks: tuple[float, ...]
    x_label: str
    y_label: str
    title: str = ""


Panel = Frame | StepPanel | ForestPanel | Profiles | Bars | Lanes | Flow | HeatMap | Scatter | Stacks
