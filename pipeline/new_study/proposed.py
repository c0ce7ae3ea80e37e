"""What is known when a form is read, and what is proposed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.ground.metadata import DatasetSpec
from pipeline.new_study.dictionary import DictionaryField
from pipeline.new_study.eligibility import EligibilityCriterion
from pipeline.new_study.meanings import Meanings


class ProposedRow(NamedTuple):
    """One row of a mapping sheet; an open one has no form, the block OPEN and FORM.FIELD as its source."""

    form: str
    block: str
    target: str
    rule: str
    source: str
    where: str = ""


class ProposedTest(NamedTuple):
    """One row of a table of tests: a measured field that is called as a test of its domain."""

    form: str
    field: str
    test: str
    list: str
    unit: str
    result: str


@dataclass(frozen=True)
class Vocabulary:
    """What the standard knows: the meanings, the datasets of SDTM by name, their tests (code: label), its codelists and
    which of them nothing may be added to.

    `yes` is what each collected list of the study calls Yes, `english` what its labels mean, `criteria` those of
    eligibility that it names, `spellings` what a codelist reads for a collected value.
    """

    meanings: Meanings
    domains: Mapping[str, DatasetSpec]
    tests: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, frozenset[str]]
    closed: frozenset[str]
    yes: Mapping[str, str] = field(default_factory=dict)
    english: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    criteria: Mapping[str, Sequence[EligibilityCriterion]] = field(default_factory=dict)


@dataclass(frozen=True)
class CrfForm:
    """A form of the dictionary: its fields, the columns of subject and visit, and those that every form carries.

    `of_nobody` where its records name no subject: a domain has no place for them.
    """

    fields: Sequence[DictionaryField]
    subject: str
    carried: tuple[str, ...]
    visit: str = ""
    of_nobody: bool = False

    @property
    def name(self) -> str:
        """The short name of the form."""
        return self.fields[0].form

    @property
    def label(self) -> str:
        """What the form is called."""
        return self.fields[0].form_label


@dataclass
class Proposal:
    """Rows and tests by domain, and which fields they use."""

    rows: dict[str, list[ProposedRow]] = field(default_factory=dict)
    tests: dict[str, list[ProposedTest]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def spelt(unit: str, units: Mapping[str, str]) -> str:
    """A unit as it is submitted: as the terminology reads it, in any case of letters where that is one unit alone."""
    alike = {meant for said, meant in units.items() if unit.casefold() in (said.casefold(), meant.casefold())}
    return units.get(unit) or (alike.pop() if len(alike) == 1 else unit)
