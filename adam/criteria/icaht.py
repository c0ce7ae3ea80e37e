"""Haematotoxicity after CAR-T by a table of days and counts (`criteria/icaht_2023.csv`): ICAHT, T-ICAHT, recovery.

Counts are records of USUBJID, CARTDY (the infusion day is 0) and AVAL in the unit of the bounds, 10^9/L. The lowest
count of a day counts; so many days without one (`gap`) are interpolated linearly, a longer gap ends a run. A row of the
table is one condition of a parameter on the counts of days `from` to `to`: those that pass `compare bound`, and `how`:
run (at least `days` in the longest consecutive run, or with CUMULATIVE in sum), sum (at least `days` in sum), never (a
run that begins by day `also` and lasts to the last count, on day `days` or later), nadir (any, and at least `days`
counts of at most `also`, or fewer counts than that), count (the number of days, as run has it), recovery (the first of
`days` consecutive days that pass, after one that did not). A parameter with grades is the highest whose condition
holds, 0 without any.

Source: Rejeski et al., Blood 2023;142:865; T-ICAHT and recovery: analysis plan 4.3; clarification 17.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipeline.ground.bounds import BY_SIGN, at_most

RECOVERY = "recovery"
NUMBERS = ["bound", "grade", "days", "also"]


@dataclass(frozen=True)
class CountRule:
    """One row of the table: what is asked of the days whose count passes the bound."""

    how: str
    compare: str
    bound: float
    grade: float
    days: float
    also: float


def haematotoxicity(counts: pd.DataFrame, rules: pd.DataFrame, run: str, gap: int) -> pd.DataFrame:
    """One record per subject with a count in the days of a parameter: USUBJID, AVAL; `rules` are the rows of that one.

    Of recovery only subjects who had to recover have a record; AVAL is missing where they did not.
    """
    first, last = (int(pd.to_numeric(rules[name]).iloc[0]) for name in ("from", "to"))
    window = counts[counts["CARTDY"].between(first, last) & counts["AVAL"].notna()]
    days = _daily(window, first, last, gap)
    numbers = rules.assign(**{name: pd.to_numeric(rules[name]) for name in NUMBERS})
    told = [CountRule(*row) for row in numbers[["how", "compare", *NUMBERS]].itertuples(index=False, name=None)]
    parts = [HOW[rule.how](days, window, rule, run) for rule in told]
    return pd.concat(parts, axis=1).max(axis=1).rename("AVAL").rename_axis("USUBJID").reset_index()


def _passing(counts: pd.DataFrame, rule: CountRule) -> pd.Series:
    return pd.Series(BY_SIGN[rule.compare](counts["AVAL"], rule.bound), counts.index, dtype="bool")


def _grade(met: pd.Series, rule: CountRule) -> pd.Series:
    """The grade of the rule where it is met, else 0."""
    return met.map({True: rule.grade, False: 0.0}).astype("float64")


def _run(days: pd.DataFrame, window: pd.DataFrame, rule: CountRule, run: str) -> pd.Series:
    return _grade(_count(days, window, rule, run) >= rule.days, rule)


def _sum(days: pd.DataFrame, window: pd.DataFrame, rule: CountRule, run: str) -> pd.Series:
    return _grade(_count(days, window, rule, "CUMULATIVE") >= rule.days, rule)


def _count(days: pd.DataFrame, window: pd.DataFrame, rule: CountRule, run: str) -> pd.Series:
    """Per subject the days that pass, in the longest consecutive run or in sum."""
    passing = _passing(days, rule)
    by = [days["USUBJID"]] if run == "CUMULATIVE" else [days["USUBJID"], (~passing).cumsum()]
    return passing.astype("float64").groupby(by).sum().groupby("USUBJID").max()


def _never(days: pd.DataFrame, window: pd.DataFrame, rule: CountRule, run: str) -> pd.Series:
    passing, last = _passing(days, rule), days.groupby("USUBJID")["SEEN"].max()
    runs = days[passing].groupby(["USUBJID", (~passing).cumsum()[passing]])["CARTDY"].agg(["min", "max"])
    runs = runs.join(last)
    whole = (runs["min"] <= rule.also) & runs["max"].eq(runs["SEEN"]) & (runs["SEEN"] >= rule.days)
    return _grade(whole.groupby("USUBJID").any().reindex(last.index, fill_value=False), rule)


def _nadir(days: pd.DataFrame, window: pd.DataFrame, rule: CountRule, run: str) -> pd.Series:
    marks = window.assign(PASSING=_passing(window, rule), LOW=at_most(window["AVAL"], rule.also))
    found = marks.groupby("USUBJID").agg(PASSING=("PASSING", "any"), LOW=("LOW", "sum"), COUNTS=("AVAL", "size"))
    return _grade(found["PASSING"] & ((found["LOW"] >= rule.days) | (found["COUNTS"] < rule.days)), rule)


def _recovery(days: pd.DataFrame, window: pd.DataFrame, rule: CountRule, run: str) -> pd.Series:
    well, subject = _passing(days, rule), days["USUBJID"]
    low = (~well & days["AVAL"].notna()).groupby(subject).cummax()
    by_subject = (well & low).astype("int64").groupby(subject)
    length = sum(by_subject.shift(-step).fillna(0) for step in range(int(rule.days)))
    first = days[length == rule.days].groupby("USUBJID")["CARTDY"].min()
    return first.reindex(days.loc[low, "USUBJID"].unique()).astype("float64")


HOW = {"run": _run, "sum": _sum, "count": _count, "never": _never, "nadir": _nadir, RECOVERY: _recovery}


def _daily(window: pd.DataFrame, first: int, last: int, gap: int) -> pd.DataFrame:
    """One record per subject and day: the lowest count, short gaps filled on the line; SEEN is the day of a count."""
    lowest = window.groupby(["USUBJID", "CARTDY"])["AVAL"].min()
    grid = pd.MultiIndex.from_product([window["USUBJID"].unique(), range(first, last + 1)], names=["USUBJID", "CARTDY"])
    days = lowest.reindex(grid).reset_index()
    days = days.assign(SEEN=days["CARTDY"].where(days["AVAL"].notna()).astype(float))
    around = days.groupby("USUBJID")[["SEEN", "AVAL"]]
    before, after = around.ffill(), around.bfill()
    width = after["SEEN"] - before["SEEN"]
    part = ((days["CARTDY"] - before["SEEN"]) / width).fillna(0.0)  # a day with a count is 0 of 0
    line = before["AVAL"] + part * (after["AVAL"] - before["AVAL"])
    return days.assign(AVAL=line.where(width <= gap + 1))
