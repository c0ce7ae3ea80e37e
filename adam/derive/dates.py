"""Dates from ISO 8601 text, and the days between them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground import dates as iso

SECONDS = 24 * 60 * 60  # of a day


def possible_days(dtc: pd.Series) -> pd.DataFrame:
    """The days a (partial) ISO 8601 date may mean: FIRST, LAST and DTF, one row per value.

    DTF is D when the day is unknown, M when the month is. What is no date gives missing days.
    """
    codes, texts = pd.factorize(dtc)
    told = pd.Series([*texts, None], dtype="str")  # each text once; the last, of no record, is that of missing ones
    first, last, text = iso.earliest(told), iso.latest(told), told.str.slice(0, 10)
    flag = np.select([iso.is_complete(text), text.str.fullmatch(r"\d{4}-\d{2}")], ["", "D"], "M")
    dtf = pd.Series(flag, dtype="str")
    days = pd.DataFrame({"FIRST": first, "LAST": last, "DTF": dtf.where(first.notna() & dtf.ne(""))})
    return days.iloc[codes].set_axis(dtc.index)


def may_be(days: pd.DataFrame, date: pd.Series) -> pd.Series:
    """True where a partial date (its possible days) may stand for this date."""
    return days["DTF"].notna() & (date >= days["FIRST"]) & (date <= days["LAST"])


def latest_start(start: pd.DataFrame, end: pd.DataFrame) -> pd.Series:
    """The last day on which something may have begun: a partial or unknown start is not later than its known end."""
    open_start = start["DTF"].notna() | start["LAST"].isna()
    return start["LAST"].mask(open_start, earliest(start["LAST"], end["LAST"]))


def days_from(date: pd.Series, anchor: pd.Series) -> pd.Series:
    """Days from the anchor to the date; the anchor's own day is 0."""
    return (date - anchor).dt.days.astype("float64")


def infusion_day(date: pd.Series, people: pd.DataFrame) -> pd.Series:
    """CARTDY: the day that a date is, counted from CARTSDT, whose own day has the number CARTSDY (without it: 0).

    Where that is 1 there is no day 0: the day before the infusion is day -1.
    """
    days = days_from(date, people["CARTSDT"])
    return days.mask(days >= 0, days + _first_number(people))


def date_of_day(anchor: pd.Series, day: pd.Series | float, people: pd.DataFrame) -> pd.Series:
    """The date of a day by its number, where the anchor's own day has the number CARTSDY; 0 is always the anchor's."""
    number = pd.Series(day, index=anchor.index, dtype="float64")
    first = _first_number(people)
    days = number.mask(number >= first, number - first).to_numpy()
    later = np.full(len(days), np.timedelta64("NaT", "s"))
    later[~np.isnan(days)] = (days[~np.isnan(days)] * SECONDS).astype("timedelta64[s]")
    return anchor + pd.Series(later, anchor.index)


def _first_number(people: pd.DataFrame) -> pd.Series:
    """The number of the infusion's own day."""
    return people["CARTSDY"].fillna(0) if "CARTSDY" in people.columns else pd.Series(0.0, index=people.index)


def study_day(date: pd.Series, reference: pd.Series) -> pd.Series:
    """Study day: the reference date is day 1, the day before is -1, there is no day 0."""
    days = days_from(date, reference)
    return days.where(days < 0, days + 1)


def add_days(date: pd.Series, days: float) -> pd.Series:
    """The date so many days later."""
    return date + pd.Timedelta(days=days)


def earliest(*dates: pd.Series) -> pd.Series:
    """The earliest of the dates that are there, row by row."""
    return pd.concat(dates, axis="columns").min(axis="columns")


def latest(*dates: pd.Series) -> pd.Series:
    """The latest of the dates that are there, row by row."""
    return pd.concat(dates, axis="columns").max(axis="columns")


def overlaps(first: pd.Series, last: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
    """True where days first..last meet days start..end; a missing bound is open, a missing start never meets."""
    reaches = last.isna() | (last >= start)
    begins = first.isna() | end.isna() | (first <= end)
    return start.notna() & reaches & begins
