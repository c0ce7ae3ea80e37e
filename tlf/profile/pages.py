"""Each subject's page set out: its axis, the rows of its time line, its charts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil, floor, log10
from typing import Any, TypeVar

import pandas as pd

from tlf.by_subject import short
from tlf.conditions import SUBJECT
from tlf.profile.axis import axis
from tlf.profile.marks import ProfileRecords
from tlf.profile.page import Mark, PageChart, PageRow, PageTable, Point, Query, RecordAt, SetFlag, SubjectPage
from tlf.profile.spec import ChartSpec, LaneSpec, ProfileSpec, RecordTable

NOTHING = ""
Value = TypeVar("Value")


def pages(
    spec: ProfileSpec, found: ProfileRecords, adsl: pd.DataFrame, sets: Sequence[SetFlag], first: int,
    queries: Mapping[str, tuple[Query, ...]],
) -> Iterator[SubjectPage]:
    """The page of every subject of ADSL in its order; `queries` are the open findings by SUBJID."""
    marks, points, undated = _marks(found.marks), _points(found.points), _undated(found.undated)
    tables = [_tables(told, part) for told, part in zip(spec.tables, found.tables, strict=True)]
    lanes = _lanes(spec.lanes, {lane for own in marks.values() for lane, *_ in own})
    charts = {number: spec.charts[number] for number in sorted({at for own in points.values() for at, *_ in own})}
    names, people = _names(adsl), dict(zip(adsl[SUBJECT], adsl.to_dict("records"), strict=True))
    for day in found.days.to_dict("records"):
        name = str(day[SUBJECT])
        own = people[name]
        whole = day["ORIGIN"] == next(iter(spec.origins.values()), "")
        yield SubjectPage(
            name, names[name], said(day["ORIGIN"]), said(day["DAY0"]), first if whole else 0,
            axis(day["FIRST"], day["LAST"], *((spec.breaks, spec.widths) if whole else ())), day["LAST"],
            tuple((head, said(own.get(word))) for word, head in spec.head.items() if said(own.get(word))),
            tuple((one.label, said(own.get(one.flag)), said(own.get(one.reason))) for one in sets),
            tuple(_rows(lanes, marks.get(name, ()))), tuple(_charts(charts, points.get(name, ()))),
            tuple(one[name] for one in tables if name in one), tuple(undated.get(name, ())),
            queries.get(said(own.get("SUBJID")), ()),
        )  # fmt: skip


def _names(adsl: pd.DataFrame) -> dict[str, str]:
    """What each subject is called: SUBJID where that tells all apart, else the fewest last parts of USUBJID."""
    if "SUBJID" in adsl and adsl["SUBJID"].notna().all() and adsl["SUBJID"].is_unique:
        return dict(zip(adsl[SUBJECT], adsl["SUBJID"].astype("str"), strict=True))
    return short(adsl[SUBJECT])


def said(value: object) -> str:
    """A value in words: a date as ISO text, a number without needless zeros, nothing where it is missing."""
    if value is None or value is pd.NaT or value != value:
        return NOTHING
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _number(value: float) -> float | None:
    return None if value is None or value != value else float(value)


def _by_subject(subjects: pd.Series, values: Iterable[Value]) -> dict[str, list[Value]]:
    """The values of each subject in their order."""
    found: dict[str, list[Value]] = {}
    for subject, value in zip(subjects, values, strict=True):
        found.setdefault(subject, []).append(value)
    return found


def _numbers(part: pd.DataFrame, names: Sequence[str]) -> list[list[float | None]]:
    return [[_number(value) for value in part[name]] for name in names]


def _texts(part: pd.DataFrame, names: Sequence[str]) -> list[list[Any]]:
    return [part[name].tolist() for name in names]


def _sources(part: pd.DataFrame) -> list[RecordAt]:
    columns = (part[name] for name in ("DATASET", "RECORD", "SEQ", "SRCDOM", "SRCSEQ"))
    return [RecordAt(str(of), int(record), _number(seq), said(domain), _number(number))
            for of, record, seq, domain, number in zip(*columns, strict=True)]  # fmt: skip


def _marks(marks: pd.DataFrame) -> dict[str, list[tuple[int, str, Mark]]]:
    """The marks of each subject by their first day, each with the number of its lane and its row."""
    part = marks.assign(AT=marks["START"].fillna(marks["UNTIL"]).astype("float64")).sort_values("AT", kind="stable")
    days, told = _numbers(part, ("START", "SURE", "UNTIL", "END")), _texts(part, ("OPEN", "DATES", "TEXT", "LEVEL"))
    made = (Mark(*one) for one in zip(*days, *told, _sources(part), strict=True))
    return _by_subject(part[SUBJECT], zip(part["LANE"], part["ROW"], made, strict=True))


def _lanes(lanes: Sequence[LaneSpec], used: set[int]) -> dict[str, tuple[str, set[int]]]:
    """The lanes of which anybody in the study has a record: scale and numbers by label, in their order."""
    found: dict[str, tuple[str, set[int]]] = {}
    for number, lane in enumerate(lanes):
        if number in used:
            found.setdefault(lane.label, (lane.scale, set()))[1].add(number)
    return found


def _rows(lanes: Mapping[str, tuple[str, set[int]]], marks: Sequence[tuple[int, str, Mark]]) -> Iterator[PageRow]:
    """The rows in the order of the lanes, within a lane by the first day; a lane without records is an empty row."""
    for label, (scale, numbers) in lanes.items():
        rows: dict[str, list[Mark]] = {}
        for number, row, mark in marks:
            if number in numbers:
                rows.setdefault(row, []).append(mark)
        for at, (row, own) in enumerate((rows or {NOTHING: []}).items()):
            yield PageRow(NOTHING if at else label, row, scale, tuple(own))


def _points(points: pd.DataFrame) -> dict[str, list[tuple[int, str, Point]]]:
    """The points of each subject by their day, each with the number of its chart and its line."""
    part = points.assign(AT=points["DAY"].astype("float64")).sort_values("AT", kind="stable")
    days, ranges = _numbers(part, ("DAY", "DAYHI", "VALUE")), _numbers(part, ("LIMIT", "LOW", "HIGH"))
    told = _texts(part, ("TEXT", "DATES", "UNIT", "BELOW"))
    made = (Point(*one) for one in zip(*days, *told, *ranges, _sources(part), strict=True))
    return _by_subject(part[SUBJECT], zip(part["CHART"], part["BY"], made, strict=True))


def _charts(charts: Mapping[int, ChartSpec], points: Sequence[tuple[int, str, Point]]) -> Iterator[PageChart]:
    """The charts of which anybody in the study has a value; one without values of this subject has no lines."""
    for number, chart in charts.items():
        lines: dict[str, list[Point]] = {}
        for at, line, point in points:
            if at == number:
                lines.setdefault(line, []).append(point)
        own = [point for line in lines.values() for point in line]
        limits = sorted({point.limit for point in own if point.limit is not None})
        values = [one for one in (*(point.value for point in own), *limits) if one > 0 or not chart.log]
        low, high, ticks = heights(values, chart.log)
        units = ", ".join(dict.fromkeys(point.unit for point in own if point.unit))
        yield PageChart(
            chart.label, units, chart.log, low, high, ticks,
            {line: tuple(part) for line, part in lines.items()}, tuple(limits),
            tuple(one for one in chart.reference if own and low <= one <= high),
        )  # fmt: skip


def heights(values: Sequence[float], log: bool) -> tuple[float, float, tuple[float, ...]]:
    """The lower and upper end of an axis for these values and its ticks: whole decades, or from zero in even steps."""
    if not values:
        return 0.1, 1.0, ()
    if log:
        low, high = floor(log10(min(values))), ceil(log10(max(values)))
        high += low == high
        if high - low == 1:
            return 10.0**low, 10.0**high, tuple(one * 10.0**low for one in (1.0, 2.0, 5.0, 10.0))
        step = max(1, ceil((high - low) / 4))
        return 10.0**low, 10.0**high, tuple(10.0**power for power in range(low, high + 1, step))
    most = max(values) or 1.0
    unit = 10.0 ** floor(log10(most))
    step = next(one * unit for one in (0.25, 0.5, 1, 2, 2.5, 5) if one * unit * 4 >= most)
    count = ceil(most / step)
    return 0.0, step * count, tuple(round(step * at, 10) for at in range(count + 1))


def _tables(table: RecordTable, part: pd.DataFrame) -> dict[str, PageTable]:
    """The table of each subject that has a record of it."""
    names = list(table.columns)
    cells = zip(part["DAY"], part["DATES"], part["VALUE"], *(part[name] for name in names), strict=True)
    found = _by_subject(part[SUBJECT], zip(cells, _sources(part), strict=True))
    make = _across if table.value else _by_record
    return {subject: make(table, *map(list, zip(*own, strict=True))) for subject, own in found.items()}


def _by_record(table: RecordTable, rows: list[tuple[Any, ...]], sources: list[RecordAt]) -> PageTable:
    """A row for each record: its day, its date, and the columns in which the subject has a value."""
    told = [(_day(day), date, *columns) for day, date, _, *columns in rows]
    heads = ("Day", "Date", *table.columns.values())
    used = [at for at in range(len(heads)) if at < 2 or any(row[at] for row in told)]
    shown = tuple(tuple(row[at] for at in used) for row in told)
    return PageTable(table.label, tuple(heads[at] for at in used), shown, tuple(sources))


def _across(table: RecordTable, rows: list[tuple[Any, ...]], sources: list[RecordAt]) -> PageTable:
    """A row for each combination of the columns, and the values of each day across."""
    told: dict[tuple[str, ...], dict[str, str]] = {}
    for day, date, value, *key in rows:
        values, at = told.setdefault(tuple(key), {}), f"{date} (day {_day(day)})" if _day(day) else date
        values[at] = f"{values[at]}; {value}" if at in values else value
    days = sorted({at for values in told.values() for at in values})
    shown = tuple((*key, *(values.get(at, NOTHING) for at in days)) for key, values in told.items())
    return PageTable(table.label, (*table.columns.values(), *days), shown)


def _day(day: float) -> str:
    return NOTHING if day != day else f"{day:.0f}"


def _undated(part: pd.DataFrame) -> dict[str, list[tuple[str, str, str]]]:
    """What could not be drawn of each subject: what it is of, what it says, and why."""
    return _by_subject(part[SUBJECT], zip(part["WHAT"], part["TEXT"], part["WHY"], strict=True))
