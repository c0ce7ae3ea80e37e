"""Rows of kind `follow_up`: the median follow-up by reverse Kaplan-Meier, and the observed range."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place
from tlf.rows import times
from tlf.rows.kinds import FollowUp
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.survival import follow_up


def measure(row: FollowUp, place: Place, records: Records) -> Entries:
    """The median follow-up, its limits and their coverage, and the range."""
    origin, days, events = times.followed(row, place, records)
    found = follow_up(days, events, **times.limits(records))
    yield from times.in_unit(row.time, place, origin, found, records)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The median with its limits, and the range below it."""
    cells = [lines.statistics("{min:x.x} to {max:x.x}", span) for span in lines.values(shell, line.key, found)]
    median = times.with_limits(line.row.show or times.TIME, shell, line, found)
    return [median, lines.printed(line, f"Observed range ({line.row.time})", cells, 1)]
