"""What a study's dlt.yaml and DLT_* decisions say of dose-limiting toxicity, as frozen values that adam/ is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AllowableTerm:
    """An expected event that is no DLT: preferred term, highest grade, and days it may last (none: any number)."""

    term: str
    max_grade: float
    max_days: float | None = None


@dataclass(frozen=True)
class Allowance:
    """Expected events, and between which dates they last: of each list the first variable with a value counts."""

    terms: tuple[AllowableTerm, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class DltReason:
    """Why a subject is in the set (`inside`) or out of it, and whether one that is out is to be replaced."""

    reason: str
    where: str = ""
    inside: bool = False
    replaced: bool = False


@dataclass(frozen=True)
class GroupDays:
    """The days after the infusion through which the period runs for the subjects of a group."""

    where: str
    days: int


@dataclass(frozen=True)
class SubjectValue:
    """A value of another dataset that reasons name: VARIABLE `value` of the subject's record that meets `where`."""

    name: str
    dataset: str
    where: str
    value: str


@dataclass(frozen=True)
class DltPlan:
    """What is a dose-limiting toxicity, in which period, and who makes the DLT Analysis Set.

    Clauses have their decisions filled in. `events` and `worsened` are of ADAE as seen (`events`: of the dataset `of`
    where another tells DLTs), `among`, `blank` and `reasons`
    of one record per subject; `until` and `before` are dates of SUBJECTS that end the observation, `needed` must be
    known for anything to be observed. The rest are the decisions DLT_MED, DLT_END_FROM, DLT_DAYS, DLT_NOCART_END and
    DLT_EVAL_FRAC.
    """

    of: str = ""
    events: str = ""
    worsened: str = ""
    among: str = ""
    blank: str = ""
    needed: str = ""
    until: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    days_of: tuple[GroupDays, ...] = ()
    values: tuple[SubjectValue, ...] = ()
    reasons: tuple[DltReason, ...] = ()
    allowable: Allowance = Allowance()
    med: str = "COND"
    end_from: str = "FIRST"
    days: int = 0
    nocart_end: int | None = None
    eval_frac: str = "1/1"

    @property
    def fraction(self) -> tuple[int, int]:
        """DLT_EVAL_FRAC as numerator and denominator, so that shares are compared in whole numbers."""
        numerator, denominator = (int(part) for part in self.eval_frac.split("/"))
        return numerator, denominator


def share_text(fraction: str) -> str:
    """A share as reasons say it: in per cent where that is a whole number (75 %), else as it is (2/3)."""
    numerator, denominator = (int(part) for part in fraction.split("/"))
    return f"{100 * numerator // denominator} %" if 100 * numerator % denominator == 0 else fraction


DECIDED: Mapping[str, str] = {
    "med": "DLT_MED", "end_from": "DLT_END_FROM", "days": "DLT_DAYS", "nocart_end": "DLT_NOCART_END",
    "eval_frac": "DLT_EVAL_FRAC",
}  # fmt: skip
