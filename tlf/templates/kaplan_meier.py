"""Family `kaplan_meier`: product-limit curves with limits, censor marks and the numbers at risk.

The shell names the ADTTE records (`where`, one per subject), the groups (`columns`), the `panels` that show them and
the `ticks` in months. The curve's results hold time in months; LEVEL is the day (curve) or the month (at risk).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tlf.model import Figure, Series, StepPanel
from tlf.shell import cell
from tlf.stats.survival import kaplan_meier
from tlf.templates import layout
from tlf.templates.conditions import Records, all_of
from tlf.templates.layout import Line
from tlf.templates.rows import Found, Origin, Place, as_results, entry
from tlf.templates.survival import limits, median, observations

CURVE, AT_RISK, MEDIAN = "Curve", "Subjects at risk", "Median"
STEPS = ("months", "survival", "lower", "upper", "censored")
Entries = Iterator[dict[str, Any]]


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per group, time and statistic of the curve, the numbers at risk per tick, and the medians."""
    return as_results(_entries(output, Records(data)))


def figure(output: dict[str, Any], results: pd.DataFrame) -> Figure:
    """The panels of the shell, drawn from the results alone."""
    panels = output.get("panels", [{"columns": layout.groups(output)}])
    return Figure(tuple(_panel(output, panel, results) for panel in panels), output.get("description", ""))


def _entries(output: dict[str, Any], records: Records) -> Entries:
    origin = Origin(output.get("dataset", "adtte"), records.resolved(output["where"]), "AVAL")
    yield from layout.column_subjects(output, records)
    line = Line("", 0, {}, output.get("population", {}).get("where", ""))
    for place in layout.places(output, line):
        yield from _curve(place._replace(rowid=CURVE), origin, records)
        yield from _at_risk(place._replace(rowid=AT_RISK), origin, output["ticks"], records)
        yield from median(place._replace(rowid=MEDIAN), origin, records)


def _curve(place: Place, origin: Origin, records: Records) -> Entries:
    """The steps of one curve, from probability 1 at time 0."""
    days, events = observations(place, origin, records)
    steps = kaplan_meier(days, events, **limits(records))
    start = pd.DataFrame({"time": [0.0], "survival": [1.0], "censored": [0]})
    steps = pd.concat([start, steps]) if steps["time"].gt(0).all() else steps
    steps = steps.assign(months=steps["time"] / records.decision("MONTH_DAYS"))
    for name in STEPS:
        for day, value in zip(steps["time"], steps[name], strict=True):
            yield entry(place, origin._replace(level=f"{day:g}"), name, value)


def _at_risk(place: Place, origin: Origin, ticks: list[str], records: Records) -> Entries:
    for tick in ticks:
        day = float(tick) * records.decision("MONTH_DAYS")
        still = origin._replace(level=tick, where=all_of(origin.where, f"AVAL >= {day!r}"))
        count = records.count(still.dataset, still.where, place.population)
        yield entry(place, still, "at_risk", count)


def _panel(output: dict[str, Any], panel: dict[str, Any], results: pd.DataFrame) -> StepPanel:
    found = Found(results)
    groups = panel["columns"]
    return StepPanel(
        series=tuple(_series(group, results, found) for group in groups),
        ticks=tuple(float(tick) for tick in output["ticks"]),
        x_label=output["x_label"], y_label=output["y_label"], title=panel.get("title", ""),
        band_label=cell("{level%:x}% CI", found.statistics(MEDIAN, groups[0])),
    )


def _median(group: str, found: Found) -> str:
    """The median in words, for the legend: median 17.0 (95% CI 10.8, NE) months."""
    shell = "median {estimate:x.x} ({level%:x}% CI {lower:x.x}, {upper:x.x}) months"
    return layout.closed_up(cell(shell, found.statistics(MEDIAN, group)))


def _series(group: str, results: pd.DataFrame, found: Found) -> Series:
    own = results[results["GROUP"].eq(group)]
    curve = {name: own.loc[own["ROWID"].eq(CURVE) & own["STATISTIC"].eq(name), "VALUE"].to_numpy() for name in STEPS}
    at_risk = own.loc[own["ROWID"].eq(AT_RISK), "VALUE"]
    marks = curve["months"][curve["censored"] > 0]
    lower, upper = (np.where(curve["survival"] == 1, 1.0, curve[name]) for name in ("lower", "upper"))
    return Series(
        label=f"{group} (N={at_risk.iloc[0]:.0f})", time=tuple(curve["months"]), estimate=tuple(curve["survival"]),
        lower=tuple(lower), upper=tuple(upper), censored=tuple(marks), at_risk=tuple(at_risk.astype(int)),
        end=float(curve["months"].max()), key=CURVE, remark=_median(group, found),
    )
