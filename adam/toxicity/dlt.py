"""The DLT period and who completed enough of it (analysis plan 6.3, clarifications 2, 14, 20)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from adam.derive.dates import add_days, earliest, latest, latest_start, overlaps, possible_days
from adam.derive.flags import first_reason, yes_no

UNDEFINED = "PERIOD UNDEFINED - NO CAR-T"


@dataclass(frozen=True)
class DltRule:
    """What the plan leaves to decide about the DLT Analysis Set (decisions.yaml: DLT_*)."""

    med: str
    part: str
    days: int
    nocart_end: int | None
    eval_frac: str

    @property
    def share(self) -> str:
        """DLT_EVAL_FRAC as the reasons say it: in per cent where that is a whole number (75 %), else as it is (2/3)."""
        numerator, denominator = (int(part) for part in self.eval_frac.split("/"))
        return f"{100 * numerator // denominator} %" if 100 * numerator % denominator == 0 else self.eval_frac


def dlt_period(subjects: pd.DataFrame, rule: DltRule) -> pd.DataFrame:
    """Add MEDICATED, DLTSDT, DLTEDT, DLTLEN, DLTOBEDT and DLTOBS (days) to one record per subject.

    1. The period starts with the first conditioning; under ANY with the first treatment of either kind.
    2. It ends so many days after the first cells; without cells it has no end, unless DLT_NOCART_END gives a day.
    3. Observed is up to the earliest of end, last known alive, death and the day before a new anticancer therapy;
       without a last known alive date nothing is known to be observed.
    """
    start = subjects["TRTSDT"] if rule.med == "ANY" else subjects["CONDSDT"]
    medicated = start.notna() & (subjects["CARTSDT"].notna() | (rule.med != "BOTH"))
    start = start.where(medicated)
    end = add_days(subjects["CARTSDT"], rule.days).where(medicated)
    if rule.nocart_end is not None:
        end = end.fillna(add_days(start, rule.nocart_end))
    seen = earliest(end, subjects["LSTALVDT"], subjects["DTHDT"], add_days(subjects["FIRSTTX"], -1))
    seen = seen.where(subjects["LSTALVDT"].notna() & end.notna())
    observed = ((seen - start).dt.days + 1).clip(lower=0).fillna(0).where(end.notna())
    return subjects.assign(
        MEDICATED=medicated, DLTSDT=start, DLTEDT=end, DLTLEN=(end - start).dt.days + 1, DLTOBEDT=seen, DLTOBS=observed
    )


def ticked(events: pd.DataFrame) -> pd.DataFrame:
    """The events ticked as DLT, with the days on which each may have begun and reached its maximum grade.

    A partial start is not later than the known end of the event. Without any start date all days are possible.
    """
    ticks = events[events["DLTYN"] == "Y"]
    start, end, worst = (possible_days(ticks[dtc]) for dtc in ("AESTDTC", "AEENDTC", "AEMXDTC"))
    return ticks[["STUDYID", "USUBJID", "AESEQ"]].assign(
        STARTLO=start["FIRST"], STARTHI=latest_start(start, end), MAXLO=worst["FIRST"], MAXHI=worst["LAST"]
    )


def dlt_in_period(ticks: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """The events ticked as DLT that lie in their subject's period: the ticks with DLTSDT, DLTEDT, DLTDT, DLTIMPFL.

    1. An event that began before the period counts from the day its maximum grade was reached.
    2. A partial date is in when its possible days meet the period; DLTDT is the first of them within it.
    3. A period without end (no cells) is open.
    """
    dated = ticks.merge(periods[["USUBJID", "DLTSDT", "DLTEDT"]], on="USUBJID", how="inner")
    before = dated["STARTHI"] < dated["DLTSDT"]
    low = dated["STARTLO"].mask(before, dated["MAXLO"])
    high = dated["STARTHI"].mask(before, dated["MAXHI"])
    known = ~before | dated["MAXHI"].notna()
    inside = overlaps(low, high, dated["DLTSDT"], dated["DLTEDT"]) & known
    first_day = latest(low, dated["DLTSDT"])
    return dated.assign(DLTDT=first_day, DLTIMPFL=yes_no(~(low == high)))[inside]


def dlt_evaluation(subjects: pd.DataFrame, ticks: pd.DataFrame, rule: DltRule) -> pd.DataFrame:
    """One record per subject: dlt_period and DLTN, DLTASTDT, DLTSEQ, DLTIMPFL, DLTEVLFL, DLTEVLRS, DLTFL, DLTREPL.

    In the set = of the run-in part, medicated, and with a DLT in the period or the asked share of its days observed
    (compared in whole numbers).
    """
    periods = dlt_period(subjects, rule)
    events = dlt_in_period(ticks, periods).sort_values(["USUBJID", "DLTDT", "AESEQ"])
    summary = events.groupby("USUBJID").agg(
        DLTN=("AESEQ", "size"), DLTASTDT=("DLTDT", "first"), DLTSEQ=("AESEQ", "first"), DLTIMPFL=("DLTIMPFL", "max")
    )
    judged = periods.merge(summary, on="USUBJID", how="left")
    numerator, denominator = (int(part) for part in rule.eval_frac.split("/"))
    part = judged["COHORT"] == rule.part
    enough = denominator * judged["DLTOBS"] >= numerator * judged["DLTLEN"]
    has_dlt = judged["DLTN"].gt(0)
    reason = first_reason(judged.index, {
        f"NOT PART {rule.part}": ~part,
        "NOT DOSED": ~judged["MEDICATED"],
        "DLT": has_dlt,
        UNDEFINED: judged["DLTEDT"].isna(),
        "COMPLETE": judged["DLTOBS"] == judged["DLTLEN"],
        f">={rule.share}": enough,
        f"<{rule.share} NO DLT": ~enough,
    })
    return _flags(judged.assign(DLTN=judged["DLTN"].fillna(0), DLTEVLRS=reason), rule)


def _flags(judged: pd.DataFrame, rule: DltRule) -> pd.DataFrame:
    """The flags that follow from the reason; DLTFL is blank outside the set."""
    inside = judged["DLTEVLRS"].isin(["DLT", "COMPLETE", f">={rule.share}"])
    return judged.assign(
        DLTEVLFL=yes_no(inside),
        DLTFL=yes_no(judged["DLTEVLRS"] == "DLT").where(inside),
        DLTREPL=yes_no(judged["DLTEVLRS"] == f"<{rule.share} NO DLT"),
    )
