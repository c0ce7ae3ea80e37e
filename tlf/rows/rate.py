"""Rows of kind `rate`: the share without event at a day."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place, entry
from tlf.rows import times
from tlf.rows.kinds import Rate
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.survival import kaplan_meier, rate_at

FEW = "fewer at risk than LANDMARK_MIN_N"
MARK = " #"
RATE = "{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})"


def measure(row: Rate, place: Place, records: Records) -> Entries:
    """The rate, its standard error and limits, and the number at risk, marked when it is small."""
    origin, days, events = times.followed(row, place, records)
    origin = origin._replace(level=row.at)
    curve = kaplan_meier(days, events, **times.limits(records))
    asked = (records.decision("KM_BEYOND"), records.decision("KM_LIMITS_AT_1"))
    found = rate_at(curve, float(row.at), beyond=asked[0], at_1=asked[1])
    at_risk = found.pop("at_risk").value
    few = FEW if at_risk < records.decision("LANDMARK_MIN_N") else ""
    for name, statistic in found.items():
        yield entry(place, origin, name, statistic.value, note=statistic.note)
    yield entry(place, times.still_at_risk(row, origin, row.at, records), "at_risk", at_risk, note=few)
    yield entry(place, origin, "level", records.decision("CI_LEVEL"))


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The rate with its limits, and the subjects at risk below it."""
    marks = [MARK if found.note(line.key, column.id, "at_risk") else "" for column in shell.columns]
    counts = [lines.statistics("{at_risk:x}", one) for one in lines.values(shell, line.key, found)]
    at_risk = [count + mark for count, mark in zip(counts, marks, strict=True)]
    rate = times.with_limits(line.row.show or RATE, shell, line, found)
    return [rate, lines.printed(line, "Subjects at risk", at_risk, 1)]
