"""Family `kaplan_meier`: product-limit curves with limits, censor marks and the numbers at risk.

The shell names the ADTTE records (`where`, one per subject), the groups (`columns`), the `panels` that show them and
the `ticks` in the unit of the output (`time`: months). The curve's results hold time in that unit; LEVEL is the day of
the curve or the tick of the numbers at risk.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tlf import lines
from tlf.by_subject import places, shown
from tlf.conditions import Records, all_of
from tlf.ids import named
from tlf.panels import Series, StepPanel, reached
from tlf.results import Address, Found, Origin, Place, Statistics, entry
from tlf.rows.median import median
from tlf.rows.shares import Entries
from tlf.rows.times import days_of, limits, observations
from tlf.shell import cell
from tlf.shells import Panel, Shell, ShellColumn
from tlf.stats.survival import kaplan_meier

CURVE, AT_RISK, MEDIAN = "Curve", "Subjects at risk", "Median"
STEPS = ("survival", "lower", "upper", "censored")


def entries(shell: Shell, records: Records) -> Entries:
    """One record per group, time and statistic of the curve, the numbers at risk per tick, and the medians."""
    origin = Origin(shell.of or "adtte", records.resolved(shell.where), "AVAL")
    yield from lines.column_subjects(shell, records)
    for place in places(shell):
        yield from _curve(shell.time, place._replace(rowid=CURVE), origin, records)
        yield from at_risk(shell, place._replace(rowid=AT_RISK), origin, records)
        yield from median(shell.time, place._replace(rowid=MEDIAN), origin, records)


def _curve(unit: str, place: Place, origin: Origin, records: Records) -> Entries:
    """The steps of one curve, from probability 1 at time 0."""
    days, events = observations(place, origin, records)
    steps = kaplan_meier(days, events, **limits(records))
    start = pd.DataFrame({"time": [0.0], "survival": [1.0], "censored": [0]})
    steps = pd.concat([start, steps]) if steps["time"].gt(0).all() else steps
    steps = steps.assign(**{unit: steps["time"] / days_of(unit, records)})
    for name in (unit, *STEPS):
        for day, value in zip(steps["time"], steps[name], strict=True):
            yield entry(place, origin._replace(level=f"{day:g}"), name, value)


def at_risk(shell: Shell, place: Place, origin: Origin, records: Records) -> Entries:
    """The number of subjects observed at least until each tick."""
    for tick in shell.ticks:
        day = float(tick) * days_of(shell.time, records)
        still = origin._replace(level=tick, where=all_of(origin.where, f"AVAL >= {day!r}"))
        count = records.count(still.dataset, still.where, place.population)
        yield entry(place, still, "at_risk", count)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> StepPanel:
    """One panel, from the results alone."""
    found, median_at = Found(results), Address(shell.population.id, named(MEDIAN))
    groups, ticks = shown(shell, panel), ticks_of(shell, results)
    return StepPanel(
        series=tuple(
            _series(shell, group, results, _median(shell.time, found.statistics(median_at, group.id)), len(ticks))
            for group in groups
        ),
        ticks=ticks,
        x_label=shell.x_label, y_label=shell.y_label, title=panel.title,
        band_label=cell("{level%:x}% CI", found.statistics(median_at, groups[0].id)),
    )


def ticks_of(shell: Shell, results: pd.DataFrame) -> tuple[float, ...]:
    """The ticks as far as somebody of any column is followed."""
    return reached(tuple(map(float, shell.ticks)), results.loc[results["STATISTIC"].eq(shell.time), "VALUE"].max())


def named_with(group: ShellColumn, own: pd.DataFrame, followed: float) -> str:
    """The column with the number of subjects that its curve has, of all of the column where not all have a time."""
    everybody = own.loc[own["ROWID"].eq(lines.SUBJECTS), "VALUE"].iloc[0]
    size = f"{followed:.0f}" if followed == everybody else f"{followed:.0f} of {everybody:.0f}"
    return f"{group.label} (N={size})"


def _median(unit: str, values: Statistics) -> str:
    """The median in words, for the legend: median 17.0 (95% CI 10.8, NE) months."""
    told = cell("median {estimate:x.x} ({level%:x}% CI {lower:x.x}, {upper:x.x})", values)
    return lines.closed_up(f"{told} {unit}")


def _series(shell: Shell, group: ShellColumn, results: pd.DataFrame, remark: str, ticks: int) -> Series:
    own = results[results["COLUMN"].eq(group.id)]
    steps = own[own["ROW"].eq(named(CURVE))]
    curve = {name: steps.loc[steps["STATISTIC"].eq(name), "VALUE"].to_numpy() for name in (shell.time, *STEPS)}
    at_risk = own.loc[own["ROW"].eq(named(AT_RISK)), "VALUE"]
    marks = curve[shell.time][curve["censored"] > 0]
    lower, upper = (np.where(curve["survival"] == 1, 1.0, curve[name]) for name in ("lower", "upper"))
    return Series(
        label=named_with(group, own, at_risk.iloc[0]), time=tuple(curve[shell.time]),
        estimate=tuple(curve["survival"]), lower=tuple(lower), upper=tuple(upper), censored=tuple(marks),
        at_risk=tuple(at_risk.astype(int))[:ticks],
        end=float(curve[shell.time].max()), key=CURVE, remark=remark,
    )
