"""Rows of kind `count`: subjects with a record that meets a clause."""

from __future__ import annotations

from tlf import lines
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Row
from tlf.results import Found, Origin, Place
from tlf.rows import shares
from tlf.rows.kinds import Count
from tlf.shells import Shell


def measure(row: Count, place: Place, records: Records) -> shares.Entries:
    """n, N, the proportion, and its limits where the row asks for an interval."""
    yield from shares.share(row, place, Origin(row.dataset, records.resolved(row.where)), records)


def printed(shell: Shell, line: Line, found: Found) -> list[Row]:
    """The count of every column, and the limits below it."""
    values = lines.values(shell, line.key, found)
    rows = [lines.printed(line, line.row.label, [shares.printed_share(line.row, one) for one in values])]
    if line.row.interval:
        label = f"{lines.level(shell, line, found)} CI"
        rows.append(lines.printed(line, label, [shares.printed_limits(one) for one in values], extra=1))
    return rows
