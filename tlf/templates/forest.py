"""Family `forest`: a study's own rates with exact intervals, among those that were published of other trials.

`rows` count subjects of the study (`label`, `dataset`, `where`). `published` names a table of published figures
(`table`, listed under `tables:` of the output), the figures to draw (`where` on its columns) and their `heading`. The
count behind a published percentage is the one that prints it; where several do, the nearest; where none does, only the
printed percentage is drawn, without interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meeting
from tlf.model import Figure, ForestPanel, ForestRow
from tlf.shell import cell
from tlf.stats.binomial import exact_interval
from tlf.stats.grim import NUMBER, possible_counts
from tlf.templates.conditions import Records
from tlf.templates.rows import Found, Origin, Place, as_results, entry

OWN, GROUP = "This study", "all"
RATE = "{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})"
Entries = Iterator[dict[str, Any]]


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per line of the plot and statistic; estimates and limits as proportions."""
    records = Records(data)
    own = [part for row in output["rows"] for part in _own(output, row, records)]
    others = _published(output, data["tables"][output["published"]["table"]], records)
    return as_results([*own, *others])


def figure(output: dict[str, Any], results: pd.DataFrame) -> Figure:
    """One panel: the study's own lines, then the published ones, from the results alone."""
    found, names = Found(results), list(dict.fromkeys(results["ROWID"]))
    rows: list[ForestRow] = []
    for heading in dict.fromkeys(name.split(" / ")[0] for name in names):
        rows.append(ForestRow(heading, header=True))
        rows += [_line(name, found) for name in names if name.startswith(f"{heading} / ")]
    first = next(row for row in rows if not row.header)
    heads = (output.get("stub", ""), "n/N", output.get("rate_head", "% (95% CI)"))
    ticks = tuple(float(tick) for tick in range(0, 101, 20))
    panel = ForestPanel(tuple(rows), heads, output.get("x_label", "%"), (0.0, 100.0), ticks, first.estimate)
    return Figure((panel,), output.get("description", ""))


def _own(output: dict[str, Any], row: dict[str, Any], records: Records) -> Entries:
    """One line of the study: its subjects, those counted, and the exact interval."""
    dataset, where = row.get("dataset", "adsl"), records.resolved(row["where"])
    place = Place(output["output"], f"{OWN} / {row['label']}", GROUP, output.get("population", {}).get("where", ""))
    n, total = records.count(dataset, where, place.population), records.count("adsl", "", place.population)
    yield entry(place, Origin(dataset, where), "n", n)
    yield entry(place, Origin("adsl", ""), "N", total)
    yield from _limits(place, Origin(dataset, where), n, total, records)


def _limits(place: Place, origin: Origin, n: int, total: int, records: Records) -> Entries:
    for name, statistic in exact_interval(n, total, records.decision("CI_LEVEL")).items():
        yield entry(place, origin, name, statistic.value, note=statistic.note)


def _published(output: dict[str, Any], table: pd.DataFrame, records: Records) -> Entries:
    """One line per published figure, in the order of the table; each trial and population once."""
    heading = output["published"].get("heading", "Published")
    chosen = meeting(table, output["published"]["where"], f"{output['output']}, published")
    chosen = chosen.drop_duplicates(["trial", "population"])
    chosen = chosen[chosen["value"].str.fullmatch(NUMBER).fillna(False)]
    columns = (chosen[name].fillna("") for name in ("product", "trial", "population", "value", "n", "x", "cell"))
    for product, trial, population, value, n, x, where in zip(*columns, strict=True):
        label = f"{trial}: {product}" if product and product != trial else trial
        place = Place(output["output"], f"{heading} / {label}, {population}", GROUP, "")
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


def _line(name: str, found: Found) -> ForestRow:
    values = found.statistics(name, GROUP)
    values = {"n": values.get("responders", ("", "")), "N": values.get("patients", ("", ""))} | values
    counted = "lower" in values
    share = cell("{n:x}/{N:x}", values) if counted else ""
    rate = cell(RATE, values) if counted else cell("{estimate%:x.x}", values)
    numbers = [100 * values.get(word, (np.nan, ""))[0] for word in ("estimate", "lower", "upper")]
    return ForestRow(name.split(" / ", 1)[1], (share, rate), *numbers, indent=1, key=name)
