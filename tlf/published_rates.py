"""Published percentages as results: the count behind each, and its exact interval.

The count is the one that prints the percentage; where several do, the nearest; where none does, the percentage stands
without an interval.
"""

from __future__ import annotations

import pandas as pd

from pipeline.ground.clauses import meeting
from tlf.conditions import Records
from tlf.results import Origin, Place, entry
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.binomial import exact_interval
from tlf.stats.grim import NUMBER, possible_counts


def published(shell: Shell, table: pd.DataFrame, at: Place, records: Records) -> Entries:
    """One line per published figure, in the order of the table; each trial and population once."""
    heading = shell.published.heading
    chosen = meeting(table, shell.published.where, f"{shell.output}, published")
    chosen = chosen.drop_duplicates(["trial", "population"])
    chosen = chosen[chosen["value"].str.fullmatch(NUMBER).fillna(False)]
    columns = (chosen[name].fillna("") for name in ("product", "trial", "population", "value", "n", "x", "cell"))
    for product, trial, population, value, n, x, where in zip(*columns, strict=True):
        label = f"{trial}: {product}" if product and product != trial else trial
        place = at._replace(rowid=f"{heading} / {label}, {population}")
        yield from _figure(place, value, n, x, where, records)


def _figure(place: Place, value: str, n: str, x: str, where: str, records: Records) -> Entries:
    """One published percentage: the count behind it where there is one, and its interval."""
    origin, note = Origin("adsl", ""), where
    counts = [int(x)] if x else possible_counts(value, int(n)) if n else []
    if not counts:
        told = f"no count of {n} prints {value} %" if n else "no number of patients printed"
        yield entry(place, origin, "estimate", float(value) / 100, note=f"{where}; {told}")
        return
    nearest = min(counts, key=lambda count: abs(count / int(n) - float(value) / 100))
    if len(counts) > 1:
        note = f"{where}; {counts[0]} to {counts[-1]} of {n} print {value} %, the nearest is drawn"
    yield entry(place, origin, "responders", nearest, note=note)
    yield entry(place, origin, "patients", int(n), note=where)
    yield from _limits(place, origin, nearest, int(n), records)


def _limits(place: Place, origin: Origin, n: int, total: int, records: Records) -> Entries:
    for name, statistic in exact_interval(n, total, records.decision("CI_LEVEL")).items():
        yield entry(place, origin, name, statistic.value, note=statistic.note)
