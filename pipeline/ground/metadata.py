"""What a study and its datasets are, as frozen values that every layer may be handed.

They are read from `study.yaml` and dataset specs in `pipeline/study`; what each word means is said there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.ground.named_clauses import NamedClause


@dataclass(frozen=True)
class Arm:
    """An arm: submission value, text, and the level and product by which it is told that it was given."""

    code: str = ""
    label: str = ""
    level: str = ""
    product: str = ""


@dataclass(frozen=True)
class DoseLevel:
    """A dose level: its label, planned dose and unit, and the doses given (`low` to `high`) that are of it."""

    label: str = ""
    dose: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Treatment:
    """The products of one role, and how their dose is planned and called."""

    label: str = ""
    dose_label: str = ""
    planned: Mapping[str, str] = field(default_factory=dict)
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """A treatment period: what it is called, and the clause on EX that tells its doses."""

    label: str
    where: str = ""


@dataclass(frozen=True)
class ElementStart:
    """Records by whose `date` a subject enters an element, `days` after it (0: on it)."""

    of: str = ""
    date: str = ""
    where: str = ""
    days: int = 0


@dataclass(frozen=True)
class Element:
    """An element of the trial design: its code, label and epoch, what starts it, and its rules in words.

    `arms` are the codes of the arms that have it, all where none is named.
    """

    code: str = ""
    label: str = ""
    epoch: str = ""
    start_rule: str = ""
    end_rule: str = ""
    duration: str = ""
    branch: str = ""
    transition: str = ""
    arms: tuple[str, ...] = ()
    starts: tuple[ElementStart, ...] = ()


@dataclass(frozen=True)
class SummaryValue:
    """A value of a parameter of the trial summary, or why there is none (a null flavor of ISO 21090)."""

    code: str
    value: str = ""
    null: str = ""


@dataclass(frozen=True)
class Headline:
    """One line of the summary at the end of a run: a result by its ids, printed by a shell."""

    label: str
    output: str
    row: str
    column: str
    show: str
    set: str = ""
    level: str = ""


@dataclass(frozen=True)
class StudySettings:
    """What study.yaml says; places are FORM or FORM.FIELD, '' or () where the study names none."""

    study: str = ""
    name: str = ""
    title: str = ""
    indication: str = ""
    design: str = ""
    sponsor: str = ""
    data: str = ""
    source: str = "raw"  # what an extract is: raw forms, or SDTM datasets made elsewhere
    paper: str = "Letter"
    status: str = "draft"
    cutoff: str = ""
    country: str = ""
    site_countries: Mapping[str, str] = field(default_factory=dict)  # from sites.yaml, where they differ
    day0: str = "cells"
    subjects: str = "DM"
    entered: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()
    death: tuple[str, ...] = ()
    anchor: str = ""
    anchor_day: int = 0
    entry_days: int = 5  # the usual time in which sites enter what they did
    primary: bool = False
    arm: Arm = Arm()
    arms: tuple[Arm, ...] = ()
    levels: Mapping[str, DoseLevel] = field(default_factory=dict)
    treatments: Mapping[str, Treatment] = field(default_factory=dict)
    study_treatment: tuple[str, ...] = ("conditioning", "cells")  # roles, the one that dates the start first
    periods: tuple[Period, ...] = ()
    elements: tuple[Element, ...] = ()
    trial_summary: tuple[SummaryValue, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    part_labels: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    statistics: Mapping[str, str] = field(default_factory=dict)  # what results.csv calls them, where otherwise
    headline: tuple[Headline, ...] = ()
    not_collected: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    flags: str = "Y"
    pooled: Mapping[str, str] = field(default_factory=dict)  # the studies of a pool: identifier by folder

    @property
    def from_sdtm(self) -> bool:
        """True for a study that starts from SDTM datasets made elsewhere."""
        return self.source == "sdtm"

    @property
    def infusion_day(self) -> int:
        """The number of the day of the first infusion: 0, or 1 where the study has no day 0."""
        return 1 if self.day0 == "none" else 0

    @property
    def all_arms(self) -> tuple[Arm, ...]:
        """The arms of the study, or its one arm."""
        return self.arms or ((self.arm,) if self.arm.code else ())

    @property
    def places(self) -> dict[str, tuple[str, ...]]:
        """The places that decide over whole subjects, by the word that names them."""
        anchor = (self.anchor,) if self.anchor else ()
        return {"subjects": (self.subjects,), "entered": self.entered, "consent": self.consent, "death": self.death,
                "anchor": anchor}  # fmt: skip


@dataclass(frozen=True)
class Variable:
    """One variable of a dataset spec; `otherwise` stands where its recipe gives it no value."""

    name: str
    label: str = ""
    type: str = "text"
    length: str = ""
    core: str = "Perm"
    codelist: str = ""
    origin: str = ""
    source: str = ""
    derivation: str = ""
    comment: str = ""
    format: str = ""
    only: str = ""
    otherwise: str = ""

    @property
    def required(self) -> bool:
        """True when every record must have a value."""
        return self.core == "Req"

    @property
    def collected(self) -> bool:
        """True when every record must have a value that nobody derives."""
        return self.required and self.origin != "Derived"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a BDS dataset: its code, label and category, where it comes from and how it is made."""

    code: str
    label: str
    derivation: str
    source: str = ""
    category: str = ""


