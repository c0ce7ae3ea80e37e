"""Rows of kind `incidence`: the cumulative incidence of one kind of event at a day, in competition with the others."""

from __future__ import annotations

import numpy as np

from pipeline.ground.clauses import meets
from tlf import lines
from tlf.conditions import Records, all_of, beside
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place, entry
from tlf.rows import times
from tlf.rows.kinds import Incidence
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.competing_risks import cumulative_incidence, incidence_at


def measure(row: Incidence, place: Place, records: Records) -> Entries:
    """The incidence (Aalen-Johansen) by that day, the number of its events until then, and the number at risk."""
    origin = times.origin(row, records)._replace(level=row.at)
    days, events = times.observations(place, origin, records)
    asked = records.resolved(row.event)
    used = records.where(origin.dataset, origin.where, place.population)
    own = meets(beside(used, records.data.get("adsl"), asked), asked, row.dataset.upper())
    cause = np.where(events, np.where(own, 1, 2), 0)
    found = incidence_at(cumulative_incidence(days, cause), days, float(row.at))
    yield entry(place, origin, "estimate", found["estimate"].value, note=found["estimate"].note)
    still = origin._replace(where=all_of(origin.where, f"AVAL >= {row.at}"))
    yield entry(place, still, "at_risk", found["at_risk"].value)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The incidence, in percent."""
    show = line.row.show or "{estimate%:x.x}"
    return [lines.printed(line, line.row.label, [lines.statistics(show, one)
                                                 for one in lines.values(shell, line.key, found)])]  # fmt: skip
