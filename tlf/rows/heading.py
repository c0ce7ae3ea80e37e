"""Rows of kind `heading`: a label above the rows it introduces."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Place
from tlf.rows.kinds import Heading
from tlf.rows.shares import Entries
from tlf.shells import Shell


def measure(row: Heading, place: Place, records: Records) -> Entries:
    """Nothing."""
    yield from ()


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The label alone."""
    return [lines.heading(shell, line)]
