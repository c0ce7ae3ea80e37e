"""Rows of kind `median`: the Kaplan-Meier median."""

from __future__ import annotations

import pandas as pd

from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place
from tlf.rows import times
from tlf.rows.kinds import Median
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.survival import kaplan_meier, quantile


def median(unit: str, place: Place, origin: Origin, records: Records) -> Entries:
    """The median of the times behind a number, its limits and their coverage."""
    yield from _of(unit, place, (origin, *times.observations(place, origin, records)), records)


def _of(unit: str, place: Place, observed: tuple[Origin, pd.Series, pd.Series], records: Records) -> Entries:
    origin, days, events = observed
    found = quantile(kaplan_meier(days, events, **times.limits(records)))
    yield from times.in_unit(unit, place, origin, found, records)


def measure(row: Median, place: Place, records: Records) -> Entries:
    """The median, its limits and their coverage."""
    yield from _of(row.time, place, times.followed(row, place, records), records)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """One line: the median with its limits."""
    return [times.with_limits(line.row.show or times.TIME, shell, line, found)]
