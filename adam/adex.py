"""ADEX: what was given, per treatment period and product: doses, per weight, of what was planned, and how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.derive.dates import infusion_day
from adam.derive.doses import in_one_unit
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from pipeline.ground.clauses import meeting, names
from pipeline.ground.course import BY_LEVEL, BY_ROLE, DoseParameter
from pipeline.ground.metadata import StudySettings

PRODUCT = ["STUDYID", "USUBJID", "EXTRT"]
PER_KG = "/kg"
NOTHING = DoseParameter("", "", "", "dose")  # of a study that asks for no parameter
MINUTE = pd.Timedelta(minutes=1)


def adex(
    dosing: pd.DataFrame, ex: pd.DataFrame, suppex: pd.DataFrame, subjects: pd.DataFrame, baseline: pd.DataFrame,
    doses: tuple[DoseParameter, ...], study: StudySettings, period: int,
) -> pd.DataFrame:
    """One record per subject and product given, per parameter of doses.yaml, of one treatment period.

    1. An infusion is a day of dosing of the role: bags of one day are one infusion, their doses are added.
    2. Doses of several products are never added: each product has its record. AVAL is blank where units differ.
    3. Per kg: the dose by the weight that the parameter names; a dose that is given per kg stays. Without a weight
       AVAL is blank.
    4. Percent of planned: planned is the sum over the days of the period, given or not, or what study.yaml plans.
    5. Duration: minutes from the first start to the last end; both need a clock time.
    6. EXTRTU is the product with the unit of its value, for tables that set products of several units below each other.
    """
    asked = {name for one in doses for name in (*names(one.where), one.planned)} - {*ex.columns, BY_LEVEL, BY_ROLE, ""}
    records = derive_vars_supp(ex, suppex, sorted(asked - set(subjects.columns)), "EXSEQ")
    added = [name for name in records.columns if name not in dosing.columns]
    records = derive_vars_merged(dosing, records, added, by_vars=["USUBJID", "EXSEQ"])
    records = records[records["APERIOD"] == period]
    made = pd.concat([_parameter(records, one, subjects, baseline, study) for one in doses or (NOTHING,)])
    with_unit = (made["EXTRT"] + " (" + made["AVALU"].where(made["AVALU"] != "") + ")").fillna(made["EXTRT"])
    return made.assign(CARTDY=infusion_day(made["ADT"], made), SRCDOM="EX", EXTRTU=with_unit)


def _parameter(
    records: pd.DataFrame, one: DoseParameter, subjects: pd.DataFrame, baseline: pd.DataFrame, study: StudySettings
) -> pd.DataFrame:
    """One record per subject and product of one parameter."""
    chosen = meeting(records[records["EXCAT"] == one.role.upper()], one.where, "doses.yaml")
    given = chosen[(chosen["GIVENFL"] == "Y") & chosen["DATE"].notna()]
    given = given.assign(INFUSION=given.groupby("USUBJID")["DATE"].rank(method="dense"))
    given = given[given["INFUSION"] == one.infusion] if one.infusion else given
    first = given.sort_values(["USUBJID", "DATE", "EXSEQ"]).drop_duplicates(PRODUCT)
    people = first[PRODUCT].assign(PARCAT1=one.role.upper(), PARAMCD=one.code, PARAM=one.label, ADT=first["DATE"],
                                   SRCVAR="EXSTDTC", SRCSEQ=first["EXSEQ"])  # fmt: skip
    people = people.merge(subjects[[name for name in subjects.columns if name not in people or name == "USUBJID"]],
                          on="USUBJID", how="left")  # fmt: skip
    weights = baseline.set_index("USUBJID")[one.weight] if one.weight else None
    weight = people["USUBJID"].map(weights).astype("float64") if weights is not None else np.nan
    people = people.assign(WEIGHT=weight)
    return MEASURED[one.measure](Doses(people, given, chosen, one, study))


@dataclass(frozen=True)
class Doses:
    """The doses behind one parameter: people (one record per subject and product), doses given, records chosen."""

    people: pd.DataFrame
    given: pd.DataFrame
    chosen: pd.DataFrame
    asked: DoseParameter
    study: StudySettings


def _dose(of: Doses) -> pd.DataFrame:
    """The sum of the doses of a product, by weight where the parameter names one."""
    sums = in_one_unit(of.given, "EXDOSE", "EXDOSU", PRODUCT)
    made = derive_vars_merged(of.people, sums, {"AVAL": "SUM", "AVALU": "UNIT"}, by_vars=PRODUCT)
    made = made.assign(SRCVAR="EXDOSE")
    if not of.asked.weight:
        return made
    per_kg = made["AVALU"].astype("str").str.endswith(PER_KG)
    return made.assign(AVAL=made["AVAL"].where(per_kg, made["AVAL"] / made["WEIGHT"]),
                       AVALU=made["AVALU"].where(per_kg, made["AVALU"] + PER_KG))  # fmt: skip


def _percent(of: Doses) -> pd.DataFrame:
    """The dose (by weight) in per cent of what was planned."""
    made, planned = _dose(of), _planned(of)["AVAL"]
    return made.assign(AVAL=100 * made["AVAL"] / planned.where(planned > 0), AVALU="%")


def _planned(of: Doses) -> pd.DataFrame:
    """The dose that was planned, in the unit of the dose given."""
    made, name = _dose(of), of.asked.planned
    told = made[name] if name in made else made["USUBJID"].map(_plans(of))
    return made.assign(AVAL=pd.to_numeric(told, errors="coerce"))


def _plans(of: Doses) -> pd.Series:
    """The planned dose by subject: of study.yaml (of the role, or of the level given), or by the records of the period.

    By the records: the sum over the days of the period. Bags of one day are one infusion: what is planned stands on
    each of them, or on one, and counts once.
    """
    if of.asked.planned == BY_ROLE:
        dose = float(of.study.treatments[of.asked.role].planned["dose"])
        return pd.Series(dose, of.chosen["USUBJID"].unique())
    if of.asked.planned == BY_LEVEL:
        doses = {float(name): level.dose for name, level in of.study.levels.items()}
        return of.people.drop_duplicates("USUBJID").set_index("USUBJID")["DOSELVLA"].map(doses)
    amounts = of.chosen.assign(PLANNED=pd.to_numeric(of.chosen[of.asked.planned], errors="coerce"))
    day = amounts["EXSTDTC"].str.slice(0, 10).fillna(amounts["EXSEQ"].astype("str"))
    infusions = amounts.assign(DAY=day).drop_duplicates(["USUBJID", "DAY", "PLANNED"])
    return infusions.groupby("USUBJID")["PLANNED"].agg(lambda values: values.sum(min_count=1))


def _duration(of: Doses) -> pd.DataFrame:
    """Minutes from the first start to the last end; blank where a record lacks a clock time."""
    start, end = _clock(of.given["EXSTDTC"]), _clock(of.given["EXENDTC"])
    times = of.given.assign(START=start, END=end, LACKS=start.isna() | end.isna())
    whole = times.groupby(PRODUCT, as_index=False).agg(
        START=("START", "min"), END=("END", "max"), LACKS=("LACKS", "any")
    )
    minutes = (whole["END"] - whole["START"]) / MINUTE
    whole = whole.assign(MINUTES=minutes.mask(whole["LACKS"].astype("bool") | (minutes < 0)))
    return derive_vars_merged(of.people, whole, {"AVAL": "MINUTES"}, by_vars=PRODUCT).assign(AVALU="min")


def _clock(dtc: pd.Series) -> pd.Series:
    """The moment of an ISO 8601 date with hours and minutes, else missing."""
    timed = dtc.astype("str").str.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?") & dtc.notna()
    return pd.to_datetime(dtc.where(timed), format="ISO8601")


def _infusions(of: Doses) -> pd.DataFrame:
    """The number of days of dosing."""
    days = of.given.groupby(PRODUCT, as_index=False).agg(COUNT=("DATE", "nunique"))
    made = derive_vars_merged(of.people, days, {"AVAL": "COUNT"}, by_vars=PRODUCT)
    return made.assign(AVALU=pd.Series(np.nan, made.index, "str"))


def _day(of: Doses) -> pd.DataFrame:
    """The day of the (first) infusion that is meant, as CARTDY counts."""
    return of.people.assign(AVAL=infusion_day(of.people["ADT"], of.people), AVALU="DAYS")


MEASURED: dict[str, Callable[[Doses], pd.DataFrame]] = {
    "dose": _dose, "planned": _planned, "percent_of_planned": _percent, "duration": _duration, "infusions": _infusions,
    "day": _day,
}  # fmt: skip
