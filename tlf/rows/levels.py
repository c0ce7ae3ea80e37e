"""Rows of kind `levels`: subjects by the values of one variable."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records, all_of, equals, is_missing, none_of
from tlf.ids import named
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place
from tlf.rows import shares
from tlf.rows.kinds import Levels
from tlf.shells import Shell

OTHER, MISSING = "Other value", "Missing"


def measure(row: Levels, place: Place, records: Records) -> shares.Entries:
    """A count per level, then the subjects with another value and those without one."""
    frame = records.where(row.dataset, "")
    wheres = {}
    for level in row.values:
        clause = records.resolved(level.where) or equals(frame, row.variable, level.value)
        wheres[level.label, level.id] = clause
    rest = none_of(*wheres.values())
    wheres[OTHER, named(OTHER)] = all_of(rest, f"{row.variable} == {row.variable}")
    wheres[MISSING, named(MISSING)] = all_of(rest, is_missing(row.variable))
    for (label, name), where in wheres.items():
        origin = Origin(row.dataset, all_of(row.where, where), row.variable, name)
        yield from shares.share(row, place._replace(rowid=_below(place.rowid, label)), origin, records)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and below it the levels; those outside the shell only where somebody has one."""
    rows, known = [lines.heading(shell, line)], [(level.label, level.id) for level in line.row.values]
    for label, name in [*known, *((one, named(one)) for one in (OTHER, MISSING))]:
        key = line.key._replace(level=name)
        if (label, name) in known or any(found.number(key, column.id, "n") > 0 for column in shell.columns):
            cells = [shares.printed_share(line.row, one) for one in lines.values(shell, key, found)]
            rows.append(Row((label, *cells), indent=line.indent + 1, key=_below(line.rowid, label)))
    return rows


def _below(rowid: str, label: str) -> str:
    return f"{rowid} / {label}"
