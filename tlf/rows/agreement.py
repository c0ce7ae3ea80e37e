"""Rows of kind `agreement`: how far two readings of the same subjects agree, with Cohen's kappa."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.clauses import meeting, meets
from pipeline.ground.faults import TrialError
from tlf import lines
from tlf.conditions import SUBJECT, Records, all_of
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place, entry
from tlf.rows.kinds import Agreement
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.agreement import kappa


def measure(row: Agreement, place: Place, records: Records) -> Entries:
    """pairs, agreement, and estimate, se, lower, upper of kappa, over the pairs of records of a subject.

    Raises TrialError where a subject has several records of one reading in a pair.
    """
    where, by = records.resolved(row.where), [SUBJECT, *row.pair]
    used = records.where(row.dataset, where, place.population)
    sides = [_side(row, used, clause, records) for clause in (row.reading, row.against)]
    for side in sides:
        if side.duplicated(by).any():
            what = f"{row.dataset.upper()} has several records of a reading for one {', '.join(by)}."
            raise TrialError(what, "", "name under `pair:` what tells them apart (ADT, AVISIT)")
    pairs = sides[0].merge(sides[1], on=by, suffixes=("", "_AGAINST"))
    readings = pairs["CATEGORY"], pairs["CATEGORY_AGAINST"]
    names = [one.id for one in row.values]
    level = records.decision("CI_LEVEL")
    found = kappa(*readings, names, weights=row.weights or "NONE", level=level)
    either = f"({records.resolved(row.reading)}) or ({records.resolved(row.against)})"
    origin = Origin(row.dataset, all_of(where, either), row.variable)
    yield entry(place, origin, "pairs", found["n"].value)
    for name in ("agreement", "estimate", "se", "lower", "upper"):
        yield entry(place, origin, name, found[name].value, note=found[name].note)
    yield entry(place, origin, "level", level)


def _side(row: Agreement, used: pd.DataFrame, clause: str, records: Records) -> pd.DataFrame:
    """The records of one reading with their CATEGORY: the value, or the first category whose clause they meet."""
    side = meeting(used, records.resolved(clause), row.dataset.upper())
    category = side[row.variable]
    for one in reversed(row.values):
        if one.where:
            category = category.mask(meets(side, records.resolved(one.where), row.dataset.upper()), one.id)
    return side.assign(CATEGORY=category)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """Kappa with its limits, and below it the share of pairs that agree."""
    show = line.row.show or "{estimate:x.xx} ({lower:x.xx}, {upper:x.xx}), {pairs:x} pairs, {agreement%:x.x} % alike"
    return [lines.printed(line, line.row.label, [lines.statistics(show, one)
                                                 for one in lines.values(shell, line.key, found)])]  # fmt: skip
