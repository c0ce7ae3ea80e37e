"""The words of every kind of row. A row's first word is its kind, and what stands there its label:

    {count: Any CRS, of: adcrs, where: 'PARAMCD == "CRSMAXGR" and AVAL >= 1', interval: exact}

This is the one table of words: specs are read by it, linted by it, and a row that code gets is one of these. It imports
nothing heavy, since every command reads the specs and an unchanged run loads no pandas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tlf.rows import words
from tlf.rows.measured import Measured, ShellRow
from tlf.rows.timed import FollowUp, Gray, HazardRatio, Incidence, Median, Rate, RestrictedMean
from tlf.rows.words import ALWAYS, EVERYBODY, UNSAID, Base, Part, RowLevel, Side, TimeAtRisk, metadata, word

ORDERS = frozenset({"frequency", "order"})  # of terms
OF_TIME = ("months", "rate", "rate_lower", "rate_upper")  # statistics of a row that says `time_at_risk`


@dataclass(frozen=True)
class Heading(ShellRow):
    """A label above the rows it introduces."""


@dataclass(frozen=True)
class Opening(ShellRow):
    """The line that opens a set, with its number of subjects; no shell writes it."""


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

    `per: record` counts the records that meet `where`. With `p0` the share is tested against it; with `time_at_risk`
    the row is an exposure-adjusted incidence.
    """

    also: str = word()
    without: str = word()
    per: str = word(words.PER, "subject")
    p0: str = word("decided")
    time_at_risk: TimeAtRisk = field(default=ALWAYS, metadata=metadata(words.AT_RISK))
    either: ClassVar[tuple[str, ...]] = ("where", "without")
    made: ClassVar[tuple[str, ...]] = (*Share.made, "p_value", *OF_TIME)


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
    are of the maximum grade; without parts, in each term above the innermost (the nearest response of a visit).
    `sort` orders the terms, `each` is how the innermost is called, `values` are its order and labels;
    `at_least` (2, or 5 %) leaves out those rarer in every column.
    """

    by: tuple[str, ...] = word(["text"], (), must=True)
    parts: tuple[Part, ...] = word(words.PARTS, ())
    take: str = word(words.TAKEN)
    value: str = word()
    sort: str = word(ORDERS, "frequency")
    each: str = word(default="{level}")
    values: tuple[RowLevel, ...] = word([words.LEVEL], ())
    at_least: str = word("least")
    interval: str = word(words.EXACT)
    time_at_risk: TimeAtRisk = field(default=ALWAYS, metadata=metadata(words.AT_RISK))
    default: ClassVar[str] = "adae"
    of_chosen: ClassVar[bool] = True
    asks: ClassVar[tuple[str, ...]] = Share.asks
    made: ClassVar[tuple[str, ...]] = (*Share.made, *OF_TIME)


@dataclass(frozen=True)
class Shift(Measured):
    """Subjects by two categories of theirs, at baseline (`first`) and after it (`then`); combinations that occur.

    `missing` is what a category is called that a subject has not; `values` are categories in order. `by` repeats the
    row for the values of a variable.
    """

    first: Side = field(default=UNSAID, metadata=metadata(words.SIDE, must=True))
    then: Side = field(default=UNSAID, metadata=metadata(words.SIDE, must=True))
    missing: str = word(default="MISSING")
    values: tuple[RowLevel, ...] = word([words.LEVEL], ())
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
    of_chosen: ClassVar[bool] = True
    made: ClassVar[tuple[str, ...]] = (
        "n", "nmiss", "mean", "sd", "median", "q1", "q3", "min", "max", "gmean", "gcv", "nquant",
    )  # fmt: skip


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
    "restricted_mean": RestrictedMean, "hazard_ratio": HazardRatio,
    "dose_finding": DoseFinding, "agreement": Agreement,
}  # fmt: skip
COUNTED = ("heading", "count", "levels", "subgroups", "terms", "shift", "summary", "dose_finding", "agreement")
OF_FAMILY: dict[str, tuple[str, ...]] = {
    "categories": COUNTED, "toxicity": COUNTED, "survival": tuple(KINDS), "published": tuple(KINDS),
    "forest": ("count", "subgroups"), "listing": (), "kaplan_meier": (), "cumulative_incidence": (),
    "profiles": (), "flow": COUNTED, "heat_map": (), "scatter": (), "stacked": (), "waterfall": (), "swimmer": (),
}  # fmt: skip
