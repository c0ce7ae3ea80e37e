"""The records of all subjects that the profile shows, columns at a time: marks on lanes, points of charts, tables.

A day is counted from the subject's day 0 (the first of `origins` that it has). A partial date is the days that it may
stand for: a mark starts between START and SURE and ends between UNTIL and END. What has no day at all is not drawn; it
is told in words (`undated`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets
from pipeline.ground.dates import earliest, latest
from tlf.conditions import SUBJECT, beside
from tlf.profile.spec import ChartSpec, LaneSpec, ProfileSpec, RecordTable

Frames = dict[str, pd.DataFrame]
KNOWN = {"D": 7, "M": 4, "Y": 0}  # signs of an ISO date that an imputation flag leaves known (ADaMIG --DTF)
ONGOING, NOT_RECORDED, NOT_KNOWN = "ongoing", "end not recorded", "start not known"
BACKWARD = "ends before it starts"
SOURCE = ["DATASET", "RECORD", "SEQ", "SRCDOM", "SRCSEQ"]
MARK = [SUBJECT, "LANE", "ROW", "START", "SURE", "UNTIL", "END", "OPEN", "DATES", "TEXT", "LEVEL", *SOURCE]
POINT = [SUBJECT, "CHART", "BY", "DAY", "DAYHI", "DATES", "VALUE", "TEXT", "UNIT", "BELOW", "LIMIT", "LOW", "HIGH",
         *SOURCE]  # fmt: skip


class ProfileRecords(NamedTuple):
    """What the pages show: `days` has one record per subject (ORIGIN, its date DAY0, FIRST and LAST day), the others
    one per mark, point, record that no day can be given to, and record of a table."""

    days: pd.DataFrame
    marks: pd.DataFrame
    points: pd.DataFrame
    undated: pd.DataFrame
    tables: tuple[pd.DataFrame, ...]


def profiles(spec: ProfileSpec, frames: Frames) -> ProfileRecords:
    """All that the profile shows of all subjects of ADSL; a dataset that was not made shows nothing."""
    days = origins(spec, frames["adsl"])
    day0 = days.set_index(SUBJECT)["DAY0"]
    marks = _all((_marks(one, number, frames, day0) for number, one in enumerate(spec.lanes) if one.of in frames), MARK)
    points = _all((_points(one, number, frames, day0) for number, one in enumerate(spec.charts) if one.of in frames),
                  POINT)  # fmt: skip
    drawn, shown = marks["SURE"].notna() | marks["END"].notna(), points["DAY"].notna() & points["VALUE"].notna()
    undated = _undated(spec, marks[~drawn], points[~shown])
    marks, points = marks[drawn], points[shown]
    tables = tuple(_table(one, frames, day0) for one in spec.tables)
    return ProfileRecords(_spanned(days, marks, points), marks, points, undated, tables)


def origins(spec: ProfileSpec, adsl: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: USUBJID, ORIGIN (what day 0 is) and DAY0; missing where the subject has none of them."""
    found = pd.DataFrame({SUBJECT: adsl[SUBJECT], "ORIGIN": None, "DAY0": pd.NaT})
    found["ORIGIN"], found["DAY0"] = found["ORIGIN"].astype("str"), found["DAY0"].astype("datetime64[s]")
    for variable, label in ((name, label) for name, label in spec.origins.items() if name in adsl):
        lacks = found["DAY0"].isna() & adsl[variable].notna()
        found["DAY0"] = found["DAY0"].mask(lacks, adsl[variable])
        found["ORIGIN"] = found["ORIGIN"].mask(lacks, label)
    return found.reset_index(drop=True)


