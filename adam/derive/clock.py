"""Clock times of doses and onsets: what happened before a dose on its own day."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days


def dosing_days(dosing: pd.DataFrame, period: int, role: str = "") -> pd.DataFrame:
    """One record per subject and day of dosing of a period (by one role): DATE, its number NTH from 1, CLOCK.

    CLOCK (HH:MM) is that of the first dose of the day, missing where none has a time.
    """
    given = dosing[dosing["GIVENFL"].eq("Y") & dosing["APERIOD"].eq(period)]
    given = given[given["EXCAT"] == role] if role else given
    dated = given.assign(CLOCK=clock(given["EXSTDTC"]))
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
