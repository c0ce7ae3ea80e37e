"""What stands under the words of rows: their shapes, and the small values that they are read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Shape = Any  # as pipeline.study.shapes reads it; a frozenset: one of these words
BASE: Shape = {"of": "text", "where": "text", "set": "text"}
POPULATION: Shape = {"set": "text", "where": "text", "label": "text"}
PARTS: Shape = [{"label!": "text", "where!": "text"}]
TAKEN = frozenset({"first", "last", "highest", "lowest"})
TAKEN_AT = TAKEN | {"nearest"}
UNITS = frozenset({"days", "weeks", "months"})
EXACT, PER = frozenset({"exact"}), frozenset({"subject", "record"})
SIDE: Shape = {"variable!": "text", "where": "text", "take": TAKEN, "each": "text"}
AT_RISK: Shape = {"from!": "text", "until!": ["text"], "days": "decided", "after": "text"}
LEVEL: Shape = ("text", {"value": "text", "where": "text", "label": "text", "id": "text"})


def word(shape: Shape = "text", default: Any = "", *, must: bool = False) -> Any:
    """One word of a kind: the shape of what stands there, what holds where it is not said, and whether it must be."""
    return field(default=default, metadata=metadata(shape, must=must))


def metadata(shape: Shape, *, must: bool = False) -> dict[str, Shape]:
    """What a field of a kind says of its word."""
    return {"shape": shape, "must": must}


@dataclass(frozen=True)
class Base:
    """Whom a share is taken of: the subjects with such a record (of `set`: those of that analysis set)."""

    of: str = "adsl"
    where: str = ""
    id: str = ""
    label: str = ""


EVERYBODY = Base()


@dataclass(frozen=True)
class RowLevel:
    """One level of a variable: its value, or the clause that tells it; `id` is the value where none is written."""

    value: str = ""
    label: str = ""
    where: str = ""
    id: str = ""


@dataclass(frozen=True)
class Part:
    """A line below each term: those of its subjects who meet `where`."""

    label: str
    where: str


@dataclass(frozen=True)
class Side:
    """One side of a shift: the grade (or category) of a subject there, and how its lines are called."""

    variable: str
    where: str = ""
    take: str = "highest"
    each: str = "{level}"


UNSAID = Side("")


@dataclass(frozen=True)
class TimeAtRisk:
    """When a subject is at risk: from one date of ADSL until the earliest of others, at most `days` after a date."""

    start: str = ""
    until: tuple[str, ...] = ()
    days: str | None = None
    after: str | None = None


ALWAYS = TimeAtRisk()
