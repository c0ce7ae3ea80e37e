"""Haematotoxicity after CAR-T: ICAHT by EHA/EBMT (neutrophils) and T-ICAHT (platelets), early and late, and recovery.

Counts are records of USUBJID, CARTDY (the infusion day is 0) and AVAL in 10^9/L. The lowest count of a day counts; at
most 7 days without one are interpolated linearly, a longer gap ends a run. Days are counted in the longest consecutive
run, or with `run` CUMULATIVE in sum. Source: Rejeski et al., Blood 2023;142:865; T-ICAHT: analysis plan 4.3;
clarification 17.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.bounds import above, at_least, at_most, below

LAST_DAY, LATE_LAST_DAY = 30, 100
MAX_MISSING_DAYS = 7
NEUTROPENIA, AGRANULOCYTOSIS = 0.5, 0.1
NEVER_RECOVERED_FROM, NEVER_RECOVERED_TO = 3, 7
LATE_BOUNDS = (1.5, 1.0, 0.5, 0.1)  # grades 1 to 4 of late ICAHT: at most
RECOVERED_DAYS = 3


def icaht_early(neutrophils: pd.DataFrame, run: str = "CONSECUTIVE") -> pd.DataFrame:
    """Early ICAHT grade, one record per subject with a count on days 0 to 30: USUBJID, DAYS500, DAYS100, ICAHTE.

    1. DAYS500, DAYS100: days with at most 0.5 and 0.1 x 10^9/L.
    2. Grade 1 from 1 day at 0.5, 2 from 7, 3 from 14 days at 0.5 or 7 at 0.1, 4 from 14 days at 0.1.
    3. Grade 4 also when a run at 0.5 begins by day 3 and lasts to the last count, on day 7 or later (never recovered).
    """
    days = _daily(neutrophils, 0, LAST_DAY)
    low = _runs(days, at_most(days["AVAL"], NEUTROPENIA), run)
    runs = days.groupby("USUBJID").agg(LAST=("SEEN", "max")).join(low)
    runs["DAYS100"] = _runs(days, at_most(days["AVAL"], AGRANULOCYTOSIS), run)["DAYS"]
    never = runs["UNBROKEN"] & (runs["LAST"] >= NEVER_RECOVERED_TO)
    deep, long = runs["DAYS100"], runs["DAYS"]
    conditions = [never | (deep >= 14), (long >= 14) | (deep >= 7), long >= 7, long >= 1]
    runs["ICAHTE"] = np.select(conditions, [4.0, 3.0, 2.0, 1.0], 0.0)
    return runs.rename(columns={"DAYS": "DAYS500"}).reset_index()[["USUBJID", "DAYS500", "DAYS100", "ICAHTE"]]


def icaht_late(neutrophils: pd.DataFrame) -> pd.DataFrame:
    """Late ICAHT grade, one record per subject with a count on days 31 to 100: USUBJID, NADIR, ICAHTL.

    The lowest count decides: at most 1.5, 1.0, 0.5, 0.1 x 10^9/L are grades 1 to 4. Of several counts a second one of
    at most 1.5 must confirm it, else the grade is 0.
    """
    window = _within(neutrophils, LAST_DAY + 1, LATE_LAST_DAY)
    low = window.assign(LOW=at_most(window["AVAL"], LATE_BOUNDS[0]))
    found = low.groupby("USUBJID").agg(NADIR=("AVAL", "min"), COUNTS=("AVAL", "size"), LOW=("LOW", "sum"))
    grade = sum(at_most(found["NADIR"], bound).astype("float64") for bound in LATE_BOUNDS)
    confirmed = (found["LOW"] >= 2) | (found["COUNTS"] == 1)
    return found.assign(ICAHTL=(grade * confirmed)).reset_index()[["USUBJID", "NADIR", "ICAHTL"]]


def t_icaht(platelets: pd.DataFrame, when: str) -> pd.DataFrame:
    """T-ICAHT grade of days 0 to 30 (EARLY) or 31 to 100 (LATE), one record per subject with a count: TICAHT.

    Days are always counted in sum. Early: below 50 x 10^9/L on 1 day grade 1, 7 days grade 2; late: below 100 grade 1,
    below 50 grade 2; both: below 20 on 1 day grade 3, 14 days grade 4.
    """
    first, last = (0, LAST_DAY) if when == "EARLY" else (LAST_DAY + 1, LATE_LAST_DAY)
    days = _daily(platelets, first, last)
    counted = {bound: below(days["AVAL"], bound).groupby(days["USUBJID"]).sum() for bound in (100, 50, 20)}
    mild = [counted[50] >= 7, counted[50] >= 1] if when == "EARLY" else [counted[50] >= 1, counted[100] >= 1]
    conditions = [counted[20] >= 14, counted[20] >= 1, *mild]
    grade = np.select(conditions, [4.0, 3.0, 2.0, 1.0], 0.0)
    return pd.DataFrame({"USUBJID": counted[20].index, "TICAHT": grade})


def recovery(counts: pd.DataFrame, limit: float, or_equal: bool) -> pd.DataFrame:
    """Day of recovery, one record per subject whose count was low on a day 0 to 100: USUBJID, RECDY (missing: never).

    The first of 3 consecutive days above the limit (or equal), after the first day that was not; days without a count
    are interpolated as for ICAHT.
    """
    days = _daily(counts, 0, LATE_LAST_DAY)
    well = (at_least if or_equal else above)(days["AVAL"], limit)
    low = (~well & days["AVAL"].notna()).groupby(days["USUBJID"]).cummax()
    by_subject = (well & low).astype("int64").groupby(days["USUBJID"])
    run = sum(by_subject.shift(-step).fillna(0) for step in range(RECOVERED_DAYS))
    first = days[run == RECOVERED_DAYS].groupby("USUBJID")["CARTDY"].min()
    ever = days.loc[low, "USUBJID"].drop_duplicates()
    return pd.DataFrame({"USUBJID": ever, "RECDY": first.reindex(ever).to_numpy(float)}).reset_index(drop=True)


def _within(counts: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    return counts[counts["CARTDY"].between(first, last) & counts["AVAL"].notna()]


def _daily(counts: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """One record per subject and day of the window: the lowest count, short gaps filled on the line between two.

    SEEN is the day of a count.
    """
    window = _within(counts, first, last)
    lowest = window.groupby(["USUBJID", "CARTDY"])["AVAL"].min()
    grid = pd.MultiIndex.from_product([window["USUBJID"].unique(), range(first, last + 1)], names=["USUBJID", "CARTDY"])
    return _interpolated(lowest.reindex(grid).reset_index())


def _interpolated(days: pd.DataFrame) -> pd.DataFrame:
    days = days.assign(SEEN=days["CARTDY"].where(days["AVAL"].notna()).astype(float))
    around = days.groupby("USUBJID")[["SEEN", "AVAL"]]
    before, after = around.ffill(), around.bfill()
    width = after["SEEN"] - before["SEEN"]
    part = ((days["CARTDY"] - before["SEEN"]) / width).fillna(0.0)  # a day with a count is 0 of 0
    line = before["AVAL"] + part * (after["AVAL"] - before["AVAL"])
    return days.assign(AVAL=line.where(width <= MAX_MISSING_DAYS + 1))


def _runs(days: pd.DataFrame, low: pd.Series, how: str) -> pd.DataFrame:
    """Per subject: days that are low (DAYS), and whether a run of them lasts from day 3 or before to the last count."""
    run = (~low).cumsum()
    by = ["USUBJID"] if how == "CUMULATIVE" else ["USUBJID", run]
    runs = days.assign(LOW=low.astype(float)).groupby(by).agg(DAYS=("LOW", "sum"))
    lows = days[low].groupby(["USUBJID", run[low]]).agg(FROM=("CARTDY", "min"), TO=("CARTDY", "max"))
    lows = lows.join(days.groupby("USUBJID")["SEEN"].max())
    whole = (lows["FROM"] <= NEVER_RECOVERED_FROM) & lows["TO"].eq(lows["SEEN"])
    longest = runs.groupby("USUBJID").max()
    return longest.assign(UNBROKEN=whole.groupby("USUBJID").any().reindex(longest.index, fill_value=False))
