"""What a study says of its endpoints, as frozen values: sources, situations, endpoints and response parameters.

They are read from `specs/*/endpoints/` in `pipeline/study/endpoints.py`; decisions that they name are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RECORD, ORIGIN, DEADLINE, MISSED = "record", "origin", "deadline", "first missed visit"
WORDS = (RECORD, ORIGIN, DEADLINE, MISSED)
ASSESSMENT, OTHERWISE = "assessment", "otherwise"
FIRST, LAST = "first", "last"
ANY, NONE = "any", "none"
TIMES = ("adtte", "adttecr")  # the datasets of times to events, and to the first of competing ones
IN_ORDER, EARLIEST = "first in order", "earliest date"


@dataclass(frozen=True)
class Source:
    """Records of one kind of a subject: those of a dataset that meet a clause, dated by a variable.

    record: domain, variable and sequence of the SDTM record, each the name of a variable that says it, or itself.
    after: a source; only records dated after its first count. consecutive: so many records in a row, of those that
    meet `where`, must meet `meets`; the first of them counts.
    """

    name: str
    of: str
    where: str = ""
    date: str = ""
    take: str = FIRST
    says: str = ""
    record: tuple[str, ...] = ()
    after: str = ""
    consecutive: int = 1
    meets: str = ""


@dataclass(frozen=True)
class At:
    """Which date counts: a word (record, origin, deadline, first missed visit), or the first or last of a source.

    limit: how that record lies to the date of the situation: before, on or before, on or after, after, or any ('').
    """

    word: str = ""
    take: str = LAST
    source: str = ""
    limit: str = ""


@dataclass(frozen=True)
class Situation:
    """What may end the time: the first record of its sources (none: whoever is left), event or censored.

    when: a clause on the subject. missed: only after so many missed assessments, 0 for any. no, by: only who has no
    record of these sources up to that day (days from the origin, its own day 0), once a record of `of` reaches it.
    """

    name: str
    event: bool
    of: tuple[str, ...] = ()
    at: tuple[At, ...] = (At(RECORD),)
    when: str = ""
    missed: int = 0
    no: tuple[str, ...] = ()
    by: int = 0
    cnsr: int = 0
    cause: int | None = None
    says: str = ""


@dataclass(frozen=True)
class Endpoint:
    """A time to event: for whom, from when, in which unit, and the situations in order.

    dataset: of which it is a parameter (TIMES). visits: the planned response visits that can be missed, () for all.
    """

    code: str
    label: str
    population: str
    origin: str
    situations: tuple[Situation, ...]
    assessments: str = ""
    dataset: str = TIMES[0]
    compete: str = EARLIEST
    unit: str = "days"
    first_day: int = 1
    visits: tuple[str, ...] = ()
    derivation: str = ""
    footnote: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """The sources that its situations look at."""
        told = [name for one in self.situations for name in (*one.of, *one.no, *(at.source for at in one.at))]
        return tuple(dict.fromkeys(name for name in (self.assessments, *told) if name and name != ASSESSMENT))

    @property
    def competing(self) -> bool:
        """True where its events have causes."""
        return any(situation.cause is not None for situation in self.situations)


@dataclass(frozen=True)
class Endpoints:
    """The endpoints of a study in order, the sources by name, and the datasets with one record per subject."""

    made: tuple[Endpoint, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Response:
    """A response parameter: of which assessments, in which days, which of several, and what is asked of it.

    value: the variable that holds the response. yes: responses that are Y (ANY: every record), else N. best: the order
    in which the best is sought. Neither: the response itself. where: what the one taken must meet besides.
    window: a planned response visit; start and end: days from the first infusion. missing: what stands without any
    ('' : no record).
    """

    code: str
    population: str
    assessments: str
    value: str = "OVERALL"
    window: str = ""
    start: int | None = None
    end: int | None = None
    take: str = ""
    where: str = ""
    yes: tuple[str, ...] = ()
    best: tuple[str, ...] = ()
    recode: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True)
class Beside:
    """A variable that every response assessment has besides: the value of another record, or the first of `cases`.

    nearest: the source of whose records the nearest in time is asked, at equal distance the later, at most `days` away
    (None: of the same link group); one without `value` is passed over. With `base`, a number of the
    subject, they have BASE, CHG, PCHG and R2BASE. `otherwise` stands where there is none, or no case holds.
    """

    name: str
    label: str = ""
    nearest: str = ""
    value: str = ""
    days: int | None = None
    base: str = ""
    cases: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""


@dataclass(frozen=True)
class HowMany:
    """How many of the variables `of` have one of `values`."""

    of: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """Criteria of response as a table: of its cases in order the first that holds is the response that follows.

    Its clauses ask what stands beside the assessments, the numbers of `counts`, LUGANO (the response that follows from
    PET and CT), and PRIOR: Y where an earlier assessment since the infusion is one of `remission`. Outside `among`
    nothing follows.
    """

    criterion: str
    label: str = ""
    cases: Mapping[str, str] = field(default_factory=dict)
    remission: tuple[str, ...] = ()
    among: str = ""
    counts: Mapping[str, HowMany] = field(default_factory=dict)


@dataclass(frozen=True)
class Derivation:
    """What stands beside the response assessments, the criterion by which a response follows (none: PET and CT), and
    sources and datasets of one record per subject that they name."""

    beside: tuple[Beside, ...] = ()
    criterion: Criterion | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Responses:
    """The response parameters of a study, the sources by name, and the datasets with one record per subject."""

    made: tuple[Response, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
