"""What rows of every kind may say, and what those with numbers may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tlf.rows import words
from tlf.rows.words import Base, metadata, word


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
class Measured(ShellRow):
    """A row with numbers: of records that meet `where`; `published` is what a publication printed in their place.

    `population` is whose they are, where it is another set than that of the output. A clause names variables of its
    dataset and of ADSL.
    """

    of: str = word()
    where: str = word()
    show: str = word()
    population: Base | None = field(default=None, metadata=metadata(words.POPULATION))
    published: str = word()
    compare: str = word()
    default: ClassVar[str] = "adsl"
    asks: ClassVar[tuple[str, ...]] = ()  # decisions without which it cannot be made
    made: ClassVar[tuple[str, ...]] = ()  # statistics that its cells may print
    of_chosen: ClassVar[bool] = False  # whether it looks at no other records of its dataset than those of `where`

    @property
    def dataset(self) -> str:
        """The dataset of the records: `of`, else the usual one of the kind."""
        return self.of or self.default
