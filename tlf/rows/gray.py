"""Rows of kind `gray`: Gray's test of equal cumulative incidence between the columns."""

from __future__ import annotations

import pandas as pd

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place, entry
from tlf.rows import competing, times
from tlf.rows.kinds import Gray
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.competing_risks import gray_test


def measure_line(row: Gray, population: str, places: list[Place], records: Records) -> Entries:
    """chisq, df and p_value, in the last of the columns that are compared."""
    origin, event = times.origin(row, records), records.resolved(row.event)
    yield from between(places, origin, event, records)


def between(places: list[Place], origin: Origin, event: str, records: Records) -> Entries:
    """The test between those columns that are apart, as results of the last of them (else of the last of all)."""
    compared = competing.apart(places, records)
    groups = [competing.causes(at, origin, event, records).assign(group=at.column) for at in compared]
    data = pd.concat(groups) if groups else pd.DataFrame(columns=["time", "cause", "group"])
    found = gray_test(data["time"], data["cause"], data["group"])
    place = (compared or places)[-1]._replace(population=competing.of_all(compared or places))
    for name in ("chisq", "df", "p_value"):
        yield entry(place, origin, name, found[name].value, note=found[name].note)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The p-value, in the column that has it."""
    cells = [lines.p_value(one, line.row.show) for one in lines.values(shell, line.key, found)]
    return [lines.printed(line, line.row.label, cells)]
