"""Rows of kind `incidence`: the cumulative incidence of one kind of event at a day, in competition with the others."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records, all_of
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place, entry
from tlf.rows import competing, times
from tlf.rows.kinds import Incidence
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.competing_risks import cumulative_incidence, incidence_at

LIMITS = "{lower"


def measure(row: Incidence, place: Place, records: Records) -> Entries:
    """The incidence (Aalen-Johansen) by that day, its standard error and limits, and the number at risk."""
    origin = times.origin(row, records)._replace(level=row.at)
    data, level = competing.causes(place, origin, records.resolved(row.event), records), records.decision("CI_LEVEL")
    curve = cumulative_incidence(data["time"], data["cause"], level=level)
    found = incidence_at(curve, data["time"], float(row.at))
    at_risk = found.pop("at_risk")
    for name, statistic in found.items():
        yield entry(place, origin, name, statistic.value, note=statistic.note)
    still = origin._replace(where=all_of(origin.where, f"AVAL >= {row.at}"))
    yield entry(place, still, "at_risk", at_risk.value)
    yield entry(place, origin, "level", level)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The incidence, in percent; the label names the coverage of limits that are shown."""
    show = line.row.show or "{estimate%:x.x}"
    if LIMITS in show:
        return [times.with_limits(show, shell, line, found)]
    return [lines.printed(line, line.row.label, [lines.statistics(show, one)
                                                 for one in lines.values(shell, line.key, found)])]  # fmt: skip
