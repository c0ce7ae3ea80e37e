"""The words of every kind of row. A row's first word is its kind, and what stands there its label:

    {count: Any CRS, of: adcrs, where: 'PARAMCD == "CRSMAXGR" and AVAL >= 1', interval: exact}

This is the one table of words: specs are read by it, linted by it, and a row that code gets is one of these. It imports
nothing heavy, since every command reads the specs and an unchanged run loads no pandas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tlf.rows import words
from tlf.rows.words import EVERYBODY, UNSAID, Base, Part, RowLevel, Side, metadata, word

ORDERS = frozenset({"frequency", "order"})  # of terms


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
class Heading(ShellRow):
    """A label above the rows it introduces."""


@dataclass(frozen=True)
class Opening(ShellRow):
    """The line that opens a set, with its number of subjects; no shell writes it."""


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

    @property
    def dataset(self) -> str:
        """The dataset of the records: `of`, else the usual one of the kind."""
        return self.of or self.default


@dataclass(frozen=True)
class Share(Measured):
    """A row of shares: of the column's subjects or of `denominator`; {records} are the records behind n."""

    interval: str = word(words.EXACT)
    denominator: Base = field(default=EVERYBODY, metadata=metadata(words.BASE))
    asks: ClassVar[tuple[str, ...]] = ("PERCENT_MIN_N", "CI_LEVEL")
    made: ClassVar[tuple[str, ...]] = (
        "n", "N", "pct", "estimate", "lower", "upper", "level", "records",
    )  # fmt: skip


@dataclass(frozen=True)
class Count(Share):
    """Subjects with a record that meets `where`, one that meets `also`, and none that meets `without`.

    `per: record` counts the records that meet `where`.
    """

    also: str = word()
    without: str = word()
    per: str = word(words.PER, "subject")
    either: ClassVar[tuple[str, ...]] = ("where", "without")


@dataclass(frozen=True)
class Levels(Share):
    """Subjects by the `values` of a variable, those with another value, and those without one.

    `take` chooses one record of a subject with several (by `value`, where that is another variable; the nearest to the
    day `at`); `each` is how a level is called; `absent` the level of the subjects without any such record.
    """

    variable: str = word(must=True)
    values: tuple[RowLevel, ...] = word([words.LEVEL], (), must=True)
    take: str = word(words.TAKEN_AT)
    value: str = word()
    at: str = word("number")
    each: str = word(default="{level}")
    absent: str = word()


@dataclass(frozen=True)
class Subgroups(Share):
    """The share in each subgroup of the column's subjects: those with each value of a variable of ADSL (`within`).

    `values` in order; what the data have besides stands below them.
    """

    within: str = word(must=True)
    values: tuple[RowLevel, ...] = word([words.LEVEL], ())
    interval: str = word(words.EXACT, "exact")


@dataclass(frozen=True)
class Terms(Measured):
    """Subjects by the terms that the data have, nested by one or more variables; a subject counts once at each.

    `parts` are lines below each term; `take` and `value` choose one record of a subject in each term, so that parts
    are of the maximum grade. `sort` orders the terms, `each` is how the innermost is called, `at_least` (2, or 5 %)
    leaves out those rarer in every column.
    """

    by: tuple[str, ...] = word(["text"], (), must=True)
    parts: tuple[Part, ...] = word(words.PARTS, ())
    take: str = word(words.TAKEN)
    value: str = word()
    sort: str = word(ORDERS, "frequency")
    each: str = word(default="{level}")
    at_least: str = word("least")
    interval: str = word(words.EXACT)
    default: ClassVar[str] = "adae"
    asks: ClassVar[tuple[str, ...]] = Share.asks
    made: ClassVar[tuple[str, ...]] = Share.made


@dataclass(frozen=True)
class Shift(Measured):
    """Subjects by two categories of theirs, at baseline (`first`) and after it (`then`); combinations that occur.

    `missing` is what a category is called that a subject has not. `by` repeats the row for the values of a variable.
    """

    first: Side = field(default=UNSAID, metadata=metadata(words.SIDE, must=True))
    then: Side = field(default=UNSAID, metadata=metadata(words.SIDE, must=True))
    missing: str = word(default="MISSING")
    by: str = word()
    default: ClassVar[str] = "adlb"
    made: ClassVar[tuple[str, ...]] = ("n", "N", "pct")


@dataclass(frozen=True)
class SummaryRow(Measured):
    """The values of a variable, one per subject: printed by `show`, or by `statistics` (label: shell) on lines.

    `take` chooses one record of a subject with several; `per: record` summarises all of them. With `quantifiable` n
    counts those with a result, be it a number or words (<5.0), and every other statistic is of those that meet it
    (nquant of them). `by` repeats the row for the
    `values` of another variable, else for those the data have, in the order of `sort`.
    """

    variable: str = word(must=True)
    statistics: tuple[tuple[str, str], ...] = word({"*": "text"}, ())
    take: str = word(words.TAKEN_AT)
    value: str = word()
    at: str = word("number")
    per: str = word(words.PER, "subject")
    quantifiable: str = word()
    by: str = word()
    values: tuple[RowLevel, ...] = word([words.LEVEL], ())
    each: str = word(default="{level}")
    sort: str = word()
    either: ClassVar[tuple[str, ...]] = ("show", "statistics")
    made: ClassVar[tuple[str, ...]] = (
        "n", "nmiss", "mean", "sd", "median", "q1", "q3", "min", "max", "gmean", "gcv", "nquant",
    )  # fmt: skip


