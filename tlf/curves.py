"""Step curves of a figure: their steps and the numbers at risk as results, and the curve that is drawn of both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tlf import lines
from tlf.conditions import Records, all_of
from tlf.ids import named
from tlf.panels import Series, reached
from tlf.results import BELOW, Origin, Place, entry
from tlf.rows.shares import Entries
from tlf.rows.times import days_of
from tlf.shells import Shell, ShellColumn

CURVE, AT_RISK = "Curve", "Subjects at risk"
AROUND = ("lower", "upper", "censored")


def called(what: str, title: str) -> str:
    """What a row of a panel is called."""
    return what + (BELOW + title if title else "")


def steps(shell: Shell, place: Place, origin: Origin, made: pd.DataFrame, records: Records) -> Entries:
    """One record per step and statistic, first its time in the unit of the output; `made` has a row per day."""
    made = made.assign(**{shell.time: made.index / days_of(shell.time, records)})
    for name in (shell.time, *made.columns.drop(shell.time)):
        for day, value in zip(made.index, made[name], strict=True):
            yield entry(place, origin._replace(level=f"{day:g}"), name, value)


def at_risk(shell: Shell, place: Place, origin: Origin, records: Records) -> Entries:
    """The number of subjects observed at least until each tick."""
    for tick in shell.ticks:
        day = float(tick) * days_of(shell.time, records)
        still = origin._replace(level=tick, where=all_of(origin.where, f"AVAL >= {day!r}"))
        count = records.count(still.dataset, still.where, place.population)
        yield entry(place, still, "at_risk", count)


def ticks(shell: Shell, results: pd.DataFrame) -> tuple[float, ...]:
    """The ticks as far as somebody of any column is followed."""
    return reached(tuple(map(float, shell.ticks)), results.loc[results["STATISTIC"].eq(shell.time), "VALUE"].max())


def series(
    shell: Shell, group: ShellColumn, results: pd.DataFrame, seen: tuple[str, float], *,
    title: str = "", until: float = np.inf, remark: str = "",
) -> Series:
    """The curve of a column until a time; `seen` is its statistic and the value of it that has no limits to show."""
    (what, sure), own, key = seen, results[results["COLUMN"].eq(group.id)], called(CURVE, title)
    rows = own[own["ROW"].eq(named(key))]
    whole = {name: rows.loc[rows["STATISTIC"].eq(name), "VALUE"].to_numpy() for name in (shell.time, what, *AROUND)}
    curve = {name: values[whole[shell.time] <= until] for name, values in whole.items()}
    lower, upper = (np.where(curve[what] == sure, sure, curve[name]) for name in ("lower", "upper"))
    counts = own.loc[own["ROW"].eq(named(called(AT_RISK, title))), "VALUE"].astype(int)
    everybody = int(own.loc[own["ROWID"].eq(lines.SUBJECTS), "VALUE"].iloc[0])
    size = f"{counts.iloc[0]}" if counts.iloc[0] == everybody else f"{counts.iloc[0]} of {everybody}"
    marks, end = curve[shell.time][curve["censored"] > 0], min(whole[shell.time].max(), until)
    return Series(
        f"{group.label} (N={size})", tuple(curve[shell.time]), tuple(curve[what]), tuple(lower), tuple(upper),
        tuple(marks), tuple(counts)[: len(ticks(shell, results))], float(end), key, remark,
    )  # fmt: skip
