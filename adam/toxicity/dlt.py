"""The DLT period and who completed enough of it (analysis plan 6.3, clarifications 2, 14, 20)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from adam.derive.dates import add_days, date_of_day, earliest, latest, overlaps
from adam.derive.flags import first_reason, yes_no
from adam.derive.merge import derive_vars_merged
from adam.derive.sources import seen
from pipeline.ground.clauses import meeting, meets
from pipeline.ground.dlt import DltPlan, SubjectValue
from pipeline.ground.faults import TrialError

FROM = {"ANY": "TRTSDT", "COND": "CONDSDT", "BOTH": "CONDSDT", "CELLS": "CARTSDT"}
PLACE = "dlt.yaml"


def dlt_period(subjects: pd.DataFrame, plan: DltPlan) -> pd.DataFrame:
    """Add DLTMEDFL, DLTSDT, DLTEDT, DLTLEN, DLTOBEDT, DLTOBS (days) and DLTSHRFL to one record per subject.

    1. The period starts with the first conditioning (COND, BOTH), the first treatment of either kind (ANY) or the
       first cells (CELLS); BOTH asks for cells too.
    2. It ends on a day counted from the first or last cells (DLT_END_FROM) or from its start, as CARTDY is; without
       cells it has no end, unless DLT_NOCART_END gives a day.
    3. Observed is up to the earliest of end and the `until` dates, and the day before the `before` dates (death, last
       known alive, new therapy); where the `needed` date is missing nothing is known to be observed.
    4. DLTSHRFL: DLT_EVAL_FRAC of the period was observed, compared in whole numbers.
    """
    start = subjects[FROM[plan.med]]
    medicated = start.notna() & (subjects["CARTSDT"].notna() | (plan.med != "BOTH"))
    start = start.where(medicated)
    counted_from = {"FIRST": subjects["CARTSDT"], "LAST": subjects["CARTEDT"], "START": start}[plan.end_from]
    end = date_of_day(counted_from, _days(subjects, plan), subjects).where(medicated)
    if plan.nocart_end is not None:
        end = end.fillna(add_days(start, plan.nocart_end))
    limits = [subjects[name] for name in plan.until] + [add_days(subjects[name], -1) for name in plan.before]
    known = subjects[plan.needed].notna() if plan.needed else True
    last = earliest(end, *limits).where(known & end.notna())
    length = (end - start).dt.days + 1
    observed = ((last - start).dt.days + 1).clip(lower=0).fillna(0).where(end.notna())
    numerator, denominator = plan.fraction
    return subjects.assign(
        DLTMEDFL=yes_no(medicated), DLTSDT=start, DLTEDT=end, DLTLEN=length, DLTOBEDT=last, DLTOBS=observed,
        DLTSHRFL=yes_no(denominator * observed >= numerator * length),
    )


def _days(subjects: pd.DataFrame, plan: DltPlan) -> pd.Series:
    """The days through which the period runs: those of the first group that a subject belongs to, else DLT_DAYS."""
    days = pd.Series(plan.days, index=subjects.index)
    for group in reversed(plan.days_of):
        days = days.mask(meets(subjects, group.where, f"{PLACE}, days"), group.days)
    return days


def dlt_in_period(events: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """The events that lie in their subject's period: those of dlt_events with DLTSDT, DLTEDT, DLTDT, DLTIMPFL.

    1. An event that began before the period (on its first day: before the dose, where times of onset count) counts from
       the day its maximum grade was reached, where it worsened.
    2. A partial date is in when its possible days meet the period; DLTDT is the first of them within it.
    3. A period without end (no cells) is open.
    """
    dated = events.merge(periods[["USUBJID", "DLTSDT", "DLTEDT"]], on="USUBJID", how="inner")
    before = (dated["STARTHI"] < dated["DLTSDT"]) | (dated["EARLYDT"] == dated["DLTSDT"])
    low = dated["STARTLO"].mask(before, dated["MAXLO"])
    high = dated["STARTHI"].mask(before, dated["MAXHI"])
    known = ~before | (dated["MAXHI"].notna() & dated["WORSENFL"].eq("Y"))
    inside = overlaps(low, high, dated["DLTSDT"], dated["DLTEDT"]) & known
    first_day = latest(low, dated["DLTSDT"])
    return dated.assign(DLTDT=first_day, DLTIMPFL=yes_no(~(low == high)))[inside]


def dlt_evaluation(
    subjects: pd.DataFrame, events: pd.DataFrame, plan: DltPlan, named: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """One record per subject: dlt_period, DLTN, the first DLT (DLTASTDT, DLTSEQ, DLTDOM, DLTVAR, DLTIMPFL), the flags.

    The flags are DLTEVLFL with its reason DLTEVLRS, DLTFL and DLTREPL.

    In the set or out of it is said by the first of the plan's reasons that holds, which is DLTEVLRS; a subject of whom
    none holds, or whom the plan leaves blank, is out without one. DLTFL is blank outside the set.
    """
    periods = dlt_period(subjects, plan)
    inside = dlt_in_period(events, periods).sort_values(["USUBJID", "DLTDT", "AESEQ"])
    summary = inside.groupby("USUBJID").agg(
        DLTN=("AESEQ", "size"), DLTASTDT=("DLTDT", "first"), DLTSEQ=("AESEQ", "first"),
        DLTDOM=("SRCDOM", "first"), DLTVAR=("SRCVAR", "first"), DLTIMPFL=("DLTIMPFL", "max")
    )
    judged = periods.merge(summary, on="USUBJID", how="left")
    judged = judged.assign(DLTN=judged["DLTN"].fillna(0))
    return _reasons(_with_values(judged, plan, named), plan)


def _reasons(judged: pd.DataFrame, plan: DltPlan) -> pd.DataFrame:
    """Add the reason and the flags that follow from it."""
    holds = {one.reason: meets(judged, one.where, f"{PLACE}, {one.reason}") for one in plan.reasons}
    reason = first_reason(judged.index, holds)
    if plan.blank:
        reason = reason.mask(meets(judged, plan.blank, f"{PLACE}, blank"))
    member = reason.isin([one.reason for one in plan.reasons if one.inside])
    return judged.assign(
        DLTEVLRS=reason,
        DLTEVLFL=yes_no(member),
        DLTFL=yes_no(judged["DLTN"].gt(0)).where(member),
        DLTREPL=yes_no(reason.isin([one.reason for one in plan.reasons if one.replaced])),
    )


def _with_values(subjects: pd.DataFrame, plan: DltPlan, named: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Add what the reasons name of other datasets."""
    for value in plan.values:
        subjects = derive_vars_merged(subjects, _value(subjects, value, named[value.dataset]), [value.name])
    return subjects


def _value(subjects: pd.DataFrame, value: SubjectValue, dataset: pd.DataFrame) -> pd.DataFrame:
    """One record per subject that has one: USUBJID and the value. Raises TrialError where a subject has several."""
    place = f"{PLACE}, values, {value.name}"
    records = meeting(seen(dataset, value.dataset, subjects), value.where, place)
    twice = records[records["USUBJID"].duplicated()]
    if len(twice):
        what = f"{value.dataset.upper()} has several records of {twice['USUBJID'].iloc[0]} that meet {value.where!r}."
        raise TrialError(what, place, "say in `where:` which of them")
    return records[["USUBJID"]].assign(**{value.name: records[value.value]})
