"""What every tabular family shares: the lines of a shell, its columns, and the cells of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from tlf.model import Column, Row, Table
from tlf.shell import cell
from tlf.templates.conditions import Records, all_of
from tlf.templates.rows import Found, Origin, Place, entry

SUBJECTS = "Subjects"  # ROWID of the number of subjects in each column
NOBODY = "No subjects in this population."
BLANK = "-"


class Line(NamedTuple):
    """One row of a shell within one set: `rowid` is the path of labels that leads to it."""

    rowid: str
    indent: int
    row: dict[str, Any]
    population: str


def sets(output: dict[str, Any]) -> list[dict[str, Any]]:
    """The analysis sets for which the rows are repeated; an output with one set names it as its population."""
    return output.get("sets") or [{"label": "", "where": output.get("population", {}).get("where", "")}]


def lines(output: dict[str, Any]) -> Iterator[Line]:
    """The rows of the shell, set after set; a set opens with a line of its own when there are several.

    A set may have `rows` of its own, and `columns` outside which its rows do not apply.
    """
    several = "sets" in output
    for one in sets(output):
        inherited = {word: one[word] for word in ("columns", "note") if word in one}
        path = [one["label"]] if several else []
        if several:
            yield Line(one["label"], 0, {**inherited, "label": one["label"], "set": one}, one["where"])
        for row in one.get("rows") or output["rows"]:
            depth = int(row.get("indent", 0)) + several
            path = [*path[:depth], row["label"]]
            yield Line(" / ".join(path), depth, {**inherited, **row}, one["where"])


def groups(output: dict[str, Any]) -> list[str]:
    """The labels of the columns."""
    return [column["label"] for column in output["columns"]]


def places(output: dict[str, Any], line: Line) -> Iterator[Place]:
    """The cells of a line: one per column, with the subjects of set and column as its population."""
    for column in output["columns"]:
        population = all_of(line.population, column.get("where", ""))
        yield Place(output["output"], line.rowid, column["label"], population)


def subjects(place: Place, records: Records) -> dict[str, Any]:
    """The results row for the number of subjects in the population of a place."""
    return entry(place, Origin("adsl", ""), "N", records.count("adsl", "", place.population))


def column_subjects(output: dict[str, Any], records: Records) -> Iterator[dict[str, Any]]:
    """The number of subjects of every column, for the column heads of an output with one set."""
    if "sets" not in output:
        line = Line(SUBJECTS, 0, {}, sets(output)[0]["where"])
        yield from (subjects(place, records) for place in places(output, line))


def table(output: dict[str, Any], found: Found, rows: list[Row], says: str = "") -> Table:
    """The page's table: the label column and one per group, headed by its number of subjects and what its cells say."""
    heads = [Column(output.get("stub", ""), float(output.get("stub_width", 3)))]
    for group in groups(output):
        size = found.statistics(SUBJECTS, group)
        label = cell("{group}\n(N={N:x})", {"group": group, **size}) if size else group
        heads.append(Column("\n".join(filter(None, (label, says))), 1.4, "center"))
    return Table(tuple(heads), tuple(spaced(rows) if _anybody(output, found) else []), empty=NOBODY)


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


def _anybody(output: dict[str, Any], found: Found) -> bool:
    rowids = [one["label"] for one in sets(output)] if "sets" in output else [SUBJECTS]
    return any(found.number(rowid, group, "N") > 0 for rowid in rowids for group in groups(output))


def printed(line: Line, label: str, cells: list[str], extra: int = 0) -> Row:
    """A printed row of a line; `extra` indents it below the line itself."""
    return Row((label, *cells), indent=line.indent + extra, key=line.rowid)


def level(output: dict[str, Any], line: Line, found: Found) -> str:
    """The coverage of the line's intervals as printed: 95%."""
    levels = [found.statistics(line.rowid, group) for group in groups(output)]
    return next((f"{cell('{level%:x.x}', values).removesuffix('.0')}%" for values in levels if "level" in values), "")


def heading(output: dict[str, Any], line: Line) -> Row:
    """The line's label alone, above the rows it introduces."""
    cells = (line.row["label"], *[""] * len(output["columns"]))
    return Row(cells, indent=line.indent, header=True, keep_with_next=True, key=line.rowid)


def statistics(show: str, values: dict[str, tuple[float, str]]) -> str:
    """A shell filled with statistics; blank where there are none, or nothing to summarise."""
    empty = not values or not values.get("n", (1.0, ""))[0] > 0
    return BLANK if empty and not show.startswith("{n:") else cell(show, values)
