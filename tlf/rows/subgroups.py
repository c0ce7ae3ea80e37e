"""Rows of kind `subgroups`: a share of the subjects with each value of a variable of ADSL, with its exact limits."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import Records, all_of, equals, is_missing
from tlf.ids import named
from tlf.lines import Line
from tlf.model import Row
from tlf.order import in_order
from tlf.results import BELOW, Found, Origin, Place
from tlf.rows import shares
from tlf.rows.kinds import Subgroups
from tlf.rows.levels import MISSING
from tlf.shells import Shell


def measure_line(row: Subgroups, population: str, places: list[Place], records: Records) -> shares.Entries:
    """n, N, the proportion and its limits of every subgroup that the line's population has, in every column."""
    origin = Origin(row.dataset, records.resolved(row.where), row.within)
    for label, clause in _subgroups(row, population, records):
        for place in places:
            row_id = BELOW.join([place.row or named(place.rowid), label.replace(BELOW, "/")])  # "<65" is not ">=65"
            whole = all_of(place.population, clause)
            inside = place._replace(rowid=BELOW.join([place.rowid, label]), row=row_id, population=whole)
            yield from shares.share(row, inside, origin._replace(level=label), records)


def _subgroups(row: Subgroups, population: str, records: Records) -> Iterator[tuple[str, str]]:
    """The label of each subgroup and its clause on ADSL: the values of the shell, those the data have besides, none."""
    adsl = records.where("adsl", population)
    shell = {one.value: (one.label, records.resolved(one.where)) for one in row.values}
    for value, (label, where) in shell.items():
        yield label, where or equals(adsl, row.within, value)
    for value in in_order(adsl, [row.within])[row.within].dropna().unique():
        told = value_text(value)
        if told not in shell and not any(where for _, where in shell.values()):
            yield told, equals(adsl, row.within, told)
    if adsl[row.within].isna().any():
        yield MISSING, is_missing(row.within)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and below it the subgroups in their order."""
    rows, show = [lines.heading(shell, line)], shares.shown(line.row)
    for name, said in found.below(line.key).items():
        values = lines.values(shell, line.key._replace(row=name), found)
        cells = [lines.statistics(show, one) if one.get("N", (0,))[0] else lines.BLANK for one in values]
        rows.append(Row((said.rowid.rpartition(BELOW)[2], *cells), indent=line.indent + 1, key=said.rowid))
    return rows
