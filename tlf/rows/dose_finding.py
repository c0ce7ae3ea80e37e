"""Rows of kind `dose_finding`: what the DLTs of each dose level say by a declared rule, in words."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records, all_of
from tlf.lines import Line
from tlf.model import Row
from tlf.results import TEXT, Found, Origin, Place, entry
from tlf.rows.kinds import DoseFinding
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.stats import dose_finding as stats

SEVERAL = "the column holds several dose levels"
NOBODY = "NOT DETERMINED"


def measure(row: DoseFinding, place: Place, records: Records) -> Entries:
    """One text: the status of the column's level, the maximum tolerated dose, or whether a level was exceeded."""
    where, evaluable = records.resolved(row.where), records.resolved(row.evaluable)
    origin = Origin("adsl", all_of(where, evaluable), row.variable)
    counts = _counts(row, where, evaluable, place, records)
    if row.says == "status":
        tested = [one for one in counts.values() if one.treated]
        note = SEVERAL if len(tested) > 1 else ""
        text = "" if note else _statuses(row, tested or [stats.AtLevel(0, 0, 0)])[0]
        yield entry(place, origin, TEXT, note=note, text=text)
    else:
        yield entry(place, origin, TEXT, text=_decided(row, counts, records))


def _counts(
    row: DoseFinding, where: str, evaluable: str, place: Place, records: Records
) -> dict[str, stats.AtLevel]:
    """Per dose level of the study, in ascending order: subjects who meet the clauses, of the column's population."""
    parts = (where, all_of(where, evaluable), all_of(where, evaluable, records.resolved(row.toxic)))
    subjects = [records.where("adsl", part, place.population)[row.variable] for part in parts]
    names = [float(name) for name in getattr(records.data.get("study"), "levels", {})]
    levels = sorted(names or {float(level) for level in subjects[0].dropna()})
    return {f"{level:g}": stats.AtLevel(*(int(part.eq(level).sum()) for part in subjects)) for level in levels}


def _statuses(row: DoseFinding, counts: list[stats.AtLevel]) -> list[str]:
    return stats.boin(counts, float(row.target)) if row.rule == "BOIN" else stats.three_plus_three(counts)


def _decided(row: DoseFinding, counts: dict[str, stats.AtLevel], records: Records) -> str:
    """The label of the maximum tolerated dose, or Y where a level was exceeded, else N."""
    levels, statuses = list(counts.values()), _statuses(row, list(counts.values()))
    if row.says == "exceeded":
        return "Y" if {stats.EXCEEDED, stats.ELIMINATE} & set(statuses) else "N"
    boin = row.rule == "BOIN"
    place = stats.nearest_to_target(levels, float(row.target)) if boin else stats.highest_passed(statuses)
    if place is None:
        return NOBODY
    name = list(counts)[place]
    known = getattr(records.data.get("study"), "levels", {})
    return known[name].label if name in known else name


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The text of every column; nothing where there is none."""
    told = [values.get(TEXT, ("", ""))[0] for values in lines.values(shell, line.key, found)]
    return [lines.printed(line, line.row.label, [one if isinstance(one, str) and one else lines.BLANK for one in told])]
