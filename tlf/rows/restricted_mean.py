"""Rows of kind `restricted_mean`: the mean time without event within a stretch of time."""

from __future__ import annotations

from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place
from tlf.rows import times
from tlf.rows.kinds import RestrictedMean
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.survival import kaplan_meier, restricted_mean


def measure(row: RestrictedMean, place: Place, records: Records) -> Entries:
    """The area under the curve to that day, its standard error, limits and their coverage."""
    origin, days, events = times.followed(row, place, records)
    until, level = float(records.resolved(row.until)), records.decision("CI_LEVEL")
    found = restricted_mean(kaplan_meier(days, events), until, level=level)
    yield from times.in_unit(row.time, place, origin, found, records)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """One line: the mean with its limits."""
    return [times.with_limits(line.row.show or times.TIME, shell, line, found)]
