"""What a study says of records and of subjects, as frozen values: conditions that become variables, analysis sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

VALUE = re.compile(r"\{(\w+)\}")  # in a reason: the subject's value of that variable
ALWAYS = "always"  # of `within`: it holds by definition


@dataclass(frozen=True)
class Condition:
    """A variable of an ADaM dataset: Y where a clause holds, or the value of one record that meets it, or of `cases`
    (text and clause, in order) the first that holds, or (`joined`) all that hold with that between them.

    `of` is the dataset that has it. With `source` (in files: `from`) it is asked of the subject: whether any record of
    that dataset (dated by its variable `date`) meets `where`, or (`take`, `value`) what the first, last, highest or
    lowest of them says; `otherwise` stands where there is none. With `base`, a number of the subject, records have
    BASE, CHG, PCHG and R2BASE.
    Outside `among` the variable is blank.
    """

    name: str
    label: str = ""
    of: str = ""
    where: str = ""
    source: str = ""
    date: str = ""
    take: str = ""
    value: str = ""
    otherwise: str = ""
    base: str = ""
    among: str = ""
    says: str = ""
    joined: str = ""
    cases: Mapping[str, str] = field(default_factory=dict)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Its clauses, the one on records first."""
        return (self.where, *self.cases.values(), self.among)


@dataclass(frozen=True)
class SubjectSet:
    """Subjects by a clause: its flag, and for who is out the first of the reasons whose clause holds, in `reason`.

    With `source` (in files: `from`) a subject is in when any record of that dataset meets `where`. A set without a
    flag is a clause on ADSL and no variable; one without a clause is made by the recipe NAME_set. `within` are the
    sets in which it lies, each with the severity of a subject who does not.
    """

    id: str
    label: str = ""
    name: str = ""
    flag: str = ""
    reason: str = ""
    where: str = ""
    source: str = ""
    after: str = ""
    says: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """The name by which recipes take it."""
        return f"{self.name or self.id.lower()}_set"

    @property
    def declared(self) -> bool:
        """True when its flag is made of a clause."""
        return bool(self.flag and self.where)

    @property
    def chosen_by(self) -> str:
        """The clause on ADSL that selects its subjects; '' for everybody."""
        return f'{self.flag} == "Y"' if self.flag else self.where

    @property
    def clauses(self) -> tuple[str, ...]:
        """Its clauses, the one on records first."""
        return (self.where, *self.reasons.values())