@dataclass(frozen=True)
class DatasetSpec:
    """A dataset's contract: what one record is, its keys and its variables in order.

    `of` names the dataset whose records an analysis dataset holds; without it there is none. `by_subject` is a promise
    of its recipe: made of each subject alone and stacked, it is the same dataset; the function `completed_by` adds to
    it what rests on all other variables. `by_period`: it is made once for each treatment period, of that period's
    records. `core_variables` of ADSL are carried by all other analysis datasets that people are handed; `carried` are
    those that this one does not make itself (of SDTM made elsewhere: what the guide permits besides), `numbered` what
    it gets besides when it is handed out (ASEQ, PARCAT1, PARAMN, ADY). `category` is that of parameters which name
    none. `timing` names the dates that get a study day, `last_before_exposure` the variables within which the last
    result before the first treatment is flagged. `clauses` may be asked of its records by name. `said` is what its
    files say, as they say it.
    """

    name: str = ""
    layer: str = ""
    dataset: str = ""
    label: str = ""
    structure: str = ""
    observation_class: str = ""
    of: str = ""
    keys: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    without: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    timing: tuple[str, ...] = ()
    last_before_exposure: tuple[str, ...] = ()
    path: Path = Path()
    additions: tuple[Path, ...] = ()
    said: Any = field(default_factory=dict, repr=False, compare=False)
    intermediate: bool = False
    by_subject: bool = False
    by_period: bool = False
    completed_by: str = ""
    core_variables: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    category: str = ""
    clauses: tuple[NamedClause, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that say it: the standard's, and the study's where it says what differs."""
        return (self.path, *self.additions)

    @property
    def parameter_labels(self) -> dict[str, str]:
        """The labels of the parameters by code, where the spec lists them."""
        return {parameter.code: parameter.label for parameter in self.parameters}

    @property
    def tested(self) -> str:
        """The list of the tests that are its parameters (LBTESTCD); '' where they are none."""
        code = self.by_name.get("PARAMCD", Variable(""))
        return code.source.rpartition(".")[2] if code.origin == "Predecessor" else ""

    @property
    def categories(self) -> dict[str, str]:
        """The categories of the parameters by code; under "" that of those which are not listed, where it is said."""
        told = {"": self.category} | {one.code: one.category or self.category for one in self.parameters}
        return {code: category for code, category in told.items() if category}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Variable names in the order of the spec."""
        return tuple(v.name for v in self.variables)

    @property
    def own(self) -> DatasetSpec:
        """The dataset as its recipe makes it, without what it carries of ADSL and what numbers its records."""
        given = {*self.carried, *self.numbered}
        kept = tuple(variable for variable in self.variables if variable.name not in given)
        return replace(self, variables=kept, carried=(), numbered=()) if given else self

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        """The variables by name, in the order of the spec."""
        return {v.name: v for v in self.variables}
