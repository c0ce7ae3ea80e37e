"""Family `kaplan_meier`: product-limit curves with limits, censor marks and the numbers at risk.

The shell names the ADTTE records (`where`, one per subject), the groups (`columns`), the `panels` that show them and
the `ticks` in the unit of the output (`time`: months). The curve's results hold time in that unit; LEVEL is the day of
the curve or the tick of the numbers at risk.
"""

from __future__ import annotations

import pandas as pd

from tlf import curves, lines
from tlf.by_subject import places, shown
from tlf.conditions import Records
from tlf.ids import named
from tlf.panels import StepPanel
from tlf.results import Address, Found, Origin, Place, Statistics
from tlf.rows.median import median
from tlf.rows.shares import Entries
from tlf.rows.times import limits, observations
from tlf.shell import cell
from tlf.shells import Panel, Shell
from tlf.stats.survival import kaplan_meier

MEDIAN, SHOWN = "Median", "survival"


def entries(shell: Shell, records: Records) -> Entries:
    """One record per group, time and statistic of the curve, the numbers at risk per tick, and the medians."""
    origin = Origin(shell.of or "adtte", records.resolved(shell.where), "AVAL")
    yield from lines.column_subjects(shell, records)
    for place in places(shell):
        made = _curve(place, origin, records)
        yield from curves.steps(shell, place._replace(rowid=curves.CURVE), origin, made, records)
        yield from curves.at_risk(shell, place._replace(rowid=curves.AT_RISK), origin, records)
        yield from median(shell.time, place._replace(rowid=MEDIAN), origin, records)


def _curve(place: Place, origin: Origin, records: Records) -> pd.DataFrame:
    """The steps of one curve by day, from probability 1 at time 0."""
    made = kaplan_meier(*observations(place, origin, records), **limits(records))
    start = pd.DataFrame({"time": [0.0], SHOWN: [1.0], "censored": [0]})
    made = pd.concat([start, made]) if made["time"].gt(0).all() else made
    return made.set_index("time")[[SHOWN, *curves.AROUND]]


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> StepPanel:
    """One panel, from the results alone."""
    found, at = Found(results), Address(shell.population.id, named(MEDIAN))
    medians = {group: found.statistics(at, group.id) for group in shown(shell, panel)}
    series = (curves.series(shell, group, results, (SHOWN, 1.0), remark=_told(shell.time, values))
              for group, values in medians.items())  # fmt: skip
    band = cell("{level%:x}% CI", next(iter(medians.values())))
    return StepPanel(tuple(series), curves.ticks(shell, results), shell.x_label, shell.y_label, panel.title, band)


def _told(unit: str, values: Statistics) -> str:
    """The median in words, for the legend: median 17.0 (95% CI 10.8, NE) months."""
    told = cell("median {estimate:x.x} ({level%:x}% CI {lower:x.x}, {upper:x.x})", values)
    return lines.closed_up(f"{told} {unit}")
