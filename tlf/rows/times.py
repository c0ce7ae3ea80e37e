"""Times to an event: what medians, rates and follow-up share. Times print in the unit of their output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pandas as pd

from pipeline.ground.faults import TrialError
from tlf import lines
from tlf.conditions import Records, all_of
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place, entry
from tlf.rows.shares import Entries, inside
from tlf.rows.timed import Followed, Timed
from tlf.rows.words import EVERYBODY
from tlf.shells import Shell
from tlf.stats import Statistic
from tlf.stats.survival import event_flag

TIME = "{estimate:x.x} ({lower:x.x}, {upper:x.x})"


def origin(row: Timed, records: Records) -> Origin:
    """The times of a row, one record per subject."""
    return Origin(row.dataset, records.resolved(row.where), "AVAL")


def followed(row: Followed, place: Place, records: Records) -> tuple[Origin, pd.Series, pd.Series]:
    """The times of a row in a column with their days and event flags: of its `denominator`, from its `landmark` on."""
    found, base, landmark = origin(row, records), row.denominator, records.resolved(row.landmark)
    if landmark:
        found = found._replace(where=all_of(found.where, f"AVAL > {landmark}"))
    if base != EVERYBODY:
        found = inside(found, Origin(base.of, records.resolved(base.where)), place, records)
    days, events = observations(place, found, records)
    return found, days - float(landmark or 0), events


def days_of(unit: str, records: Records) -> float:
    """The days of a unit of time: 1, 7, or those of a month (decision MONTH_DAYS)."""
    return {"days": 1.0, "weeks": 7.0}.get(unit) or float(records.decision("MONTH_DAYS"))


def observations(place: Place, origin: Origin, records: Records) -> tuple[pd.Series, pd.Series]:
    """Days and event flags of the subjects behind a number. Raises TrialError where a subject has two records."""
    used = records.where(origin.dataset, origin.where, place.population)
    if used["USUBJID"].duplicated().any():
        what = f"{origin.dataset.upper()} has several records of a subject where {origin.where}."
        raise TrialError(what, f"{place.output}, {place.rowid}", "a time to an event needs one record per subject")
    return used["AVAL"], event_flag(used["CNSR"])


def still_at_risk(row: Followed, origin: Origin, at: str, records: Records) -> Origin:
    """The times of a row that last until the day `at`."""
    day = str(float(at) + float(records.resolved(row.landmark))) if row.landmark else at
    return origin._replace(where=all_of(origin.where, f"AVAL >= {day}"))


class Limits(TypedDict):
    """How limits of survival are made: their scale and coverage."""

    transform: str
    level: float


def limits(records: Records) -> Limits:
    """How limits are made, as the functions of tlf.stats.survival take it."""
    return {"transform": records.decision("KM_TRANSFORM").lower(), "level": records.decision("CI_LEVEL")}


def in_unit(unit: str, place: Place, origin: Origin, found: Mapping[str, Statistic], records: Records) -> Entries:
    """Statistics of days in another unit, which stands in LEVEL, and the coverage of their limits."""
    origin = origin._replace(level=unit.upper())
    for name, statistic in found.items():
        yield entry(place, origin, name, statistic.value / days_of(unit, records), note=statistic.note)
    yield entry(place, origin, "level", records.decision("CI_LEVEL"))


def with_limits(show: str, shell: Shell, line: Line, found: Found) -> Row:
    """The printed row of an estimate with its limits; the label names their coverage."""
    label = f"{line.row.label} ({lines.level(shell, line, found)} CI)"
    cells = [lines.statistics(show, one) for one in lines.values(shell, line.key, found)]
    return lines.printed(line, label, [lines.closed_up(text) for text in cells])
