"""Exposure-adjusted incidence: subjects with an event per 100 months at risk, to their first event or to the end.

A subject without event is at risk to the end; limits are exact (Poisson).
"""

from __future__ import annotations

import pandas as pd

from tlf.conditions import DATES, SUBJECT, Records
from tlf.results import Origin, Place, entry
from tlf.rows.shares import Entries
from tlf.rows.times import days_of
from tlf.rows.words import TimeAtRisk
from tlf.stats.rates import exact_rate

PER = 100
EMERGENT = "TRTEMDT"  # since when an event counts that began before the treatment and worsened under it


def time_at_risk(said: TimeAtRisk, place: Place, records: Records) -> pd.DataFrame:
    """One record per subject of the place, by USUBJID: first and last day at risk (start, end)."""
    people = records.where("adsl", "", place.population).set_index(SUBJECT)
    end = people[list(said.until)].min(axis=1)
    if said.days:
        last = people[said.after or said.start] + pd.to_timedelta(float(records.resolved(said.days)), unit="D")
        end = pd.concat([end, last], axis=1).min(axis=1)
    return pd.DataFrame({"start": people[said.start], "end": end})


def began(events: pd.DataFrame) -> pd.Series:
    """When each event began to count."""
    found = events[next(name for name in (EMERGENT, *DATES) if name in events)]
    return found.fillna(events["ASTDT"]) if "ASTDT" in events else found


def days_at_risk(first: pd.Series, at_risk: pd.DataFrame) -> pd.Series:
    """The days at risk of subjects with their first event: it ends their time, both days included.

    An event without a date, or after the end, counts at the end.
    """
    return ((pd.concat([first, at_risk["end"]], axis=1).min(axis=1) - at_risk["start"]).dt.days + 1).clip(lower=1)


def rates(place: Place, origin: Origin, events: pd.DataFrame, at_risk: pd.DataFrame, records: Records) -> Entries:
    """months at risk, and the rate of subjects with such an event per 100 of them, with limits."""
    first = began(events).groupby(events[SUBJECT]).min().reindex(at_risk.index)
    days, n = days_at_risk(first, at_risk), int(at_risk.index.isin(events[SUBJECT]).sum())
    yield from rate(place, origin, (n, days.sum(), int(days.isna().sum())), records)


def rate(place: Place, origin: Origin, counts: tuple[int, float, int], records: Records) -> Entries:
    """months, and the rate with its limits; `counts`: subjects with an event, days at risk, who has no known time."""
    n, days, unknown = counts
    months = float(days) / days_of("months", records)
    level = records.decision("CI_LEVEL")
    yield entry(place, origin, "months", months, note=f"{unknown} subjects without known time" if unknown else "")
    for name, statistic in exact_rate(n, months / PER, level).items():
        called = "rate" if name == "estimate" else f"rate_{name}"
        yield entry(place, origin, called, statistic.value, note=statistic.note)
