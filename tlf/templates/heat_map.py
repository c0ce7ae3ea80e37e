"""Family `heat_map`: what every subject was at every visit, those who did best first.

`of`, `where` and `x` give the records: of a subject at each visit one, or the one to `take` (the lowest of `y`, say).
`colour` is the variable that fills the cells, of the same dataset, with its levels from the best. Subjects without a
record have an empty line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tlf import lines
from tlf.by_subject import of_subject, once, places, short, told
from tlf.conditions import SUBJECT, Records, all_of, chosen, equals
from tlf.ids import named
from tlf.order import in_order, partner
from tlf.panels import HeatMap, HeatRow
from tlf.results import BELOW, TEXT, Origin, Place, Result, entry
from tlf.shells import Panel, Shell

SUBJECT_LINE, CELL = "Subject", "Cell"


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """Per column and subject one record, and one per visit: LEVEL is the visit, VALUE its number, VALUEC the cell."""
    yield from lines.column_subjects(shell, records)
    where = records.resolved(all_of(shell.where, shell.colour.where))
    for place in places(shell):
        adsl = records.where("adsl", "", place.population)
        for subject in adsl[SUBJECT]:
            own = Origin("adsl", equals(adsl, SUBJECT, subject))
            yield entry(of_subject(place, SUBJECT_LINE, subject), own, "n", 1)
        yield from _cells(shell, place, where, records)


def _cells(shell: Shell, place: Place, where: str, records: Records) -> Iterator[Result]:
    variable = shell.colour.variable
    used = records.where(shell.of, where, place.population).dropna(subset=[shell.x, variable])
    if shell.take:
        used = chosen(used, [SUBJECT, shell.x], shell.take, shell.y)
    used = once(in_order(used, [shell.x]), shell, "a cell needs one: narrow `where:`, or say which to `take:`")
    number = partner(used, shell.x)
    order = used[number] if pd.api.types.is_numeric_dtype(used[number]) else pd.Series(np.nan, used.index)
    for subject, at, value, nth in zip(used[SUBJECT], used[shell.x], used[variable], order, strict=True):
        visit, text = (f"{one:g}" if isinstance(one, float) else str(one) for one in (at, value))
        clause = all_of(where, equals(used, SUBJECT, subject), equals(used, shell.x, visit))
        own = Origin(shell.of, clause, variable, visit)
        yield entry(of_subject(place, CELL, subject), own, TEXT, nth, text=text)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> HeatMap:
    """One panel, from the results alone."""
    own, values = results[results["COLUMN"].isin(panel.columns)], [level.value for level in shell.colour.values]
    cells = own[own["ROW"].str.startswith(f"{named(CELL)}{BELOW}")].sort_values("VALUE", kind="stable")
    visits, found = list(cells["LEVEL"].unique()), cells.set_index(["ROW", "LEVEL"])["VALUEC"].to_dict()
    lines = {str(who): tuple(found.get((f"{named(CELL)}{BELOW}{who}", visit), "") for visit in visits)
             for who in told(own, SUBJECT_LINE, "VALUE").index}  # fmt: skip
    best = sorted(lines, key=lambda who: [-lines[who].count(value) for value in values])
    best.sort(key=lambda who: min((values.index(one) for one in lines[who] if one in values), default=len(values)))
    names = short(best)
    rows = tuple(HeatRow(names[who], lines[who], f"{CELL}{BELOW}{who}") for who in best)
    return HeatMap(rows, tuple(visits), tuple((one.value, one.label) for one in shell.colour.values), panel.title)
