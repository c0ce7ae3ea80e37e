"""Rows of kind `count`: subjects with a record that meets a clause, or with none that does; or the records."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records, all_of, of_subjects
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place, entry
from tlf.rows import shares
from tlf.rows.kinds import Count
from tlf.shells import Shell


def measure(row: Count, place: Place, records: Records) -> shares.Entries:
    """n, N, the proportion, and its limits where the row asks for an interval; of records their number alone."""
    origin = origin_of(row, place, records)
    if row.per == "record":
        yield entry(place, origin, "n", len(records.where(origin.dataset, origin.where, place.population)))
    else:
        yield from shares.share(row, place, origin, records)


def origin_of(row: Count, place: Place, records: Records) -> Origin:
    """The records that are counted: of subjects who have one that meets `also`, and none that meets `without`."""
    asked = records.resolved(row.where)
    if row.also:
        had = records.subjects(row.dataset, records.resolved(row.also)) & records.subjects(row.dataset, asked)
        asked = all_of(asked, of_subjects(had & records.subjects("adsl", place.population)))
    if not row.without:
        return Origin(row.dataset, asked)
    lacking = without(row.dataset, records.resolved(row.without), place.population, records)
    return Origin(row.dataset if asked else "adsl", all_of(asked, lacking))


def without(dataset: str, where: str, population: str, records: Records) -> str:
    """The clause on ADSL that selects the subjects of the population who have no record that meets the clause."""
    lacking = records.subjects("adsl", population) - records.subjects(dataset, where)
    return of_subjects(lacking)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The count of every column, and the limits below it."""
    values = lines.values(shell, line.key, found)
    rows = [lines.printed(line, line.row.label, [shares.printed_share(line.row, one) for one in values])]
    if line.row.interval:
        label = f"{lines.level(shell, line, found)} CI"
        rows.append(lines.printed(line, label, [shares.printed_limits(one) for one in values], extra=1))
    return rows
