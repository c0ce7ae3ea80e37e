"""Rows as shells write them: the words that each kind may say, and a row read into its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tlf.ids import named
from tlf.rows.kinds import KINDS, OF_FAMILY, ShellRow
from tlf.rows.words import Base, Part, RowLevel, Shape, Side, TimeAtRisk

OF_PUBLISHED = ("published", "compare")
NOT_IN_FORESTS = ("per", "population", "denominator", "columns", "note", "interval", "show",
                  "p0", "time_at_risk")  # fmt: skip


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
    unsaid += NOT_IN_FORESTS if family == "forest" else ()
    told = [one for one in fields(of_kind) if one.name not in ("label", *unsaid)]
    shapes = {kind: "text"} | {one.name: one.metadata["shape"] for one in told}
    must = (kind, *(one.name for one in told if one.metadata["must"]))
    return KindWords(shapes, must, of_kind.either)


def row(content: Mapping[str, Any]) -> ShellRow:
    """A row as a shell writes it, read into its kind; it has the words of its kind alone (see `written`)."""
    (kind, label), *said = content.items()
    return KINDS[kind](label, **{name: _READ.get(name, as_written)(part) for name, part in said})


def as_written(part: Any) -> Any:
    """A part of a shell that needs no reading; a list as a tuple."""
    return tuple(part) if isinstance(part, list) else part


def level(part: str | Mapping[str, str]) -> RowLevel:
    """A level as a shell writes it: a value, or words."""
    said = {"value": part} if isinstance(part, str) else dict(part)
    label = said.get("label", said.get("value", ""))
    return RowLevel(**({"label": label, "id": said.get("value", "") or named(label)} | said))


_READ: dict[str, Any] = {
    "indent": int,
    "denominator": lambda part: Base(**part),
    "population": lambda part: Base(**part),
    "time_at_risk": lambda part: TimeAtRisk(part["from"], tuple(part["until"]), *map(part.get, ("days", "after"))),
    "parts": lambda part: tuple(Part(**one) for one in part),
    "first": lambda part: Side(**part),
    "then": lambda part: Side(**part),
    "values": lambda part: tuple(level(one) for one in part),
    "statistics": lambda part: tuple(part.items()),
}
