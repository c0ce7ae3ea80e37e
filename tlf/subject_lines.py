"""Lines of subjects over time in a figure: every point as a result, and the lines made of the results again."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf.by_subject import of_subject
from tlf.conditions import SUBJECT, all_of, equals
from tlf.ids import named
from tlf.results import BELOW, Origin, Place, Result, entry

Line = tuple[tuple[float, ...], tuple[float, ...]]  # its times and values


def points(used: pd.DataFrame, time: str, place: Place, origin: Origin, what: str) -> Iterator[Result]:
    """One record per subject and point; LEVEL is the time, of a second point at one time with its number."""
    ordered = used.sort_values([SUBJECT, time], kind="stable")
    again = ordered.groupby([SUBJECT, time]).cumcount()
    columns = (ordered[SUBJECT], ordered[time], ordered[origin.variable], again)
    for subject, at, value, before in zip(*columns, strict=True):
        where = all_of(origin.where, equals(used, SUBJECT, subject), f"{time} == {at:g}")
        level = f"{at:g}" if not before else f"{at:g} ({before + 1})"
        yield entry(of_subject(place, what, subject), origin._replace(where=where, level=level), "value", value)


def lines_of(own: pd.DataFrame, what: str) -> list[Line]:
    """The line of each subject, from the results of a column."""
    rows = own[own["ROW"].str.startswith(f"{named(what)}{BELOW}")]
    times = pd.Series([float(level.partition(" ")[0]) for level in rows["LEVEL"]], rows.index, dtype=float)
    return [(tuple(times[part.index]), tuple(part["VALUE"])) for _, part in rows.groupby("ROW", sort=False)]
