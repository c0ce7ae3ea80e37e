"""Toxicities of interest as frozen values that recipes are handed: what `toxicities.yaml` says, decisions filled in."""

from __future__ import annotations

from dataclasses import dataclass, field

FIRST, LAST = "first", "last"  # infusion of the subject


@dataclass(frozen=True)
class ToldBy:
    """How records are told: of a dataset, by preferred term (whatever its case) or by a clause; all without both."""

    of: str
    where: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graded:
    """Where the grade of an event stands, and the grades that are words (I to IV)."""

    variable: str
    words: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ToxicityWindow:
    """The days of interest: from so many after one infusion to so many after another (0: its own day; None: open).

    `before` are dates of the subject, from that infusion on, that end it the day before. `partial`: a partial date that
    `may` lie in it counts, or only by its `first` possible day, or `never`.
    """

    low: int | None = 0
    high: int | None = None
    low_from: str = FIRST
    high_from: str = FIRST
    before: tuple[str, ...] = ()
    partial: str = "may"


@dataclass(frozen=True)
class Episodes:
    """How events become episodes, which episode is asked about, and what ends one.

    gap: up to so many days between end and next start are one episode (None: every record is its own). onset: `first`
    or `worst`. partial_start and partial_end: whether a partial date of the `first` (the `last`) record, of any of the
    `episode`, or of `any` record counted, leaves the value missing. ongoing: `last alive`, `cut` or `none` (no value).
    fatal: whether death `censors` the duration or `ends` it.
    """

    gap: int | None = 1
    onset: str = "first"
    partial_start: str = "first"
    partial_end: str = "last"
    ongoing: str = "last alive"
    fatal: str = "censors"


@dataclass(frozen=True)
class AskedParameter:
    """One parameter: its code and label, what is asked, of which records, and its value where there is none."""

    name: str
    code: str
    label: str
    what: str
    told: ToldBy | None = None
    value: str = ""
    none: str = ""
    window: ToxicityWindow | None = None
    begun_before: int | None = None
    with_event: bool = False
    order: tuple[str, ...] = ()
    among: str = ""
    source: str = ""


@dataclass(frozen=True)
class Days:
    """The daily records of a toxicity, one test a record: which they are, the test that is the
    investigator's grade of the day, and what tests stand for that a day has not (`blank`).

    `grades`: the table of its scale, by which the grade of the day follows from the tests: grades with their clauses in
    order; none where a rule of the code grades it (CRS and ICANS by ASTCT 2019), or nothing.
    """

    of: str
    where: str = ""
    grade: str = ""
    blank: dict[str, str] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Toxicity:
    """One toxicity of interest; `flag` is its variable in ADAE, `cited` what a cause of death says of it.

    `capd`: the subjects whose daily grade of ICANS goes by CAPD, not by ICE. `days`: what is recorded of it day by day.
    """

    name: str
    scale: str
    events: ToldBy
    grade: Graded
    window: ToxicityWindow
    episodes: Episodes
    parameters: tuple[AskedParameter, ...]
    flag: str = ""
    cited: tuple[str, ...] = ()
    capd: str = ""
    days: Days | None = None


def domain_of(dataset: str) -> str:
    """The SDTM domain whose records a dataset has: itself, or that of ADAE and the like."""
    return dataset.removeprefix("ad") if len(dataset) > 2 else dataset
