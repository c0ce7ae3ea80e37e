"""Rows of kind `shift`: subjects by their category at baseline and after it, the combinations that occur."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import SUBJECT, Records, all_of, equals, of_subjects
from tlf.lines import Line
from tlf.model import Row
from tlf.order import in_order, ordered_by, ranked
from tlf.results import BELOW, Found, Origin, Place, entry
from tlf.rows.kinds import Shift
from tlf.rows.shares import Entries
from tlf.rows.words import Side
from tlf.shells import Shell


def measure_line(row: Shift, population: str, places: Sequence[Place], records: Records) -> Entries:
    """n and N of every combination that a subject has; with `by` those of each value of a variable below the row."""
    where = records.resolved(row.where)
    if not row.by:
        yield from _combinations(row, (where, population), places, records)
        return
    frame = records.where(row.dataset, where, population, ordered_by(records.where(row.dataset, ""), [row.by]))
    for value in map(value_text, in_order(frame, [row.by])[row.by].dropna().unique()):
        below = [_below(place, value) for place in places]
        yield from _combinations(row, (all_of(where, equals(frame, row.by, value)), population), below, records)


def _combinations(row: Shift, of: tuple[str, str], places: Sequence[Place], records: Records) -> Entries:
    """n and N of every combination, in the order of the categories (tlf/order.py), among the records and subjects `of`.

    A subject without a value on a side is MISSING there; one without any record of these is in none.
    """
    where, population = of
    everybody = sorted(records.subjects(row.dataset, where) & records.subjects("adsl", population))
    sides = [_side(side, row, where, population, records) for side in (row.first, row.then)]
    pairs = pd.DataFrame({"first": sides[0], "then": sides[1]}, index=everybody)
    ranks = [pairs[name].map(_ranks(row, side)).fillna(len(side)) for name, side in zip(pairs, sides, strict=True)]
    for _, same in pairs.groupby(ranks):
        values = [row.missing if pd.isna(value) else value_text(value) for value in same.iloc[0][["first", "then"]]]
        labels = [side.each.replace("{level}", text) for side, text in zip((row.first, row.then), values, strict=True)]
        for place in places:
            whole = records.subjects("adsl", place.population)
            who = whole.intersection(same.index)
            origin = Origin(row.dataset, all_of(where, of_subjects(who)), row.then.variable, values[1])
            at = place._replace(rowid=BELOW.join([place.rowid, *labels]), row=BELOW.join([place.row, *values]))
            yield entry(at, origin, "n", len(who))
            yield entry(at, Origin("adsl", "", level=values[1]), "N", len(whole))


def _below(place: Place, value: str) -> Place:
    return place._replace(rowid=f"{place.rowid}{BELOW}{value}", row=f"{place.row}{BELOW}{value.replace(BELOW, '/')}")


def _side(side: Side, row: Shift, where: str, population: str, records: Records) -> pd.Series:
    """The category of every subject that has a record on this side, in the order of the categories."""
    asked = all_of(where, records.resolved(side.where))
    named = ordered_by(records.where(row.dataset, ""), [side.variable])
    taken = records.taken(row.dataset, asked, population, side.take, side.variable, named)
    return in_order(taken, [side.variable]).set_index(SUBJECT)[side.variable]


def _ranks(row: Shift, side: pd.Series) -> dict[object, int]:
    return {value: rank for rank, value in enumerate(ranked(side.dropna().unique(), row.values))}


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and below it a line for each category at baseline with those after it (for each value of `by`).

    Nothing where there are none.
    """
    rows, above, blank = list[Row](), [""], [""] * len(shell.columns)
    for name, said in found.below(line.key).items():
        *path, then = said.rowid.removeprefix(line.rowid + BELOW).split(BELOW)
        for depth, label in enumerate(path, start=1):
            if path[:depth] != above[:depth]:
                rows.append(Row((label, *blank), indent=line.indent + depth, keep_with_next=True))
        above = path
        values = lines.values(shell, line.key._replace(row=name), found)
        cells = [lines.statistics(line.row.show or "{n:xx}", one) for one in values]
        rows.append(Row((then, *cells), indent=line.indent + len(path) + 1, key=said.rowid))
    return [lines.heading(shell, line), *rows] if rows else []
