"""The words of rows of times to an event; see tlf/rows/kinds.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tlf.rows import words
from tlf.rows.measured import Measured
from tlf.rows.words import EVERYBODY, Base, metadata, word


@dataclass(frozen=True)
class Timed(Measured):
    """Times to an event that meet `where`, one per subject, printed in the unit `time` (else that of the output)."""

    where: str = word(must=True)
    time: str = word(words.UNITS)
    default: ClassVar[str] = "adtte"
    asks: ClassVar[tuple[str, ...]] = ("CI_LEVEL", "KM_TRANSFORM", "MONTH_DAYS")
    made: ClassVar[tuple[str, ...]] = ("estimate", "lower", "upper", "level")


@dataclass(frozen=True)
class Followed(Timed):
    """Times of the subjects of `denominator`, where not of all of the column, from the day `landmark` on.

    Who has the event, or is no longer followed, until that day is left out.
    """

    denominator: Base = field(default=EVERYBODY, metadata=metadata(words.BASE))
    landmark: str = word("decided")


@dataclass(frozen=True)
class Median(Followed):
    """The Kaplan-Meier median of the times, with limits."""


@dataclass(frozen=True)
class Rate(Followed):
    """The share without event at day `at`, with limits and the number at risk."""

    at: str = word("number", must=True)
    made: ClassVar[tuple[str, ...]] = (*Timed.made, "se", "at_risk")
    asks: ClassVar[tuple[str, ...]] = (*Timed.asks, "LANDMARK_MIN_N", "KM_BEYOND", "KM_LIMITS_AT_1")


@dataclass(frozen=True)
class RestrictedMean(Followed):
    """The mean time without event within the days `until`: the area under the Kaplan-Meier curve, with limits."""

    until: str = word("decided", must=True)
    made: ClassVar[tuple[str, ...]] = (*Timed.made, "se")


@dataclass(frozen=True)
class HazardRatio(Followed):
    """The hazard of each column that is apart against the first: Cox regression (Efron), and the log-rank test."""

    strata: tuple[str, ...] = word(["text"], ())
    made: ClassVar[tuple[str, ...]] = (*Timed.made, "p_value")


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
class FollowUp(Followed):
    """The median follow-up by reverse Kaplan-Meier, and the observed range."""

    made: ClassVar[tuple[str, ...]] = (*Timed.made, "min", "max")
