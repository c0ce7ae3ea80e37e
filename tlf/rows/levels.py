"""Rows of kind `levels`: subjects by the values of one variable."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records, all_of, equals, is_missing, none_of
from tlf.ids import named
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place
from tlf.rows import shares
from tlf.rows.count import without
from tlf.rows.kinds import Levels
from tlf.shells import Shell

OTHER, MISSING, ABSENT = "Other value", "Missing", "absent"


def measure(row: Levels, place: Place, records: Records) -> shares.Entries:
    """A count per level, then the subjects with another value, those without one, and those without a record."""
    frame, asked = records.where(row.dataset, ""), records.resolved(row.where)
    wheres = {}
    for level in row.values:
        clause = records.resolved(level.where) or equals(frame, row.variable, level.value)
        wheres[level.label, level.id] = clause
    rest = none_of(*wheres.values())
    wheres[OTHER, named(OTHER)] = all_of(rest, f"{row.variable} == {row.variable}")
    wheres[MISSING, named(MISSING)] = all_of(rest, is_missing(row.variable))
    for (label, name), where in wheres.items():
        origin = Origin(row.dataset, _taken(row, all_of(asked, where), place, records), row.variable, name)
        yield from shares.share(row, _below(row, place, label), origin, records)
    if row.absent:
        origin = Origin("adsl", without(row.dataset, asked, place.population, records), "", ABSENT)
        yield from shares.share(row, _below(row, place, row.absent), origin, records)


def _taken(row: Levels, where: str, place: Place, records: Records) -> str:
    """The clause of a level; where one record of a subject is taken, of the subjects whose taken record meets it."""
    if not row.take:
        return where
    asked = records.resolved(row.where)
    used = records.taken(row.dataset, asked, place.population, row.take, row.at or row.value or row.variable)
    met = used.index.intersection(records.where(row.dataset, where).index)
    return records.only(row.dataset, where, frozenset(used.loc[met, "USUBJID"]), place.population)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and below it the levels; those outside the shell only where somebody has one."""
    row = line.row
    rows, known = [lines.heading(shell, line)], [(level.label, level.id) for level in row.values]
    known += [(row.absent, ABSENT)] if row.absent else []
    for label, name in [*known, *((one, named(one)) for one in (OTHER, MISSING))]:
        key = line.key._replace(level=name)
        if (label, name) in known or any(found.number(key, column.id, "n") > 0 for column in shell.columns):
            cells = [shares.printed_share(row, one) for one in lines.values(shell, key, found)]
            label = _called(row, label)
            rows.append(Row((label, *cells), indent=line.indent + 1, key=f"{line.rowid} / {label}"))
    return rows


def _called(row: Levels, label: str) -> str:
    """A level as its row calls it (`each`); another value, or none, is called that."""
    return label if label in (OTHER, MISSING) else lines.each(row, label)


def _below(row: Levels, place: Place, label: str) -> Place:
    return place._replace(rowid=f"{place.rowid} / {_called(row, label)}")
