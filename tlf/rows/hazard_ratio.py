"""Rows of kind `hazard_ratio`: the hazard of each column against that of the first, and the log-rank test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place, entry
from tlf.rows import competing, times
from tlf.rows.kinds import HazardRatio
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats.hazards import cox, log_rank

RATIO = "{estimate:x.xx} ({lower:x.xx}, {upper:x.xx})"


def measure_line(row: HazardRatio, population: str, places: list[Place], records: Records) -> Entries:
    """Ratio, limits and p-value of the columns that are apart, each against the first of them."""
    compared = competing.apart(places, records)
    for place in compared[1:]:
        yield from _against(row, place, compared[0], records)


def _against(row: HazardRatio, place: Place, reference: Place, records: Records) -> Entries:
    sides = [times.followed(row, one, records) for one in (reference, place)]
    days, events = (pd.concat([side[part] for side in sides]) for part in (1, 2))
    group = np.repeat([0.0, 1.0], [len(side[1]) for side in sides])
    used = [records.where(origin.dataset, origin.where, one.population)
            for one, (origin, *_) in zip((reference, place), sides, strict=True)]  # fmt: skip
    strata = pd.concat(used)[list(row.strata)].astype(str).agg("/".join, axis=1) if row.strata else None
    level = records.decision("CI_LEVEL")
    ratio = cox(days, events, pd.DataFrame({"group": group}), strata, level=level)[0].iloc[0]
    test = log_rank(days, events, group, strata)["p_value"]
    origin = sides[1][0]._replace(level=reference.column)
    for name in ("estimate", "lower", "upper"):
        yield entry(place, origin, name, ratio[name], note=ratio["note"])
    yield entry(place, origin, "level", level)
    yield entry(place, origin, "p_value", test.value, note=test.note)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The ratio with its limits, and the p-value of the log-rank test below it."""
    tests = [lines.p_value(one) for one in lines.values(shell, line.key, found)]
    ratio = times.with_limits(line.row.show or RATIO, shell, line, found)
    return [ratio, lines.printed(line, "Log-rank test, two-sided p", tests, 1)]
