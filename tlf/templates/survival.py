"""Family `survival`: time-to-event tables; the rows of family `categories` and three more kinds.

A row with `statistic` reads the ADTTE records of its `where`, one per subject:
- median: the Kaplan-Meier median with limits,
- rate: the share without event at day `at`, with limits and the number at risk,
- follow_up: the median follow-up by reverse Kaplan-Meier and the observed range.
Times print in months (decision MONTH_DAYS); KM_TRANSFORM and CI_LEVEL make the limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.ground.faults import TrialError
from tlf.model import Row, Table
from tlf.shell import cell
from tlf.stats.survival import event_flag, follow_up, kaplan_meier, quantile, rate_at
from tlf.templates import categories, curves, layout, notes
from tlf.templates.conditions import Records, all_of
from tlf.templates.layout import Line
from tlf.templates.rows import Found, Origin, Place, as_results, entry

Entries = Iterator[dict[str, Any]]
MONTHS = "MONTHS"
FEW = "fewer at risk than LANDMARK_MIN_N"
MARK = " #"
TIME = "{estimate:x.x} ({lower:x.x}, {upper:x.x})"
RATE = "{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})"


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per printed row, column and statistic; times in months, rates as proportions."""
    records = Records(data)
    entries = list(categories.entries(output, records, KINDS))
    notes_ = [*warning(output, entries, records), *curves.order_note(output, records)]
    return as_results([*entries, *notes_])


def body(output: dict[str, Any], results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    return categories.page(output, results, KINDS)


def observations(place: Place, origin: Origin, records: Records) -> tuple[pd.Series, pd.Series]:
    """Days and event flags of the subjects behind a number. Raises TrialError where a subject has two records."""
    used = records.where(origin.dataset, origin.where, place.population)
    if used["USUBJID"].duplicated().any():
        what = f"{origin.dataset.upper()} has several records of a subject where {origin.where}."
        raise TrialError(what, f"{place.output}, {place.rowid}", "a time to an event needs one record per subject")
    return used["AVAL"], event_flag(used["CNSR"])


def limits(records: Records) -> dict[str, Any]:
    """How limits are made, as the functions of tlf.stats.survival take it."""
    return {"transform": records.decision("KM_TRANSFORM").lower(), "level": records.decision("CI_LEVEL")}


def median(place: Place, origin: Origin, records: Records) -> Entries:
    """The Kaplan-Meier median in months, its limits and their coverage."""
    found = quantile(kaplan_meier(*observations(place, origin, records), **limits(records)))
    yield from _in_months(place, origin, found, records)


def _median(row: dict[str, Any], place: Place, records: Records) -> Entries:
    yield from median(place, _origin(row), records)


def _follow_up(row: dict[str, Any], place: Place, records: Records) -> Entries:
    origin = _origin(row)
    found = follow_up(*observations(place, origin, records), **limits(records))
    yield from _in_months(place, origin, found, records)


def _origin(row: dict[str, Any]) -> Origin:
    return Origin(row.get("dataset", "adtte"), row["where"], "AVAL")


def _in_months(place: Place, origin: Origin, found: dict[str, Any], records: Records) -> Entries:
    origin = origin._replace(level=MONTHS)
    for name, statistic in found.items():
        yield entry(place, origin, name, statistic.value / records.decision("MONTH_DAYS"), note=statistic.note)
    yield entry(place, origin, "level", records.decision("CI_LEVEL"))


def _rate(row: dict[str, Any], place: Place, records: Records) -> Entries:
    origin = _origin(row)._replace(level=row["at"])
    days, events = observations(place, origin, records)
    found = rate_at(kaplan_meier(days, events, **limits(records)), float(row["at"]))
    at_risk = found.pop("at_risk").value
    few = FEW if at_risk < records.decision("LANDMARK_MIN_N") else ""
    for name, statistic in found.items():
        yield entry(place, origin, name, statistic.value, note=statistic.note)
    still = origin._replace(where=all_of(origin.where, f"AVAL >= {row['at']}"))
    yield entry(place, still, "at_risk", at_risk, note=few)
    yield entry(place, origin, "level", records.decision("CI_LEVEL"))


def warning(output: dict[str, Any], entries: list[dict[str, Any]], records: Records) -> Entries:
    """What the mark at a number at risk means, when a number has one."""
    marked = sum(e["STATISTIC"] == "at_risk" and e["NOTE"] == FEW for e in entries)
    if marked:
        least = records.decision("LANDMARK_MIN_N")
        text = f"{MARK.strip()} Fewer than {least} subjects at risk: the estimate at this time is uncertain."
        place = Place(output["output"], notes.PREFIX + "landmarks", notes.EVERYBODY, "")
        yield entry(place, Origin("adsl", ""), "note", marked, text=text)


def _median_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    return [_with_limits(TIME, output, line, found)]


def _follow_up_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    spans = [found.statistics(line.rowid, group) for group in layout.groups(output)]
    cells = [layout.statistics("{min:x.x} to {max:x.x}", span) for span in spans]
    return [_with_limits(TIME, output, line, found), layout.printed(line, "Observed range (months)", cells, 1)]


def _rate_rows(output: dict[str, Any], line: Line, found: Found) -> list[Row]:
    groups = layout.groups(output)
    marks = [MARK if found.note(line.rowid, group, "at_risk") else "" for group in groups]
    counts = [cell("{at_risk:x}", found.statistics(line.rowid, group)) for group in groups]
    at_risk = [count + mark for count, mark in zip(counts, marks, strict=True)]
    return [_with_limits(RATE, output, line, found), layout.printed(line, "Subjects at risk", at_risk, 1)]


def _with_limits(show: str, output: dict[str, Any], line: Line, found: Found) -> Row:
    label = f"{line.row['label']} ({layout.level(output, line, found)} CI)"
    cells = [layout.statistics(show, found.statistics(line.rowid, group)) for group in layout.groups(output)]
    return layout.printed(line, label, [layout.closed_up(text) for text in cells])


KINDS: categories.Kinds = categories.KINDS | {
    "median": (_median, _median_rows), "rate": (_rate, _rate_rows), "follow_up": (_follow_up, _follow_up_rows),
}
