"""What specs say of a subject's course: parameters of exposure and kinetics, values at baseline, what shows life."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("cells", "conditioning")
ENROLMENT = ("ENTERED INTO TRIAL", "ENROLLED")  # DSDECOD: the term of CT, and the one that sponsors had before it
MEASURES = {
    "dose": "Sum of the doses", "planned": "Sum of the planned doses",
    "percent_of_planned": "Doses in per cent of what was planned",
    "duration": "Minutes from the first start to the last end", "infusions": "Number of days of dosing",
    "day": "Day (CARTDY) of the first dose",
}  # fmt: skip
BY_ROLE, BY_LEVEL = "role", "level"  # `planned:` what study.yaml plans for the role, or for the dose level given


@dataclass(frozen=True)
class DoseParameter:
    """A parameter of ADEX: what is measured of the doses of a role that meet `where`.

    `infusion` is the number of the day of dosing that is meant, 0 for all of the period; `weight` a variable of
    BASELINE by which doses are divided; `planned` the variable with the planned dose, or the word `role` or `level`.
    """

    code: str
    label: str
    role: str
    measure: str
    where: str = ""
    infusion: int = 0
    weight: str = ""
    planned: str = ""


KINETIC_MEASURES = {
    "peak": "Highest quantifiable value", "peak_time": "Days to the first of the highest values",
    "area": "Area under the curve, linear up and logarithmic down (BLQ_BETWEEN, BLQ_AFTER)",
    "last": "Last quantifiable value", "last_time": "Days to the last quantifiable value",
    "half_life": "Days in which the last values halve (LAMZ_POINTS, LAMZ_R2, LAMZ_SPAN)",
    "persistence": "Days to the first of consecutive results below the limit (PERSIST_BLQ), else censored at the last "
                   "quantifiable one",
    "detectable": "Whether the last result is quantifiable",
}  # fmt: skip


@dataclass(frozen=True)
class KineticParameter:
    """A parameter of ADPP: what is measured of the samples that meet `where`; an area ends `to` days after Day 0."""

    code: str
    label: str
    measure: str
    where: str = ""
    to: float = 0


DAYS = ("out", "in", "time")  # whether the records of the reference's own day count; time: those before the dose
TAKES = ("last", "first", "highest", "lowest")
UNTREATED = ("kept", "none")
REFERENCES = ("TRTSDT", "CONDSDT", "CARTSDT", "CARTEDT")  # dates of EXPOSURE before which a baseline lies


@dataclass(frozen=True)
class BaselineSource:
    """Records of a dataset of which one gives a baseline: those that meet `where` before the date `before`."""

    of: str
    value: str
    where: str = ""
    before: str = "TRTSDT"
    day: str = "out"
    take: str = "last"
    untreated: str = "kept"


@dataclass(frozen=True)
class BaselineValue:
    """A variable at baseline, from the first of its sources that gives a subject a value; `decimals` "" is as it is."""

    name: str
    label: str = ""
    type: str = "number"
    decimals: str = ""
    sources: tuple[BaselineSource, ...] = ()


@dataclass(frozen=True)
class AliveSource:
    """Records of a domain that show a subject alive: those that meet `where`, dated by a variable or a qualifier."""

    of: str
    date: str
    where: str = ""
