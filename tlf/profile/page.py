"""The page of one subject as frozen values: what both drawers (PDF and review site) read, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tlf.profile.axis import AxisPart


class SetFlag(NamedTuple):
    """An analysis set as ADSL has it: its label, its flag, and the variable of the reason (or '')."""

    label: str
    flag: str
    reason: str


class RecordAt(NamedTuple):
    """The record behind something drawn: its place in the dataset (from 1) and its number there, and in SDTM."""

    dataset: str
    record: int
    seq: float | None
    domain: str
    domain_seq: float | None


@dataclass(frozen=True)
class Mark:
    """A record on a row, in days from day 0; an end that is not known is None, `open` says why."""

    start: float | None
    sure: float | None
    until: float | None
    end: float | None
    open: str
    dates: str
    text: str
    level: str
    source: RecordAt


@dataclass(frozen=True)
class PageRow:
    """A line of the time line: the label of its lane (of the first of its rows alone), its own, and its marks."""

    lane: str
    label: str
    scale: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Point:
    """A value of a chart; `below` says that it is below the limit, at which it stands."""

    day: float
    until: float
    value: float
    text: str
    dates: str
    unit: str
    below: bool
    limit: float | None
    low: float | None
    high: float | None
    source: RecordAt


@dataclass(frozen=True)
class PageChart:
    """A chart: lines by name, the height of the axis (logarithms where `log`) with its ticks, and lines across."""

    label: str
    unit: str
    log: bool
    low: float
    high: float
    ticks: tuple[float, ...]
    lines: Mapping[str, tuple[Point, ...]]
    limits: tuple[float, ...]
    reference: tuple[float, ...]


@dataclass(frozen=True)
class PageTable:
    """A table of records: heads, rows of cells, and the record behind each row (none where a row is of several)."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[RecordAt, ...] = ()


@dataclass(frozen=True)
class Query:
    """An open finding on the subject."""

    severity: str
    check: str
    place: str
    message: str


@dataclass(frozen=True)
class SubjectPage:
    """The page of one subject; `first` is the number of day 0 (1 where there is no day 0)."""

    subject: str
    short: str
    origin: str
    day0: str
    first: int
    axis: tuple[AxisPart, ...]
    last: float
    head: tuple[tuple[str, str], ...]
    sets: tuple[tuple[str, str, str], ...]
    rows: tuple[PageRow, ...]
    charts: tuple[PageChart, ...]
    tables: tuple[PageTable, ...]
    undated: tuple[tuple[str, str, str], ...]
    queries: tuple[Query, ...] = ()
