"""Family `cumulative_incidence`: Aalen-Johansen curves of events that compete, and the numbers at risk.

`of` is ADTTECR. A panel names an `event` (a clause on it, of records one per subject that meet its `where`, else that
of the output) and shows a curve for each of its columns; where several are apart, Gray's test compares them.
"""

from __future__ import annotations

import pandas as pd

from tlf import curves, lines
from tlf.by_subject import places, shown
from tlf.conditions import Records, all_of
from tlf.ids import named
from tlf.panels import Series, StepPanel
from tlf.results import Address, Found, Origin, Place, entry
from tlf.rows import competing, gray
from tlf.rows.shares import Entries
from tlf.shell import cell
from tlf.shells import Panel, Shell, ShellColumn
from tlf.stats.competing_risks import cumulative_incidence
from tlf.stats.survival import kaplan_meier

EVENTS, GRAY, SHOWN = "Events", "Gray's test", "incidence"


def entries(shell: Shell, records: Records) -> Entries:
    """Per panel and column the curve by time, the numbers at risk per tick and of events; per panel the test."""
    yield from lines.column_subjects(shell, records)
    for panel in shell.panels:
        asked = [place for place in places(shell) if place.column in panel.columns or not panel.columns]
        yield from _panel(shell, panel, asked, records)


def _panel(shell: Shell, panel: Panel, asked: list[Place], records: Records) -> Entries:
    origin = Origin(shell.of, records.resolved(panel.where or shell.where), "AVAL")
    event, level = records.resolved(panel.event), records.decision("CI_LEVEL")
    own = origin._replace(where=all_of(origin.where, event))
    names = (curves.CURVE, curves.AT_RISK, EVENTS, GRAY)
    curve, risk, events, test = (curves.called(name, panel.title) for name in names)
    for place in asked:
        made, at = _curve(place, origin, event, records), place._replace(rowid=curve)
        yield from curves.steps(shell, at, origin, made, records)
        yield entry(at, origin._replace(level="level"), "level", level)
        yield from curves.at_risk(shell, place._replace(rowid=risk), origin, records)
        yield entry(place._replace(rowid=events), own, "n", records.count(own.dataset, own.where, place.population))
    if len(asked) > 1:
        yield from gray.between([place._replace(rowid=test) for place in asked], origin, event, records)


def _curve(place: Place, origin: Origin, event: str, records: Records) -> pd.DataFrame:
    """The steps of one curve by day, from 0 at time 0."""
    data = competing.causes(place, origin, event, records)
    found = cumulative_incidence(data["time"], data["cause"], level=records.decision("CI_LEVEL"))
    found = found[found["cause"] == 1].set_index("time")[[SHOWN, "lower", "upper"]]
    left = kaplan_meier(data["time"], data["cause"] > 0).set_index("time")["censored"]
    made = found.reindex([0.0, *left.index[left.index > 0]]).astype("float64")
    return made.assign(incidence=made[SHOWN].fillna(0.0), censored=left.reindex(made.index).fillna(0))


def drawn(shell: Shell, panel: Panel, results: pd.DataFrame) -> StepPanel:
    """One panel, from the results alone."""
    found, set_, groups = Found(results), shell.population.id, shown(shell, panel)
    tests, curve = (Address(set_, named(curves.called(what, panel.title))) for what in (GRAY, curves.CURVE))
    told = [one for one in (found.statistics(tests, group.id) for group in groups) if "p_value" in one]
    p = lines.p_value(told[0]).strip() if told else ""
    band = cell("{level%:x}% CI", found.statistics(curve, groups[0].id))
    series = tuple(_series(shell, group, panel, results) for group in groups)
    ticks, remark = curves.ticks(shell, results), f"{GRAY}: p = {p}" if p else ""
    return StepPanel(series, ticks, shell.x_label, shell.y_label, panel.title, band, remark)


def _series(shell: Shell, group: ShellColumn, panel: Panel, results: pd.DataFrame) -> Series:
    """The curve of a column as far as the last tick, with its number of events."""
    key, until = Address(shell.population.id, named(curves.called(EVENTS, panel.title))), float(shell.ticks[-1])
    n = Found(results).number(key, group.id, "n")
    remark = f"{n:.0f} event{'s' if n != 1 else ''}"
    return curves.series(shell, group, results, (SHOWN, 0.0), title=panel.title, until=until, remark=remark)
