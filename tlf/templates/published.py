"""Family `published`: what a publication printed, beside what the data give, and whether each number agrees.

Rows as in family `survival`, each with the text `published`. Its numbers are compared, in their order, with the fields
of the row's `compare` (else: of a count its percentage or number, of others the fields of `show`), rounded to as many
decimals as were printed; a text without numbers ("not reached") agrees with a value that has that reason. A count
always has its exact interval, also where none was printed. Curves out of order (`order`) are explained.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.ground.faults import told_of
from tlf import curve_order, lines, notes
from tlf.as_printed import compare, compared, shown
from tlf.conditions import Records
from tlf.lines import Line
from tlf.model import Column, Row, Table
from tlf.results import Found, Origin, Place, Result, entry
from tlf.rows.kinds import Count, FollowUp, Measured, Median, Rate
from tlf.rows.rate import MARK
from tlf.rows.shares import INTERVAL, Entries
from tlf.shell import cell
from tlf.shells import Shell, ShellColumn
from tlf.templates import categories, survival

AGREES, DIFFERS = "agrees", "DIFFERS"
SAID = {1.0: AGREES, 0.0: DIFFERS}
MONTHS = "({lower:x.x}, {upper:x.x})"
LIMITS = {Count: INTERVAL, Median: MONTHS, Rate: INTERVAL, FollowUp: MONTHS}
EVERYBODY = ShellColumn("all_patients", "All patients")
HEADS = ("Published", "Computed", "95% interval", "Subjects at risk", "Agreement")


def entries(shell: Shell, records: Records) -> Entries:
    """One record per row and statistic, what was published and whether it agrees (1 or 0) among them."""
    shell = complete(shell)
    found = list(categories.entries(shell, records))
    judged = list(_comparisons(shell, found))
    yield from (*found, *judged, *survival.warning(shell, found, records))
    yield from (*curve_order.order_note(shell, records), *_total(shell, judged))


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """One line per published number, filled from the results alone."""
    shell, found = complete(shell), Found(results)
    heads = [Column(shell.stub, shell.stub_width)]
    heads += [Column(head, width, "center") for head, width in zip(HEADS, (1.6, 1.6, 1.3, 0.8, 0.9), strict=True)]
    rows = [_row(shell, line, found) for line in lines.lines(shell)]
    return Table(tuple(heads), (*lines.spaced(rows), *notes.rows(found)))


def complete(shell: Shell) -> Shell:
    """The shell with one column of all subjects, and an exact interval for every count."""
    rows = [replace(row, interval="exact") if isinstance(row, Count) else row for row in shell.rows]
    return replace(shell, columns=shell.columns or (EVERYBODY,), rows=tuple(rows))


def _comparisons(shell: Shell, found: list[Result]) -> Entries:
    """The published text of every row, and 1 where all its numbers agree, else 0."""
    for line in filter(_printed_elsewhere, lines.lines(shell)):
        yield from _comparison(shell, line, found)


def _comparison(shell: Shell, line: Line, found: list[Result]) -> Entries:
    group = shell.columns[0]
    own = [e for e in found if (e["SET"], e["ROW"]) == line.key[:2] and e["COLUMN"] == group.id]
    values = {e["STATISTIC"]: (e["VALUE"], e["NOTE"]) for e in own}
    first = own[0]
    place = Place(shell.output, line.rowid, group.label, first["POPULATION"], *line.key[:2], group.id)
    origin = Origin(first["DATASET"].lower(), first["WHERE"], first["VARIABLE"], first["LEVEL"])
    with told_of(line.part, line.rowid):
        agrees, told = compare(line.row.published, compared(line.row), values)
    yield entry(place, origin, "published", text=line.row.published)
    yield entry(place, origin, "agreement", agrees, text=AGREES if agrees else DIFFERS, note=told)


def _total(shell: Shell, compared: list[Result]) -> Entries:
    """How many of the published numbers agree."""
    judged = [e for e in compared if e["STATISTIC"] == "agreement"]
    agree = sum(int(e["VALUE"]) for e in judged)
    text = f"{agree} of {len(judged)} published figures agree with what the data give."
    place = Place(shell.output, notes.PREFIX + "agreement", notes.EVERYBODY, "")
    yield entry(place, Origin("adsl", ""), "note", agree, text=text)


def _printed_elsewhere(line: Line) -> bool:
    return isinstance(line.row, Measured) and bool(line.row.published)


def _row(shell: Shell, line: Line, found: Found) -> Row:
    if not _printed_elsewhere(line):
        return Row((line.row.label, *[""] * len(HEADS)), line.indent, True, True, line.rowid)
    group, kind = shell.columns[0].id, type(line.row)
    values = found.statistics(line.key, group)
    at_risk = cell("{at_risk:x}", values) if "at_risk" in values else ""
    with told_of(line.part, line.rowid):
        cells = (
            line.row.published, cell(shown(line.row), values), cell(LIMITS[kind], values) if kind in LIMITS else "",
            at_risk + (MARK if found.note(line.key, group, "at_risk") else ""),
            SAID.get(found.number(line.key, group, "agreement"), lines.BLANK),
        )  # fmt: skip
    return Row((line.row.label, *cells), indent=line.indent, key=line.rowid)
