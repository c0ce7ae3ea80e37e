"""A dataset as the site shows it: its metadata, and what reads its records some at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.review.script import Facts, safe
from pipeline.why.ledger import SUBJECT

RAW, SDTM, ADAM = "raw", "sdtm", "adam"


@dataclass(frozen=True)
class Shown:
    """One dataset: how it is called, its metadata, and what reads its `rows`, of which `published` are handed out.

    In a ledger there are records beyond these. They are read when they are asked for, some at a time, and nobody keeps
    them: those of a large study need more room than a machine has. `content` is the hash of all they are read from.
    """

    name: str
    layer: str
    label: str
    read: Callable[[Sequence[str] | None], Iterator[pd.DataFrame]]  # these columns, else all
    published: int
    variables: tuple[Facts, ...]
    more: Facts
    rows: int
    content: str

    @property
    def path(self) -> str:
        """The name of its data in the site, and its address."""
        return f"{self.layer}/{safe(self.name)}"

    @property
    def subjects(self) -> list[str]:
        """The subjects that its records are of, in their order; none of a delivered file."""
        if not self.has_subjects:
            return []
        told = (piece[SUBJECT].dropna().unique() for piece in self.read([SUBJECT]))
        return [*dict.fromkeys(str(name) for names in told for name in names)]

    @property
    def has_subjects(self) -> bool:
        """Whether each record names its subject, as those of a delivered file do not."""
        return self.layer != RAW and any(one["name"] == SUBJECT for one in self.variables)
