"""Family `survival`: time-to-event tables; KM_TRANSFORM and CI_LEVEL make the limits."""

from __future__ import annotations

import pandas as pd

from tlf import curve_order, notes
from tlf.conditions import Records
from tlf.model import Table
from tlf.results import Origin, Place, Result, entry
from tlf.rows.rate import FEW, MARK
from tlf.rows.shares import Entries
from tlf.shells import Shell
from tlf.templates import categories


def entries(shell: Shell, records: Records) -> Entries:
    """One record per printed row, column and statistic; times in months, rates as proportions."""
    made = list(categories.entries(shell, records))
    yield from made
    yield from warning(shell, made, records)
    yield from curve_order.order_note(shell, records)


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    return categories.body(shell, results)


def warning(shell: Shell, entries: list[Result], records: Records) -> Entries:
    """What the mark at a number at risk means, when a number has one."""
    marked = sum(e["STATISTIC"] == "at_risk" and e["NOTE"] == FEW for e in entries)
    if marked:
        least = records.decision("LANDMARK_MIN_N")
        text = f"{MARK.strip()} Fewer than {least} subjects at risk: the estimate at this time is uncertain."
        place = Place(shell.output, notes.PREFIX + "landmarks", notes.EVERYBODY, "")
        yield entry(place, Origin("adsl", ""), "note", marked, text=text)
