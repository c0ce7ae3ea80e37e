"""Whether a number that was printed elsewhere is the computed one, rounded to as many decimals as were printed."""

from __future__ import annotations

import re
from decimal import Decimal

from tlf.results import Statistics
from tlf.rows.kinds import Count, FollowUp, Measured, Median, Rate
from tlf.shell import FIELD, rounded
from tlf.stats import NOT_REACHED

NUMBER = re.compile(r"\d+(?:\.\d+)?")
COUNT = "{n:x}/{N:x} ({pct:x.x} %)"
SHOW = {Count: COUNT, Median: "{estimate:x.x}", Rate: "{estimate%:x.x} %", FollowUp: "{estimate:x.x}"}


def compare(published: str, shell: str, values: Statistics) -> tuple[int, str]:
    """1 when every number printed is the computed one rounded as printed, else 0; and in words what differs."""
    numbers, fields = NUMBER.findall(published), list(FIELD.finditer(shell))
    if not numbers:
        notes_ = [values[field["name"]][1] for field in fields]
        reached = published.casefold() in ("not reached", "nr") and all(n == NOT_REACHED for n in notes_)
        return int(reached), "" if reached else f"published {published}, computed {', '.join(notes_) or 'a number'}"
    if len(numbers) > len(fields):
        return 0, f"published {len(numbers)} numbers, computed {len(fields)}"
    told = []
    for printed, field in zip(numbers, fields, strict=False):
        computed = _value(field, values)
        decimals = len(printed.partition(".")[2])
        if computed is None or Decimal(rounded(computed, decimals)) != Decimal(printed):
            found = "none" if computed is None else rounded(computed, decimals + 1)
            told.append(f"published {printed}, computed {found}")
    return int(not told), "; ".join(told)


def _value(field: re.Match[str], values: Statistics) -> float | None:
    """The unrounded number behind a field of a shell; None where there is none."""
    name, of = ("n", "N") if field["name"] == "pct" else (field["name"], field["of"])
    value = values.get(name, (float("nan"), ""))[0]
    if value != value:
        return None
    if of is None:
        return value * 100 if field["percent"] else value
    base = values[of][0]
    return 100 * value / base if base else None


def compared(row: Measured) -> str:
    """The shell whose fields are compared; of a count the percentage when one was printed, else the count."""
    if isinstance(row, Count) and not row.compare:
        return "{pct:x.x}" if "%" in row.published else "{n:x}"
    return row.compare or shown(row)


def shown(row: Measured) -> str:
    """The shell of the computed cell, without what stands only for counts of 0."""
    return (row.show or SHOW.get(type(row), "{n:x}")).partition("|")[0]