def _all(parts: Iterable[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """The parts one below the other."""
    found = [part[columns] for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _records(of: str, where: str, frames: Frames) -> pd.DataFrame:
    """The records of a dataset that meet the clause, of subjects of ADSL, with where each comes from (SOURCE)."""
    frame = frames[of]
    chosen = frame[meets(beside(frame, frames["adsl"], where, of.upper()), where, of.upper())]
    chosen = chosen[chosen[SUBJECT].isin(frames["adsl"][SUBJECT])]
    seq = next((name for name in ("ASEQ", f"{of[-2:].upper()}SEQ") if name in frame), "")
    return chosen.assign(
        DATASET=of.upper(), RECORD=chosen.index + 1, SEQ=chosen[seq] if seq else np.nan,
        SRCDOM=chosen["SRCDOM"] if "SRCDOM" in frame else of.upper(),
        SRCSEQ=chosen["SRCSEQ"] if "SRCSEQ" in frame else chosen[seq] if seq else np.nan,
    )  # fmt: skip


def _once(marks: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """A record that stands in a dataset again for another treatment period is shown once."""
    again = marks.duplicated([SUBJECT, "SRCDOM", "SRCSEQ", *by]) & marks["SRCSEQ"].notna()
    return marks[~again]


def _marks(lane: LaneSpec, number: int, frames: Frames, day0: pd.Series) -> pd.DataFrame:
    """One record per record of the lane, with the days it may have lasted."""
    records = _records(lane.of, lane.where, frames)
    start, end = iso(records, lane.start), iso(records, lane.end) if lane.end else iso(records, lane.start)
    goes_on = meets(records, lane.ongoing, lane.of.upper()) if lane.ongoing else pd.Series(False, records.index)
    without_end = end.isna() & start.notna()
    opened = goes_on.map({True: ONGOING, False: NOT_RECORDED}).where(without_end)
    backward = (latest(end) < earliest(start)).fillna(False)
    opened = opened.mask(start.isna() & end.notna(), NOT_KNOWN).mask(backward, BACKWARD)
    sure, until = _day(latest(start), records, day0), _day(earliest(end), records, day0)
    made = records.assign(
        LANE=number, ROW=_row(records, lane.rows), OPEN=opened.fillna(""),
        START=_day(earliest(start), records, day0), SURE=sure, END=_day(latest(end), records, day0).mask(backward),
        UNTIL=until.mask(until < sure, sure).mask(backward), DATES=_dates(start, end, opened, bool(lane.end)),
        TEXT=_words(records, lane.text), LEVEL=_words(records, (lane.colour,)) if lane.colour else "",
    )  # fmt: skip
    return _once(made, ["LANE", "ROW"])


def _row(records: pd.DataFrame, variable: str) -> pd.Series | str:
    """The row of each record in its lane; one without a value has a row that says so."""
    if not variable:
        return ""
    told = _words(records, (variable,))
    return told.mask(told == "", f"no {variable}")


def _points(chart: ChartSpec, number: int, frames: Frames, day0: pd.Series) -> pd.DataFrame:
    """One record per record of the chart; a value below the limit stands at the limit."""
    records = _records(chart.of, chart.where, frames)
    date = iso(records, chart.date)
    below = meets(records, chart.below, chart.of.upper()) if chart.below else pd.Series(False, records.index)
    limit, value = _numbers(records, chart.limit), _numbers(records, chart.value)
    made = records.assign(
        CHART=number, BY=_words(records, (chart.by,)) if chart.by else "", DAY=_day(earliest(date), records, day0),
        DAYHI=_day(latest(date), records, day0), DATES=date.fillna(""), BELOW=below, LIMIT=limit,
        VALUE=value.mask(below & limit.notna(), limit), UNIT=_words(records, (chart.unit,)) if chart.unit else "",
        TEXT=_words(records, (chart.text,)) if chart.text else "",
        LOW=_numbers(records, chart.low), HIGH=_numbers(records, chart.high),
    )  # fmt: skip
    made["TEXT"] = made["TEXT"].mask(made["TEXT"] == "", _shown(value).fillna(""))
    return _once(made, ["CHART", "BY", "DAY"])


def _undated(spec: ProfileSpec, marks: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """What cannot be drawn: one record per record, with its lane or chart, what it says, and why (WHY)."""
    lanes, charts = [one.label for one in spec.lanes], [one.label for one in spec.charts]
    parts = [
        marks.assign(WHAT=marks["LANE"].map(dict(enumerate(lanes))), WHY="no date",
                     TEXT=(marks["ROW"] + " " + marks["TEXT"]).str.strip()),
        points.assign(WHAT=points["CHART"].map(dict(enumerate(charts))),
                      WHY=np.where(points["DAY"].isna(), "no date", "no number, " + points["DATES"].astype("str"))),
    ]  # fmt: skip
    return _all(parts, [SUBJECT, "WHAT", "TEXT", "WHY", *SOURCE])


def _table(table: RecordTable, frames: Frames, day0: pd.Series) -> pd.DataFrame:
    """The records of a table by subject and date: DAY, DATES, VALUE and the columns as they are read."""
    if table.of not in frames:
        return pd.DataFrame(columns=[SUBJECT, "DAY", "DATES", "VALUE", *table.columns, *SOURCE])
    records = _records(table.of, table.where, frames)
    date = iso(records, table.date)
    shown = {name: _words(records, (name,)) for name in table.columns}
    made = records[[SUBJECT, *SOURCE]].assign(
        DAY=_day(earliest(date), records, day0), DATES=date.fillna(""),
        VALUE=_words(records, (table.value,)) if table.value else "", **shown,
    )  # fmt: skip
    return _once(made, list(table.columns)).sort_values([SUBJECT, "DAY", "DATES"], kind="stable", ignore_index=True)


def _spanned(days: pd.DataFrame, marks: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The subjects with the first and last day of anything drawn; day 0 alone of whom nothing is."""
    ends = [marks[[SUBJECT, name]].set_axis([SUBJECT, "AT"], axis=1) for name in ("START", "SURE", "UNTIL", "END")]
    ends += [points[[SUBJECT, "DAY"]].set_axis([SUBJECT, "AT"], axis=1)]
    span = pd.concat(ends).astype({"AT": "float64"}).groupby(SUBJECT)["AT"].agg(["min", "max"])
    return days.assign(FIRST=days[SUBJECT].map(span["min"]).fillna(0.0).clip(upper=0.0),
                       LAST=days[SUBJECT].map(span["max"]).fillna(0.0).clip(lower=0.0))  # fmt: skip


def iso(records: pd.DataFrame, variable: str) -> pd.Series:
    """A date as ISO text, of an analysis date only what its imputation flag (variable and F) leaves known."""
    if variable not in records:
        return pd.Series(None, index=records.index, dtype="str")
    dates = records[variable]
    if not pd.api.types.is_datetime64_any_dtype(dates):
        return dates.astype("str").mask(dates == "")
    text = dates.dt.strftime("%Y-%m-%d").astype("str")
    flag = records.get(f"{variable}F", pd.Series(None, index=records.index, dtype="str"))
    for sign, kept in KNOWN.items():
        text = text.mask((flag == sign).fillna(False), text.str[:kept])
    return text.mask(text == "")


def _day(date: pd.Series, records: pd.DataFrame, day0: pd.Series) -> pd.Series:
    """Days from the subject's day 0."""
    return (date - records[SUBJECT].map(day0)).dt.days.astype("float64")


def _dates(start: pd.Series, end: pd.Series, opened: pd.Series, has_end: bool) -> pd.Series:
    """The dates of a mark in words, as collected."""
    start = start.str[:10]
    if not has_end:
        return start.fillna("")
    until = end.str[:10].fillna(opened)
    both = start.fillna("?") + " to " + until.fillna("?")
    return both.mask((start == until).fillna(False), start)


def _numbers(records: pd.DataFrame, variable: str) -> pd.Series:
    lacking = pd.Series(np.nan, index=records.index)
    return records[variable].astype("float64") if variable in records else lacking


def _words(records: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    """The values of variables side by side, those that are missing left out."""
    whole = pd.Series("", index=records.index, dtype="str")
    for name in names:
        text = _shown(records[name]).fillna("") if name in records else pd.Series("", records.index, dtype="str")
        whole = whole + np.where((whole != "") & (text != ""), " ", "") + text
    return whole


def _shown(values: pd.Series) -> pd.Series:
    """Values as they are read: numbers without needless zeros, dates as ISO text."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").astype("str")
    if pd.api.types.is_numeric_dtype(values):
        codes, numbers = pd.factorize(values)
        texts = pd.array([*(f"{number:.10g}" for number in numbers), None], dtype="str")
        return pd.Series(texts[codes], index=values.index)
    return values.astype("str")
