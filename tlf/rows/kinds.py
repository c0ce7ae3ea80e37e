"""The words of every kind of row. A row's first word is its kind, and what stands there its label:

    {count: Any CRS, of: adcrs, where: 'PARAMCD == "CRSMAXGR" and AVAL >= 1', interval: exact}

This is the one table of words: specs are read by it, linted by it, and a row that code gets is one of these. It imports
nothing heavy, since every command reads the specs and an unchanged run loads no pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from tlf.ids import named

Shape = Any  # as pipeline.study.shapes reads it; a frozenset: one of these words
BASE: Shape = {"of": "text", "where": "text"}
LEVEL: Shape = ("text", {"value": "text", "where": "text", "label": "text", "id": "text"})


def word(shape: Shape = "text", default: Any = "", *, must: bool = False) -> Any:
    """One word of a kind: the shape of what stands there, what holds where it is not said, and whether it must be."""
    return field(default=default, metadata={"shape": shape, "must": must})


@dataclass(frozen=True)
class Base:
    """Whom a share is taken of: the subjects with such a record."""

    of: str = "adsl"
    where: str = ""


EVERYBODY = Base()


@dataclass(frozen=True)
class RowLevel:
    """One level of a variable: its value, or the clause that tells it; `id` is the value where none is written."""

    value: str = ""
    label: str = ""
    where: str = ""
    id: str = ""


@dataclass(frozen=True)
class ShellRow:
    """What a row of every kind may say.

    `id` addresses its results; `columns` are those it is for, by id; `note` is why it says nothing in the others.
    """

    label: str
    indent: int = word("count", 0)
    id: str = word()
    columns: tuple[str, ...] = word(["text"], ())
    note: str = word()
    either: ClassVar[tuple[str, ...]] = ()  # words of which one must be said


@dataclass(frozen=True)
class Heading(ShellRow):
    """A label above the rows it introduces."""


@dataclass(frozen=True)
class Opening(ShellRow):
    """The line that opens a set, with its number of subjects; no shell writes it."""


@dataclass(frozen=True)
class Measured(ShellRow):
    """A row with numbers: of records that meet `where`; `published` is what a publication printed in their place."""

    of: str = word()
    where: str = word()
    show: str = word()
    published: str = word()
    compare: str = word()
    default: ClassVar[str] = "adsl"

    @property
    def dataset(self) -> str:
        """The dataset of the records: `of`, else the usual one of the kind."""
        return self.of or self.default


@dataclass(frozen=True)
class Count(Measured):
    """Subjects with a record that meets `where`, as a share of the column or of `denominator`."""

    where: str = word(must=True)
    interval: str = word(frozenset({"exact"}))
    denominator: Base = field(default=EVERYBODY, metadata={"shape": BASE, "must": False})


@dataclass(frozen=True)
class Levels(Measured):
    """Subjects by the `values` of a variable, those with another value, and those without one."""

    variable: str = word(must=True)
    values: tuple[RowLevel, ...] = word([LEVEL], (), must=True)
    interval: str = word(frozenset({"exact"}))
    denominator: Base = field(default=EVERYBODY, metadata={"shape": BASE, "must": False})


@dataclass(frozen=True)
class SummaryRow(Measured):
    """The values of a variable, one per subject: printed by `show`, or by `statistics` (label: shell) on lines."""

    variable: str = word(must=True)
    statistics: tuple[tuple[str, str], ...] = word({"*": "text"}, ())
    either: ClassVar[tuple[str, ...]] = ("show", "statistics")


@dataclass(frozen=True)
class Median(Measured):
    """The Kaplan-Meier median in months of the times that meet `where`, one per subject, with limits."""

    where: str = word(must=True)
    default: ClassVar[str] = "adtte"


@dataclass(frozen=True)
class Rate(Measured):
    """The share without event at day `at`, with limits and the number at risk."""

    where: str = word(must=True)
    at: str = word("number", must=True)
    default: ClassVar[str] = "adtte"


@dataclass(frozen=True)
class FollowUp(Measured):
    """The median follow-up in months by reverse Kaplan-Meier, and the observed range."""

    where: str = word(must=True)
    default: ClassVar[str] = "adtte"


KINDS: dict[str, type[ShellRow]] = {
    "heading": Heading, "count": Count, "levels": Levels, "summary": SummaryRow, "median": Median, "rate": Rate,
    "follow_up": FollowUp,
}  # fmt: skip
COUNTED = ("heading", "count", "levels", "summary")
OF_FAMILY: dict[str, tuple[str, ...]] = {
    "categories": COUNTED, "toxicity": COUNTED, "survival": tuple(KINDS), "published": tuple(KINDS),
    "forest": ("count",), "listing": (), "kaplan_meier": (),
}  # fmt: skip
OF_PUBLISHED = ("published", "compare")


@dataclass(frozen=True)
class KindWords:
    """What a row of one kind may say, for who checks it: the shape of every word, those that must be, and either-or."""

    words: Mapping[str, Shape]
    must: tuple[str, ...]
    either: tuple[str, ...]


def written(family: str) -> dict[str, KindWords]:
    """The rows that a family of outputs knows, by their first word; one that is not known itself, all of them."""
    return {kind: _written(kind, family) for kind in OF_FAMILY.get(family, KINDS)}


def _written(kind: str, family: str) -> KindWords:
    of_kind, unsaid = KINDS[kind], () if family == "published" else OF_PUBLISHED
    told = [one for one in fields(of_kind) if one.name not in ("label", *unsaid)]
    words = {kind: "text"} | {one.name: one.metadata["shape"] for one in told}
    must = (kind, *(one.name for one in told if one.metadata["must"]))
    return KindWords(words, must, of_kind.either)


def row(content: Mapping[str, Any]) -> ShellRow:
    """A row as a shell writes it, read into its kind; it has the words of its kind alone (see `written`)."""
    (kind, label), *said = content.items()
    return KINDS[kind](label, **{name: _READ.get(name, _as_written)(part) for name, part in said})


def _as_written(part: Any) -> Any:
    return tuple(part) if isinstance(part, list) else part


def level(part: str | Mapping[str, str]) -> RowLevel:
    """A level as a shell writes it: a value, or words."""
    said = {"value": part} if isinstance(part, str) else dict(part)
    label = said.get("label", said.get("value", ""))
    return RowLevel(**({"label": label, "id": said.get("value", "") or named(label)} | said))


_READ: dict[str, Any] = {
    "indent": int,
    "denominator": lambda part: Base(**part),
    "values": lambda part: tuple(level(one) for one in part),
    "statistics": lambda part: tuple(part.items()),
}
