"""Early haematotoxicity after CAR-T (ICAHT, neutrophils) by EHA/EBMT (Rejeski et al., Blood 2023;142:865)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.bounds import at_most

LAST_DAY = 30
MAX_MISSING_DAYS = 7
NEUTROPENIA, AGRANULOCYTOSIS = 0.5, 0.1
NEVER_RECOVERED_FROM, NEVER_RECOVERED_TO = 3, 7


def icaht_early(neutrophils: pd.DataFrame) -> pd.DataFrame:
    """Early ICAHT grade, one record per subject with a count on days 0 to 30: USUBJID, DAYS500, DAYS100, ICAHTE.

    1. The lowest count of a day counts; at most 7 days without one are interpolated linearly, longer gaps end a run.
    2. DAYS500, DAYS100: the longest run of consecutive days with at most 0.5 and 0.1 x 10^9/L.
    3. Grade 1 from 1 day at 0.5, 2 from 7, 3 from 14 days at 0.5 or 7 at 0.1, 4 from 14 days at 0.1.
    4. Grade 4 also when a run at 0.5 begins by day 3 and lasts to the last count, on day 7 or later (never recovered).

    Columns: USUBJID, CARTDY (infusion day 0), AVAL in 10^9/L. Source: analysis plan 4.3, clarification 17.
    """
    days = _interpolated(_daily_lowest(neutrophils))
    low = _runs(days, NEUTROPENIA)
    runs = days.groupby("USUBJID").agg(LAST=("SEEN", "max")).join(low)
    runs["DAYS100"] = _runs(days, AGRANULOCYTOSIS)["DAYS"]
    never = runs["UNBROKEN"] & (runs["LAST"] >= NEVER_RECOVERED_TO)
    deep, long = runs["DAYS100"], runs["DAYS"]
    conditions = [never | (deep >= 14), (long >= 14) | (deep >= 7), long >= 7, long >= 1]
    runs["ICAHTE"] = np.select(conditions, [4.0, 3.0, 2.0, 1.0], 0.0)
    return runs.rename(columns={"DAYS": "DAYS500"}).reset_index()[["USUBJID", "DAYS500", "DAYS100", "ICAHTE"]]


def _daily_lowest(neutrophils: pd.DataFrame) -> pd.DataFrame:
    """One record per subject and day 0 to 30 with the lowest count, missing on days without one."""
    window = neutrophils[neutrophils["CARTDY"].between(0, LAST_DAY) & neutrophils["AVAL"].notna()]
    lowest = window.groupby(["USUBJID", "CARTDY"])["AVAL"].min()
    grid = pd.MultiIndex.from_product([window["USUBJID"].unique(), range(LAST_DAY + 1)], names=["USUBJID", "CARTDY"])
    return lowest.reindex(grid).reset_index()


def _interpolated(days: pd.DataFrame) -> pd.DataFrame:
    """The same records with short gaps filled on the line between two counts; SEEN is the day of a count."""
    days = days.assign(SEEN=days["CARTDY"].where(days["AVAL"].notna()).astype(float))
    around = days.groupby("USUBJID")[["SEEN", "AVAL"]]
    before, after = around.ffill(), around.bfill()
    width = after["SEEN"] - before["SEEN"]
    part = ((days["CARTDY"] - before["SEEN"]) / width).fillna(0.0)  # a day with a count is 0 of 0
    line = before["AVAL"] + part * (after["AVAL"] - before["AVAL"])
    return days.assign(AVAL=line.where(width <= MAX_MISSING_DAYS + 1))


def _runs(days: pd.DataFrame, limit: float) -> pd.DataFrame:
    """Per subject: longest run at or below the limit (DAYS), and whether one lasts from day 3 or before to the end."""
    low = at_most(days["AVAL"], limit)
    run = (~low).cumsum()
    runs = days.assign(LOW=low.astype(float)).groupby(["USUBJID", run]).agg(DAYS=("LOW", "sum"))
    lows = days[low].groupby(["USUBJID", run[low]]).agg(FROM=("CARTDY", "min"), TO=("CARTDY", "max"))
    last = days.groupby("USUBJID")["SEEN"].max()
    lows = lows.join(last)
    whole = (lows["FROM"] <= NEVER_RECOVERED_FROM) & lows["TO"].eq(lows["SEEN"])
    longest = runs.groupby("USUBJID").max()
    return longest.assign(UNBROKEN=whole.groupby("USUBJID").any().reindex(longest.index, fill_value=False))
