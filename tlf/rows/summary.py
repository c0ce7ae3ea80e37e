"""Rows of kind `summary`: the statistics of one variable, one value per subject."""

from __future__ import annotations

from pipeline.ground.faults import TrialError
from tlf import lines
from tlf.conditions import Records, all_of, is_missing
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place, entry
from tlf.rows.kinds import SummaryRow
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.summary import describe


def measure(row: SummaryRow, place: Place, records: Records) -> Entries:
    """The statistics of the values there are, and the subjects without one. Raises TrialError for two of a subject."""
    dataset, where = row.dataset, records.resolved(row.where)
    present, absent = (all_of(where, one) for one in (f"{row.variable} == {row.variable}", is_missing(row.variable)))
    used = records.where(dataset, present, place.population)
    if used["USUBJID"].duplicated().any():
        what = f"{dataset.upper()} has several records of a subject where {present}."
        raise TrialError(what, f"{place.output}, {place.rowid}", "a summary needs one record per subject")
    found = describe(used[row.variable])
    found["nmiss"] = found["nmiss"]._replace(value=records.count(dataset, absent, place.population))
    for name, statistic in found.items():
        origin = Origin(dataset, absent if name == "nmiss" else present, row.variable)
        yield entry(place, origin, name, statistic.value, note=statistic.note)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """One line, or the label and a line for each of the `statistics`."""
    values = lines.values(shell, line.key, found)

    def filled(show: str) -> list[str]:
        return [lines.statistics(show, one) for one in values]

    if not line.row.statistics:
        return [lines.printed(line, line.row.label, filled(line.row.show))]
    rows = [lines.printed(line, label, filled(show), 1) for label, show in line.row.statistics]
    return [lines.heading(shell, line), *rows]
