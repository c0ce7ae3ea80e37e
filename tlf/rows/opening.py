"""The line that opens a set when an output has several: its label and the number of its subjects."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place
from tlf.rows.kinds import Opening
from tlf.rows.shares import Entries
from tlf.shells import Shell


def measure(row: Opening, place: Place, records: Records) -> Entries:
    """The number of subjects of set and column."""
    yield lines.subjects(place, records)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label, and the number of subjects of every column."""
    sizes = [lines.statistics("N={N:x}", one) for one in lines.values(shell, line.key, found)]
    return [Row((line.row.label, *sizes), header=True, keep_with_next=True, key=line.rowid)]
