"""Family `forest`: a study's own rates with exact intervals, by subgroup or among those published of other trials.

`rows` count subjects of the study, all of them or within subgroups. `published` names a table of published figures
(`table`, listed under `tables:` of the output), the figures to draw (`where` on its columns) and their `heading`. The
count behind a published percentage is the one that prints it; where several do, the nearest; where none does, only the
printed percentage is drawn, without interval.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meeting
from pipeline.ground.faults import told_of
from tlf.conditions import Records
from tlf.lines import closed_up
from tlf.panels import ForestPanel, ForestRow
from tlf.results import BELOW, Address, Found, Origin, Place, Statistics, entry
from tlf.rows import count, subgroups
from tlf.rows.kinds import Count, ShellRow, Subgroups
from tlf.rows.shares import Entries
from tlf.shell import cell
from tlf.shells import Panel, Shell
from tlf.stats.binomial import exact_interval
from tlf.stats.grim import NUMBER, possible_counts

OWN, GROUP = "This study", "all"
UNTOLD = (np.nan, "")
RATE = "{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})"


def entries(shell: Shell, records: Records) -> Entries:
    """One record per line of the plot and statistic; estimates and limits as proportions."""
    for number, row in enumerate(shell.rows):
        yield from _own(shell, number, row, records)
    if shell.published.table:
        yield from _published(shell, records.data["tables"][shell.published.table], records)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> ForestPanel:
    """One panel: the study's own lines below their headings, then the published ones, from the results alone."""
    found, rows, opened = Found(results), list[ForestRow](), list[str]()
    for name, key in dict(zip(results["ROWID"], results["ROW"], strict=True)).items():
        *above, label = name.split(BELOW)
        rows += [ForestRow(one, indent=depth, header=True) for depth, one in enumerate(above)
                 if above[: depth + 1] != opened[: depth + 1]]  # fmt: skip
        rows.append(_line(label, len(above), name, found.statistics(Address("", key), GROUP)))
        opened = above
    first = next((row.estimate for row in rows if not row.header), None)
    heads = (shell.stub, "n/N", shell.rate_head or "% (95% CI)")
    ticks = tuple(float(tick) for tick in range(0, 101, 20))
    return ForestPanel(tuple(rows), heads, shell.x_label or "%", (0.0, 100.0), ticks, first)


def _own(shell: Shell, number: int, row: ShellRow, records: Records) -> Entries:
    """One line of the study, its subjects, those counted, and the exact interval; or one for each subgroup."""
    rowid = f"{OWN}{BELOW}{row.label}" if shell.published.table else row.label
    place = Place(shell.output, rowid, GROUP, shell.population.where)
    with told_of(("rows", number), row.label):
        if isinstance(row, Subgroups):
            yield from subgroups.measure_line(row, place.population, [place], records)
        elif isinstance(row, Count):
            yield from count.measure(replace(row, interval="exact"), place, records)


def _limits(place: Place, origin: Origin, n: int, total: int, records: Records) -> Entries:
    for name, statistic in exact_interval(n, total, records.decision("CI_LEVEL")).items():
        yield entry(place, origin, name, statistic.value, note=statistic.note)


def _published(shell: Shell, table: pd.DataFrame, records: Records) -> Entries:
    """One line per published figure, in the order of the table; each trial and population once."""
    heading = shell.published.heading
    chosen = meeting(table, shell.published.where, f"{shell.output}, published")
    chosen = chosen.drop_duplicates(["trial", "population"])
    chosen = chosen[chosen["value"].str.fullmatch(NUMBER).fillna(False)]
    columns = (chosen[name].fillna("") for name in ("product", "trial", "population", "value", "n", "x", "cell"))
    for product, trial, population, value, n, x, where in zip(*columns, strict=True):
        label = f"{trial}: {product}" if product and product != trial else trial
        place = Place(shell.output, f"{heading} / {label}, {population}", GROUP, "")
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


def _line(label: str, indent: int, name: str, values: Statistics) -> ForestRow:
    values = {"n": values.get("responders", UNTOLD), "N": values.get("patients", UNTOLD)} | values
    counted = "lower" in values
    share = cell("{n:x}/{N:x}", values) if counted else ""
    rate = closed_up(cell(RATE, values) if counted else cell("{estimate%:x.x}", values))
    numbers = [100 * values.get(word, (np.nan, ""))[0] for word in ("estimate", "lower", "upper")]
    return ForestRow(label, (share, rate), *numbers, indent=indent, key=name)
