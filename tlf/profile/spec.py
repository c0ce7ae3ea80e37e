"""What profile.yaml asks for: the lanes of the time line, the charts below it and the tables, read once and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SEVERITY, OUTCOME = "severity", "outcome"
COLOURS = (SEVERITY, OUTCOME)  # of a scale: light to dark, or from good to bad


@dataclass(frozen=True)
class Scale:
    """The levels of a colour in their order: worse and worse (severity), or from good to bad (outcome)."""

    name: str
    levels: tuple[str, ...]
    colours: str = SEVERITY


@dataclass(frozen=True)
class LaneSpec:
    """Records on a line: from `start` to `end` (without it a day), coloured by `colour` on `scale`.

    `rows` is the variable each of whose values has a line of its own; `ongoing` the clause of what had not ended.
    """

    name: str
    label: str
    of: str
    start: str
    end: str = ""
    where: str = ""
    rows: str = ""
    text: tuple[str, ...] = ()
    colour: str = ""
    scale: str = ""
    ongoing: str = ""


@dataclass(frozen=True)
class ChartSpec:
    """Values over time; `below` is the clause of what is below `limit`, `low` and `high` the variables of the range.

    `by` is the variable each of whose values has a line of its own, `reference` are heights of lines across.
    """

    name: str
    label: str
    of: str
    value: str = "AVAL"
    date: str = "ADT"
    where: str = ""
    unit: str = ""
    text: str = ""
    limit: str = ""
    below: str = ""
    low: str = ""
    high: str = ""
    by: str = ""
    log: bool = False
    reference: tuple[float, ...] = ()


@dataclass(frozen=True)
class RecordTable:
    """Records by date: one a line with `columns`, or the `value` of each day `across` by the values of `columns`."""

    name: str
    label: str
    of: str
    date: str
    columns: Mapping[str, str]
    where: str = ""
    value: str = ""


@dataclass(frozen=True)
class ProfileSpec:
    """One page per subject: `origins` are the dates of ADSL that day 0 may be, in order; `breaks` where the axis may
    change its scale, `widths` how wide its parts are beside each other."""

    head: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    breaks: tuple[float, ...] = ()
    widths: tuple[float, ...] = (1.0,)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    lanes: tuple[LaneSpec, ...] = ()
    charts: tuple[ChartSpec, ...] = ()
    tables: tuple[RecordTable, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that are asked, ADSL first."""
        return tuple(dict.fromkeys(["adsl", *(one.of for one in (*self.lanes, *self.charts, *self.tables))]))
