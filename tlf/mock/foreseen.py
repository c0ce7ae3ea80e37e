"""What is known of an output before there are data: its datasets, the terms of codelists and visits, the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.ground.metadata import DatasetSpec, Variable
from tlf.decided import Decisions
from tlf.shell import FIELD

MANY, FEW = 20, 6  # values of a variable that are told one by one, and in combinations
TEXT, NUMBER, DATE = "xxxxx", "xx", "YYYY-MM-DD"
# What dictionary terms are called, whatever the label of their variable: ends of names.
CODED = {"BODSYS": "System organ class", "DECOD": "Preferred term", "CLAS": "Drug class", "CAT": "Category"}


@dataclass(frozen=True)
class Foreseen:
    """The specs of datasets, the values of codelists and of single variables (AVISIT), and decisions, all by name."""

    datasets: Mapping[str, DatasetSpec] = field(default_factory=dict)
    codelists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=dict)

    def variable(self, dataset: str, name: str) -> Variable:
        """A variable of a dataset, else that of the subject (ADSL), else one of that name and nothing more."""
        homes = [self.datasets[home] for home in (dataset, "adsl") if home in self.datasets]
        return next((one.by_name[name] for one in homes if name in one.by_name), Variable(name))

    def label(self, dataset: str, name: str) -> str:
        """A variable as a reader knows it."""
        return self.variable(dataset, name).label or name

    def levels(self, dataset: str, name: str, most: int = MANY) -> tuple[str, ...]:
        """The values of a variable where the specs give few of them; else its name in brackets."""
        told = self.values.get(name) or self.codelists.get(self.variable(dataset, name).codelist, ())
        return told if 0 < len(told) <= most else (f"<{self.called(dataset, name)}>",)

    def called(self, dataset: str, name: str) -> str:
        """What a level of a variable is, in a word."""
        return next((word for end, word in CODED.items() if name.endswith(end)), self.label(dataset, name))

    def shown(self, dataset: str, name: str) -> str:
        """What stands in a listing for a value of a variable."""
        variable = self.variable(dataset, name)
        few = self.codelists.get(variable.codelist, ())
        if variable.type in ("date", "datetime") or name.endswith("DTC"):
            return DATE
        if variable.type in ("number", "integer"):
            return NUMBER
        return " / ".join(few) if 0 < len(few) <= 3 else TEXT

    def filled(self, said: str, dataset: str) -> str:
        """A cell of a listing: its shell with x's, or what stands for the first of its variables."""
        if "{" not in said:
            return self.shown(dataset, said.split()[0])
        return FIELD.sub(lambda one: one["form"] or self.shown(dataset, one["name"]), said)
