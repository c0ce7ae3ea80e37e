"""Clock times of doses and onsets: what happened before a dose on its own day."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.doses import doses_given


def dosing_days(ex: pd.DataFrame, role: str = "") -> pd.DataFrame:
    """One record per subject and day of dosing (of one role): DATE, its number NTH from 1, CLOCK of its first dose.

    CLOCK is HH:MM, missing where no dose of the day has a time; a dose without a whole date is on its first possible
    day.
    """
    given = doses_given(ex)
    given = given[given["EXCAT"] == role] if role else given
    dated = given.assign(DATE=possible_days(given["EXSTDTC"])["FIRST"], CLOCK=clock(given["EXSTDTC"]))
    dated = dated.dropna(subset=["DATE"]).sort_values(["USUBJID", "DATE", "CLOCK"], na_position="last")
    days = dated.drop_duplicates(["USUBJID", "DATE"])[["USUBJID", "DATE", "CLOCK"]]
    return days.assign(NTH=days.groupby("USUBJID").cumcount() + 1)


def clock(dtc: pd.Series) -> pd.Series:
    """The hours and minutes (HH:MM) of ISO 8601 text; missing where it does not say them."""
    return dtc.astype("str").str.extract(r"^\d{4}-\d{2}-\d{2}T(\d{2}:\d{2})", expand=False).astype("str")


def earlier_that_day(dtc: pd.Series, day: pd.Series, dose: pd.Series) -> pd.Series:
    """True where a time on this day is before the clock of the dose; without one of both times it is not before."""
    times, days = clock(dtc), possible_days(dtc)
    return days["DTF"].isna() & days["FIRST"].eq(day) & times.notna() & dose.notna() & (times < dose)