@dataclass(frozen=True)
class Timed(Measured):
    """Times to an event that meet `where`, one per subject, printed in the unit `time` (else that of the output)."""

    where: str = word(must=True)
    time: str = word(words.UNITS)
    default: ClassVar[str] = "adtte"
    asks: ClassVar[tuple[str, ...]] = ("CI_LEVEL", "KM_TRANSFORM", "MONTH_DAYS")
    made: ClassVar[tuple[str, ...]] = ("estimate", "lower", "upper", "level")


@dataclass(frozen=True)
class Median(Timed):
    """The Kaplan-Meier median of the times, with limits."""


@dataclass(frozen=True)
class Rate(Timed):
    """The share without event at day `at`, with limits and the number at risk."""

    at: str = word("number", must=True)
    made: ClassVar[tuple[str, ...]] = (*Timed.made, "se", "at_risk")
    asks: ClassVar[tuple[str, ...]] = (*Timed.asks, "LANDMARK_MIN_N", "KM_BEYOND", "KM_LIMITS_AT_1")


@dataclass(frozen=True)
class Incidence(Timed):
    """The cumulative incidence at day `at` of the events that meet `event`; every other event competes with them."""

    at: str = word("number", must=True)
    event: str = word(must=True)
    made: ClassVar[tuple[str, ...]] = (*Timed.made, "se", "at_risk")
    asks: ClassVar[tuple[str, ...]] = ("CI_LEVEL",)


@dataclass(frozen=True)
class Gray(Timed):
    """Gray's test of equal cumulative incidence of the events that meet `event`, between the columns that are apart.

    A column that holds all subjects of another (a total) is compared with none. The p-value stands in the last of them.
    """

    event: str = word(must=True)
    made: ClassVar[tuple[str, ...]] = ("chisq", "df", "p_value")
    asks: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class DoseFinding(Measured):
    """What the DLTs of the dose levels say by a rule: the status of the column's level, the MTD, or a level exceeded.

    Of the subjects of ADSL that meet `where` (treated, of the escalation), those `evaluable`, and the `toxic` of them,
    by the number of their level in `variable`; `target` is the rate of BOIN.
    """

    rule: str = word(frozenset({"3+3", "BOIN"}), must=True)
    says: str = word(frozenset({"status", "mtd", "exceeded"}), must=True)
    variable: str = word(default="DOSELVLA")
    evaluable: str = word(default='DLTEVLFL == "Y"')
    toxic: str = word(default='DLTFL == "Y"')
    target: str = word("number", "0.3")
    made: ClassVar[tuple[str, ...]] = ("text",)


@dataclass(frozen=True)
class FollowUp(Timed):
    """The median follow-up by reverse Kaplan-Meier, and the observed range."""

    made: ClassVar[tuple[str, ...]] = (*Timed.made, "min", "max")


@dataclass(frozen=True)
class Agreement(Measured):
    """How far two readings agree: Cohen's kappa over the records of `reading` and `against` that are of one subject.

    `pair` names what else makes two records a pair (ADT, AVISIT); `values` are the categories in order.
    """

    variable: str = word(must=True)
    values: tuple[RowLevel, ...] = word([words.LEVEL], (), must=True)
    reading: str = word(must=True)
    against: str = word(must=True)
    pair: tuple[str, ...] = word(["text"], ())
    weights: str = word(frozenset({"NONE", "LINEAR", "QUADRATIC"}), "NONE")
    default: ClassVar[str] = "adrs"
    asks: ClassVar[tuple[str, ...]] = ("CI_LEVEL",)
    made: ClassVar[tuple[str, ...]] = ("pairs", "agreement", "estimate", "se", "lower", "upper", "level")


KINDS: dict[str, type[ShellRow]] = {
    "heading": Heading, "count": Count, "levels": Levels, "subgroups": Subgroups,
    "terms": Terms, "shift": Shift, "summary": SummaryRow,
    "median": Median, "rate": Rate, "incidence": Incidence, "gray": Gray, "follow_up": FollowUp,
    "dose_finding": DoseFinding, "agreement": Agreement,
}  # fmt: skip
COUNTED = ("heading", "count", "levels", "subgroups", "terms", "shift", "summary", "dose_finding", "agreement")
OF_FAMILY: dict[str, tuple[str, ...]] = {
    "categories": COUNTED, "toxicity": COUNTED, "survival": tuple(KINDS), "published": tuple(KINDS),
    "forest": ("count", "subgroups"), "listing": (), "kaplan_meier": (), "cumulative_incidence": (),
    "profiles": (), "flow": COUNTED, "heat_map": (), "scatter": (), "waterfall": (), "swimmer": (),
}  # fmt: skip
