"""A shell as code gets it: what an output's YAML says, as frozen values; `read` makes them once, when specs are loaded.

Columns, sets and rows have an id each: the one that is written, or one made from the label as it is written. It imports
nothing heavy, since every command reads the specs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tlf.ids import named
from tlf.rows.kinds import ShellRow
from tlf.rows.words import RowLevel
from tlf.rows.written import as_written, level, row

OF_CURVES = ("CI_LEVEL", "KM_TRANSFORM", "MONTH_DAYS")
Words = Mapping[str, Mapping[str, str]]  # what to print for the values of a variable or decision


@dataclass(frozen=True)
class ShellColumn:
    """One column of a table, or one curve: the subjects that meet `where`; in a listing `where` says nothing."""

    id: str
    label: str
    where: str = ""
    width: float = 0


@dataclass(frozen=True)
class AnalysisSet:
    """The subjects for whom rows are made, the rows they have of their own, and the columns these are for."""

    id: str = ""
    label: str = ""
    where: str = ""
    rows: tuple[ShellRow, ...] = ()
    columns: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class SubjectNote:
    """A sentence below a table with the number and the names of the subjects it speaks of.

    `population` is whose they are, where it is another than that of the output.
    """

    label: str
    text: str
    of: str = "adsl"
    where: str = ""
    population: str | None = None


@dataclass(frozen=True)
class ListingBlock:
    """A part of a listing: the records that meet `where`, and the variables of each cell."""

    label: str
    where: str
    cells: tuple[str, ...]
    of: str = "adsl"
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Curve:
    """A curve that is compared with another: its times, and what it is called."""

    where: str = ""
    label: str = ""


@dataclass(frozen=True)
class Order:
    """Two curves of which `lower` should lie below `upper`, and the day at which that is looked at."""

    at: float
    upper: Curve
    lower: Curve


@dataclass(frozen=True)
class Panel:
    """A part of a figure and the columns it shows, by id (none named: all); of curves the times and the event."""

    columns: tuple[str, ...] = ()
    title: str = ""
    where: str = ""
    event: str = ""


@dataclass(frozen=True)
class Printed:
    """The published figures of a plot: their table, which of them, and the heading above them."""

    table: str = ""
    where: str = ""
    heading: str = "Published"


@dataclass(frozen=True)
class Coloured:
    """What colours a subject's bar or lane: a variable of one record of the subject, and its levels in order."""

    variable: str = ""
    of: str = "adsl"
    where: str = ""
    values: tuple[RowLevel, ...] = ()


@dataclass(frozen=True)
class Axis:
    """One value of each subject: a variable of the records that meet `where`, and the heights of lines across it."""

    variable: str = ""
    of: str = "adsl"
    where: str = ""
    take: str = "highest"
    reference: tuple[str, ...] = ()


@dataclass(frozen=True)
class LaneMark:
    """What is marked on a lane: records that meet `where`, at the day of a variable."""

    label: str
    variable: str
    of: str = "adsl"
    where: str = ""


@dataclass(frozen=True)
class Shell:
    """An output as its YAML says it; `population` is the set of an output that names no `sets`."""

    output: str
    family: str
    kind: str = "table"
    title: tuple[str, ...] = ()
    population: AnalysisSet = AnalysisSet()
    columns: tuple[ShellColumn, ...] = ()
    sets: tuple[AnalysisSet, ...] = ()
    rows: tuple[ShellRow, ...] = ()
    datasets: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    notes: tuple[SubjectNote, ...] = ()
    words: Words = field(default_factory=dict)
    stub: str = ""
    stub_width: float = 3
    keys: int = 1
    sort: tuple[str, ...] = ()
    blocks: tuple[ListingBlock, ...] = ()
    of: str = ""
    where: str = ""
    ticks: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    order: Order | None = None
    published: Printed = Printed()
    x_label: str = ""
    y_label: str = ""
    rate_head: str = ""
    x: str = ""
    y: str = "AVAL"
    middle: str = ""
    take: str = ""
    log: bool = False
    reference: tuple[str, ...] = ()
    across: Axis = Axis()
    upward: Axis = Axis()
    colour: Coloured = Coloured()
    marks: tuple[LaneMark, ...] = ()
    description: str = ""
    time: str = "months"
    hide_empty: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        """The decisions that its kinds of rows, and its family, cannot be made without, listed or not."""
        rows = [*self.rows, *(row for one in self.sets for row in one.rows)]
        asked = [name for row in rows for name in getattr(row, "asks", ())]
        return tuple(dict.fromkeys([*asked, *OF_CURVES]) if self.ticks else dict.fromkeys(asked))

    @property
    def measured(self) -> Shell:
        """What its results are made by: all of it but the words around them, which its page alone says."""
        return replace(self, title=(), footnotes=())


def read(content: Mapping[str, Any]) -> Shell:
    """The shell of an output as its file writes it, with named sets and columns in full (pipeline.study.named)."""
    return Shell(**{word: _READ.get(word, as_written)(part) for word, part in content.items()})


def _words(part: Mapping[str, Any]) -> dict[str, Any]:
    return {word: as_written(said) for word, said in part.items()}


def _group(part: Mapping[str, Any]) -> ShellColumn:
    said = {"id": named(part["label"])} | dict(part)
    return ShellColumn(**(said | {"width": float(part.get("width", 0))}))


def _set(part: Mapping[str, Any]) -> AnalysisSet:
    said: dict[str, Any] = {word: _rows(one) if word == "rows" else as_written(one) for word, one in part.items()}
    return AnalysisSet(**({"id": named(part.get("label", ""))} | said))


def _rows(part: list[Mapping[str, Any]]) -> tuple[ShellRow, ...]:
    """The rows, each with the id that is written, or the path of ids that leads to it."""
    rows, path = [], list[str]()
    for one in map(row, part):
        path = [*path[: one.indent], one.id or named(one.label)]
        rows.append(replace(one, id=one.id or ".".join(path)))
    return tuple(rows)


def _order(part: Mapping[str, Any]) -> Order:
    return Order(float(part["at"]), Curve(**part["upper"]), Curve(**part["lower"]))


_READ: dict[str, Any] = {
    "rows": _rows,
    "sets": lambda part: tuple(_set(one) for one in part),
    "columns": lambda part: tuple(_group(one) for one in part),
    "population": lambda part: AnalysisSet(**part),
    "notes": lambda part: tuple(SubjectNote(**one) for one in part),
    "blocks": lambda part: tuple(ListingBlock(**_words(one)) for one in part),
    "panels": lambda part: tuple(Panel(**_words(one)) for one in part),
    "order": _order,
    "published": lambda part: Printed(**part),
    "stub_width": float,
    "keys": int,
    "hide_empty": lambda part: part == "true",
    "log": lambda part: part == "true",
    "colour": lambda part: Coloured(**(part | {"values": tuple(map(level, part.get("values", [])))})),
    "across": lambda part: Axis(**_words(part)),
    "upward": lambda part: Axis(**_words(part)),
    "marks": lambda part: tuple(LaneMark(**one) for one in part),
}
