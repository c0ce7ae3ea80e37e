"""Family `cumulative_incidence`: Aalen-Johansen curves of events that compete, and the numbers at risk.

`of` is ADTTECR. A panel names an `event` (a clause on it, of records one per subject that meet its `where`, else that
of the output) and shows a curve for each of its columns; where several are apart, Gray's test compares them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tlf import lines
from tlf.by_subject import places, shown
from tlf.conditions import Records, all_of
from tlf.ids import named
from tlf.panels import Series, StepPanel
from tlf.results import BELOW, Address, Found, Origin, Place, entry
from tlf.rows import competing, gray
from tlf.rows.shares import Entries
from tlf.rows.times import days_of
from tlf.shell import cell
from tlf.shells import Panel, Shell, ShellColumn
from tlf.stats.competing_risks import cumulative_incidence
from tlf.stats.survival import kaplan_meier
from tlf.templates.kaplan_meier import AT_RISK, CURVE, at_risk, named_with, ticks_of

EVENTS, GRAY = "Events", "Gray's test"
STEPS = ("incidence", "lower", "upper", "censored")


def entries(shell: Shell, records: Records) -> Entries:
    """Per panel and column the curve by time, the numbers at risk per tick and of events; per panel the test."""
    yield from lines.column_subjects(shell, records)
    for panel in shell.panels:
        origin = Origin(shell.of, records.resolved(panel.where or shell.where), "AVAL")
        event, below = records.resolved(panel.event), BELOW + panel.title
        asked = [place for place in places(shell) if place.column in panel.columns or not panel.columns]
        for place in asked:
            yield from _curve(shell.time, place._replace(rowid=CURVE + below), origin, event, records)
            yield from at_risk(shell, place._replace(rowid=AT_RISK + below), origin, records)
            own = origin._replace(where=all_of(origin.where, event))
            count = records.count(own.dataset, own.where, place.population)
            yield entry(place._replace(rowid=EVENTS + below), own, "n", count)
        if len(asked) > 1:
            tested = [place._replace(rowid=GRAY + below) for place in asked]
            yield from gray.between(tested, origin, event, records)


def _curve(unit: str, place: Place, origin: Origin, event: str, records: Records) -> Entries:
    """The steps of one curve, from 0 at time 0; LEVEL is the day."""
    data, level = competing.causes(place, origin, event, records), records.decision("CI_LEVEL")
    found = cumulative_incidence(data["time"], data["cause"], level=level)
    found = found[found["cause"] == 1].set_index("time")[["incidence", "lower", "upper"]]
    left = kaplan_meier(data["time"], data["cause"] > 0).set_index("time")["censored"]
    steps = found.reindex([0.0, *left.index[left.index > 0]]).astype("float64")
    steps = steps.assign(incidence=steps["incidence"].fillna(0.0), censored=left.reindex(steps.index).fillna(0))
    steps = steps.assign(**{unit: steps.index / days_of(unit, records)})
    for name in (unit, *STEPS):
        for day, value in steps[name].items():
            yield entry(place, origin._replace(level=f"{day:g}"), name, value)
    yield entry(place, origin._replace(level="level"), "level", level)


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> StepPanel:
    """One panel, from the results alone."""
    found, set_ = Found(results), shell.population.id
    groups, ticks = shown(shell, panel), ticks_of(shell, results)
    tests = [found.statistics(Address(set_, named(GRAY + BELOW + panel.title)), group.id) for group in groups]
    p = next((lines.p_value(one).strip() for one in tests if "p_value" in one), "")
    level = found.statistics(Address(set_, named(CURVE + BELOW + panel.title)), groups[0].id)
    return StepPanel(
        tuple(_series(shell, group, panel, results, len(ticks)) for group in groups), ticks,
        shell.x_label, shell.y_label, panel.title, cell("{level%:x}% CI", level), f"{GRAY}: p = {p}" if p else "",
    )  # fmt: skip


def _series(shell: Shell, group: ShellColumn, panel: Panel, results: pd.DataFrame, ticks: int) -> Series:
    """The curve of a column as far as the last tick."""
    own, below = results[results["COLUMN"] == group.id], BELOW + panel.title
    steps, last = own[own["ROW"] == named(CURVE + below)], float(shell.ticks[-1])
    whole = {name: steps.loc[steps["STATISTIC"] == name, "VALUE"].to_numpy() for name in (shell.time, *STEPS)}
    curve = {name: values[whole[shell.time] <= last] for name, values in whole.items()}
    counts, events = (own.loc[own["ROW"] == named(what + below), "VALUE"].astype(int) for what in (AT_RISK, EVENTS))
    end, n = min(whole[shell.time].max(), last), events.iloc[0]
    lower, upper = (np.where(curve["incidence"] == 0, 0.0, curve[name]) for name in ("lower", "upper"))
    return Series(
        named_with(group, own, counts.iloc[0]), tuple(curve[shell.time]), tuple(curve["incidence"]), tuple(lower),
        tuple(upper), tuple(curve[shell.time][curve["censored"] > 0]), tuple(counts)[:ticks], end,
        CURVE + below, f"{n} event{'s' if n != 1 else ''}",
    )  # fmt: skip
