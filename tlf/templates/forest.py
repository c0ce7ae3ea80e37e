"""Family `forest`: a study's own rates with exact intervals, by subgroup or among those published of other trials.

`rows` count subjects of the study, all of them or within subgroups. `published` names a table of published figures
(`table`, listed under `tables:` of the output), the figures to draw (`where` on its columns) and their `heading`
(tlf/published_rates.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.ground.faults import told_of
from tlf.conditions import Records
from tlf.lines import closed_up
from tlf.panels import ForestPanel, ForestRow
from tlf.published_rates import published
from tlf.results import BELOW, Address, Found, Place, Statistics
from tlf.rows import count, subgroups
from tlf.rows.kinds import Count, ShellRow, Subgroups
from tlf.rows.shares import Entries
from tlf.shell import cell
from tlf.shells import Panel, Shell

OWN, GROUP = "This study", "all"
UNTOLD = (np.nan, "")
RATE = "{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})"


def entries(shell: Shell, records: Records) -> Entries:
    """One record per line of the plot and statistic; estimates and limits as proportions."""
    for number, row in enumerate(shell.rows):
        yield from _own(shell, number, row, records)
    if shell.published.table:
        everybody = Place(shell.output, "", GROUP, "")
        yield from published(shell, records.data["tables"][shell.published.table], everybody, records)


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


def _line(label: str, indent: int, name: str, values: Statistics) -> ForestRow:
    values = {"n": values.get("responders", UNTOLD), "N": values.get("patients", UNTOLD)} | values
    counted = "lower" in values
    share = cell("{n:x}/{N:x}", values) if counted else ""
    rate = closed_up(cell(RATE, values) if counted else cell("{estimate%:x.x}", values))
    numbers = [100 * values.get(word, (np.nan, ""))[0] for word in ("estimate", "lower", "upper")]
    return ForestRow(label, (share, rate), *numbers, indent=indent, key=name)
