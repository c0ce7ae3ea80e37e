"""Why one Kaplan-Meier curve may lie above another that it cannot exceed without censoring (analysis plan 1.4).

A shell asks for the note with `order: {at: DAY, upper: {label, where}, lower: {label, where}}`: the event of `upper` is
also an event of `lower`, so that `lower` should lie below.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf import notes
from tlf.conditions import Records
from tlf.results import Origin, Place, Result, entry
from tlf.shell import rounded
from tlf.shells import Order, Shell
from tlf.stats.survival import event_flag, kaplan_meier, rate_at

DATASET = "adtte"


def order_note(shell: Shell, records: Records) -> Iterator[Result]:
    """One note when the lower curve lies above the upper one at that day, with rates, risk sets and censorings."""
    if shell.order is None:
        return
    asked, day, population = shell.order, shell.order.at, shell.population.where
    upper, lower = (_curve(one.where, records, population) for one in (asked.upper, asked.lower))
    rates = [rate_at(kaplan_meier(c["AVAL"], c["EVENT"]), day)["estimate"].value for c in (upper, lower)]
    if not rates[1] > rates[0]:
        return
    text = _words(asked, (upper, lower), rates, day, records.decision("MONTH_DAYS"))
    place = Place(shell.output, notes.PREFIX + "order of the curves", notes.EVERYBODY, population)
    yield entry(place, Origin(DATASET, ""), "note", rates[1] - rates[0], text=text)


def _curve(where: str, records: Records, population: str) -> pd.DataFrame:
    used = records.where(DATASET, records.resolved(where), population)
    return used.assign(EVENT=event_flag(used["CNSR"])).set_index("USUBJID")[["AVAL", "EVENT", "EVNTDESC"]]


def _words(asked: Order, curves: tuple, rates: list[float], day: float, month: float) -> str:
    (upper, lower), names = curves, [asked.upper.label, asked.lower.label]
    longer = int((lower["AVAL"] > upper["AVAL"].reindex(lower.index)).sum())
    shown = [f"{name} {rounded(100 * rate, 1)} %" for name, rate in zip(names, rates, strict=True)]
    told = [f"{name}: {_risk_sets(curve, day, month)}" for name, curve in zip(names, curves, strict=True)]
    who = f"{longer} subjects have" if longer else "No subject has"
    return (
        f"At {rounded(day / month, 1)} months {shown[1]} lies above {shown[0]}, although every event of {names[0]} "
        f"also ends {names[1]}. {who} a longer time for {names[1]} than for {names[0]}; the order comes from "
        "censoring: an event weighs 1 / number at risk, so that one after many censorings weighs more. "
        f"{told[0]}. {told[1]}. Nothing is corrected."
    )


def _risk_sets(curve: pd.DataFrame, day: float, month: float) -> str:
    """Events by that day with the months and the numbers at risk, and who was censored before it and why."""
    steps = kaplan_meier(curve["AVAL"], curve["EVENT"])
    events = steps[(steps["events"] > 0) & (steps["time"] <= day)]
    months = [rounded(time / month, 1) for time in events["time"]]
    parts = [f"{m} ({n})" for m, n in zip(months, events["at_risk"], strict=True)]
    early = curve[~curve["EVENT"] & (curve["AVAL"] < day)]
    reasons = [f"{count} {str(reason).lower()}" for reason, count in early["EVNTDESC"].value_counts(sort=False).items()]
    return f"{int(events['events'].sum())} events at months (number at risk) {', '.join(parts)}; " \
           f"censored before: {', '.join(reasons) or 'none'}"  # fmt: skip
