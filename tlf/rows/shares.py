"""Shares of subjects: n of N, the proportion and its exact limits, as counts and levels measure and print them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tlf import lines
from tlf.conditions import Records
from tlf.results import Origin, Place, Result, Statistics, entry
from tlf.rows.kinds import Share, Subgroups, Terms
from tlf.rows.words import ALWAYS, EVERYBODY
from tlf.shell import cell
from tlf.stats.binomial import exact_interval

COUNT, COUNT_AND_SHARE = "{n:xx}", "{n:xx} ({pct:xx.x})|{n:xx}"
OF_OTHERS, OF_FEW_OTHERS = "{n:x}/{N:x} ({pct:x.x})", "{n:x}/{N:x}"
WITH_LIMITS = "{n:x}/{N:x} ({pct:x.x}) [{lower%:x.x}, {upper%:x.x}]"
OF_TIME = "{n:x}/{months:x.x}  {rate:x.x} ({rate_lower:x.x}, {rate_upper:x.x})"
RECORDS = "{records"
INTERVAL = "({lower%:x.x}, {upper%:x.x})"
Entries = Iterator[Result]


class Numbers(NamedTuple):
    """A share that is known: n of N subjects, and the records behind n."""

    n: int
    total: int
    records: int


def share(row: Share, place: Place, origin: Origin, records: Records) -> Entries:
    """n of N and the proportion, with exact limits where the row asks for an interval.

    The numerator lies inside its denominator: subjects outside a base of its own are left out, and named in the clause.
    Below PERCENT_MIN_N subjects the proportion is only made when the row asks for it (`show` or `interval`).
    """
    base = row.denominator
    of = Origin(base.of, records.resolved(base.where), level=origin.level)
    origin = inside(origin, of, place, records)
    n = records.count(origin.dataset, origin.where, place.population)
    total = records.count(of.dataset, of.where, place.population)
    behind = len(records.where(origin.dataset, origin.where, place.population)) if RECORDS in row.show else 0
    yield from counted(row, place, (origin, of), Numbers(n, total, behind), records)


def counted(row: Share | Terms, place: Place, of: tuple[Origin, Origin], told: Numbers, records: Records) -> Entries:
    """n of N that are known, each with its origin; the proportion, its limits and the records where the row asks."""
    (origin, whole), (n, total, behind) = of, told
    least = 0 if row.show or row.interval else records.decision("PERCENT_MIN_N")
    few = f"no percentage with fewer than {least} subjects" if total else "NE: not estimable, no subjects"
    yield entry(place, origin, "n", n)
    yield entry(place, whole, "N", total)
    if RECORDS in row.show:
        yield entry(place, origin, "records", behind)
    if not total or total < least:
        yield entry(place, origin, "estimate", note=few)
    else:
        yield entry(place, origin, "estimate", n / total)
    if row.interval:
        level = records.decision("CI_LEVEL")
        limits = exact_interval(n, total, level)
        for name in ("lower", "upper"):
            yield entry(place, origin, name, limits[name].value, note=limits[name].note)
        yield entry(place, origin, "level", level)


def inside(origin: Origin, of: Origin, place: Place, records: Records) -> Origin:
    """The records of a part without those of subjects outside its whole."""
    among = records.subjects(of.dataset, of.where)
    return origin._replace(where=records.only(origin.dataset, origin.where, among, place.population))


def shown(row: Share | Terms) -> str:
    """The cell of a share: as its row says it, else n (%), with N where that is not the number in the column's head."""
    if isinstance(row, Subgroups):
        return row.show or WITH_LIMITS
    usual = OF_OTHERS if _of_others(row) else COUNT_AND_SHARE
    return row.show or (OF_TIME if timed(row) else usual)


def timed(row: Share | Terms) -> bool:
    """True where the row is an exposure-adjusted incidence."""
    return getattr(row, "time_at_risk", ALWAYS) != ALWAYS


def _of_others(row: Share | Terms) -> bool:
    return row.population is not None or (isinstance(row, Share) and row.denominator != EVERYBODY)


def printed_share(row: Share | Terms, values: Statistics) -> str:
    """One cell of a share: with its percentage where the results have it; of records their number."""
    if "N" not in values:
        return lines.statistics(row.show or COUNT, values)
    if np.isnan(values["estimate"][0]) and not timed(row):
        return cell(OF_FEW_OTHERS if _of_others(row) and not row.show else COUNT, values)
    return cell(shown(row), values)


def printed_limits(values: Statistics) -> str:
    """The limits of a share; blank where there are none."""
    known = "lower" in values and not np.isnan(values["lower"][0])
    return cell(INTERVAL, values) if known else lines.BLANK
