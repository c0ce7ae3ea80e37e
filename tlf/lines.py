"""What every table shares: the lines of a shell, its columns, and the cells of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from tlf.conditions import Records, all_of
from tlf.ids import named
from tlf.model import NO_RECORDS, Column, Row, Table
from tlf.results import Address, Found, Origin, Place, Result, Statistics, entry
from tlf.rows import kinds
from tlf.rows.timed import Timed
from tlf.shell import cell, hear
from tlf.shells import AnalysisSet, Shell

SUBJECTS = "Subjects"  # ROWID of the number of subjects in each column
NOBODY = "No subjects in this population."
BLANK = "-"
LEAST_P = 0.001  # what a p-value below is printed as


class Line(NamedTuple):
    """One row of a shell within one set: `rowid` is the path of labels that leads to it, `key` its ids.

    `part` is where the shell's file says it.
    """

    rowid: str
    indent: int
    row: Any  # of one of the kinds of tlf.rows.kinds
    population: str
    key: Address
    part: tuple[str | int, ...] = ()


def sets(shell: Shell) -> tuple[AnalysisSet, ...]:
    """The analysis sets for which the rows are repeated; an output with one set names it as its population."""
    return shell.sets or (shell.population,)


def lines(shell: Shell) -> Iterator[Line]:
    """The rows of the shell, set after set; a set opens with a line of its own when there are several.

    A set may have `rows` of its own, and `columns` outside which its rows do not apply.
    """
    several = len(shell.sets) > 0
    for at, one in enumerate(sets(shell)):
        path = [one.label] if several else []
        if several:
            yield Line(one.label, 0, _within(kinds.Opening(one.label), one, shell), one.where, sizes(one), ("sets", at))
        said = ("sets", at, "rows") if one.rows else ("rows",)
        for number, row in enumerate(one.rows or shell.rows):
            depth = row.indent + several
            path = [*path[:depth], row.label]
            whose = getattr(row, "population", None)
            population = one.where if whose is None else whose.where
            key = Address(one.id, row.id)
            yield Line(" / ".join(path), depth, _within(row, one, shell), population, key, (*said, number))


def part_of_row(shell: Shell, rowid: str) -> tuple[str | int, ...]:
    """Where the shell's file says a row of the results: the last line of whose path its own is the beginning."""
    found = [line.part for line in lines(shell) if rowid == line.rowid or rowid.startswith(f"{line.rowid} / ")]
    return found[-1] if found else ()


def sizes(one: AnalysisSet) -> Address:
    """Where the number of subjects of a set stands."""
    return Address(one.id, named(SUBJECTS))


def _within(row: kinds.ShellRow, one: AnalysisSet, shell: Shell) -> kinds.ShellRow:
    """The row with the `columns` and the `note` of its set, and the unit of time of its output, where it says none."""
    row = replace(row, columns=row.columns or one.columns, note=row.note or one.note)
    return replace(row, time=row.time or shell.time) if isinstance(row, Timed) else row


def places(shell: Shell, line: Line) -> Iterator[Place]:
    """The cells of a line: one per column, with the subjects of set and column as its population."""
    for column in shell.columns:
        population = all_of(line.population, column.where)
        yield Place(shell.output, line.rowid, column.label, population, line.key.set, line.key.row, column.id)


def subjects(place: Place, records: Records) -> Result:
    """The results row for the number of subjects in the population of a place."""
    return entry(place, Origin("adsl", ""), "N", records.count("adsl", "", place.population))


def column_subjects(shell: Shell, records: Records) -> Iterator[Result]:
    """The number of subjects of every column, for the column heads of an output with one set."""
    if not shell.sets:
        one = shell.population
        line = Line(SUBJECTS, 0, kinds.Heading(SUBJECTS), one.where, sizes(one))
        yield from (subjects(place, records) for place in places(shell, line))


def table(shell: Shell, found: Found, rows: list[Row], says: str = "") -> Table:
    """The page's table: the label column and one per group, headed by its number of subjects and what its cells say."""
    heads = [Column(shell.stub, shell.stub_width)]
    for column in shell.columns:
        size = {} if shell.sets else found.statistics(sizes(shell.population), column.id)
        label = cell("{group}\n(N={N:x})", {"group": column.label, **size}) if size else column.label
        heads.append(Column("\n".join(filter(None, (label, says))), 1.4, "center"))
    somebody = _anybody(shell, found)
    return Table(tuple(heads), tuple(spaced(rows) if somebody else []), empty=NO_RECORDS if somebody else NOBODY)


def closed_up(text: str) -> str:
    """A cell without the padding of its shell, for a column that is centred or a sentence."""
    return " ".join(text.split()).replace("( ", "(")


def spaced(rows: list[Row]) -> Iterator[Row]:
    """A blank line above a heading within a set, and wherever a row at the margin follows an indented one."""
    above = Row(("",), header=True)
    for row in rows:
        opens = (row.header and not above.header) or (above.indent > 0 and not row.indent)
        yield replace(row, gap=True) if opens else row
        above = row


def shown(shell: Shell, found: Found) -> Shell:
    """The shell without the columns that nobody stands in, where it hides them; a column of everybody stays."""
    if not shell.hide_empty:
        return shell
    kept = [column for column in shell.columns
            if not column.where or any(found.number(sizes(one), column.id, "N") > 0 for one in sets(shell))]
    return replace(shell, columns=tuple(kept))


def _anybody(shell: Shell, found: Found) -> bool:
    return any(found.number(sizes(one), column.id, "N") > 0 for one in sets(shell) for column in shell.columns)


def printed(line: Line, label: str, cells: list[str], extra: int = 0) -> Row:
    """A printed row of a line; `extra` indents it below the line itself."""
    return Row((label, *cells), indent=line.indent + extra, key=line.rowid)


def each(row: Any, label: str) -> str:
    """A level as its row calls it: `each: "Week 4: {level}"`."""
    return row.each.replace("{level}", label)


def values(shell: Shell, key: Address, found: Found) -> list[Statistics]:
    """The statistics of a printed row, one set of them per column."""
    return [found.statistics(key, column.id) for column in shell.columns]


def level(shell: Shell, line: Line, found: Found) -> str:
    """The coverage of the line's intervals as printed: 95%."""
    levels = values(shell, line.key, found)
    return next((f"{cell('{level%:x.x}', one).removesuffix('.0')}%" for one in levels if "level" in one), "")


def heading(shell: Shell, line: Line) -> Row:
    """The line's label alone, above the rows it introduces."""
    cells = (line.row.label, *[""] * len(shell.columns))
    return Row(cells, indent=line.indent, header=True, keep_with_next=True, key=line.rowid)


def p_value(values: Statistics, show: str = "") -> str:
    """A p-value of three decimals; what is smaller than any of them is said to be so."""
    p, _ = values.get("p_value", (1.0, ""))
    if not show and isinstance(p, float) and p < LEAST_P:
        return hear(values["p_value"], f"<{LEAST_P}")
    if show or "p_value" not in values or p != p:
        return statistics(show or "{p_value:x.xxx}", values) if "p_value" in values else BLANK
    return cell("{p_value:x.xxx}", values)  # where nobody has it, too: n is 0 and p is 1


def statistics(show: str, values: Statistics) -> str:
    """A shell filled with statistics; a dash where there are none (a column it is not for), or nothing to summarise."""
    n, _ = values.get("n", (1.0, ""))
    if not values or (set(values) == {"n"} and n != n):
        return BLANK
    return cell(show, values) if n > 0 or show.startswith("{n:") else BLANK
