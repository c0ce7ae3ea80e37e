"""Rows of kind `count`: subjects with a record that meets a clause, or with none that does; or the records."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records, all_of, of_subjects
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place, entry
from tlf.rows import shares
from tlf.rows.at_risk import rates, time_at_risk
from tlf.rows.kinds import Count
from tlf.shells import Shell
from tlf.stats.binomial import exact_test

ONE_SIDED = "Exact test against p0, one-sided p"


def measure(row: Count, place: Place, records: Records) -> shares.Entries:
    """n, N, the proportion, and its limits where the row asks for an interval; of records their number alone.

    With `p0` the p-value of the exact one-sided test; with `time_at_risk` the rate per 100 months.
    """
    origin = origin_of(row, place, records)
    if row.per == "record":
        yield entry(place, origin, "n", len(records.where(origin.dataset, origin.where, place.population)))
        return
    made = list(shares.share(row, place, origin, records))
    yield from made
    if row.p0:
        p0 = float(records.resolved(row.p0))
        n, total = (int(one["VALUE"]) for one in made[:2])
        found = exact_test(n, total, p0)["p_value"]
        yield entry(place, origin._replace(level=f"{p0:g}"), "p_value", found.value, note=found.note)
    if shares.timed(row):
        events = records.where(origin.dataset, origin.where, place.population)
        yield from rates(place, origin, events, time_at_risk(row.time_at_risk, place, records), records)


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
    if line.row.p0:
        rows.append(lines.printed(line, ONE_SIDED, [lines.p_value(one) for one in values], extra=1))
    return rows
