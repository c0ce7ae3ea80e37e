"""ADAE: adverse events with analysis dates and flags (analysis plan 8.4, clarifications 14, 15, 21)."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import add_days, days_from, earliest, latest_start, may_be, possible_days, study_day
from adam.derive.flags import derive_var_extreme_flag, yes_only
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from adam.toxicity.events import in_window, is_told
from pipeline.ground.clauses import names
from pipeline.ground.toxicities import Toxicity

QUALIFIERS = ["DLTYN", "AEMXDTC", "AESICAT", "TOXSCALE", "AECNREL", "AECTREL", "AECUTFL"]
RELATED = r"POSSIBL|PROBABL|DEFINIT|^RELATED"


def adae(
    ae: pd.DataFrame, suppae: pd.DataFrame, subjects: pd.DataFrame, teae_end_day: int, teae_no_start: bool,
    teae_worsened: bool, toxicities: tuple[Toxicity, ...], fatal_grade: str, cutoff: str,
) -> pd.DataFrame:
    """One record per adverse event.

    1. Partial start: the first of the month (year), but the first treatment date when that lies in it.
    2. Treatment-emergent: start from the first treatment to TEAE_END_DAY after the infusion; never infused: to the end.
       With TEAE_WORSENED an event that began before and reached its maximum grade in this time counts from that day.
    3. Each toxicity of interest has its flag; it is in its window when the days on which it may have begun meet it.
    4. Occurrence flags mark one record per subject, system organ class and preferred term among the emergent events.
    """
    flagged = [toxicity for toxicity in toxicities if toxicity.flag]
    known = {*ae.columns, *subjects.columns, *QUALIFIERS}
    asked = [name for one in flagged for name in names(one.events.where) if name not in known]
    events = derive_vars_supp(ae, suppae, [*QUALIFIERS, *dict.fromkeys(asked)], "AESEQ")
    beside = [name for name in subjects.columns if name not in ae.columns]
    events = derive_vars_merged(events, subjects, beside)
    events = _dates(events, pd.Timestamp(cutoff))
    events = _emergent(events, teae_end_day, teae_no_start, teae_worsened)
    events = _of_interest(_graded(events, fatal_grade), flagged)
    events = events.drop(columns=beside)
    return _occurrences(events.assign(SRCDOM="AE", SRCVAR="AETERM", SRCSEQ=events["AESEQ"]))


def _dates(events: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Start and end with imputation flags, possible start days STARTLO and STARTHI, study days and duration."""
    start, end = possible_days(events["AESTDTC"]), possible_days(events["AEENDTC"])
    treated = events["TRTSDT"]
    begun = start["FIRST"].mask(may_be(start, treated) & ~(end["LAST"] < treated), treated)
    limit = events["DTHDT"].fillna(cutoff).clip(upper=cutoff)
    ended = end["LAST"].mask(end["DTF"].notna() & (end["FIRST"] <= limit), earliest(end["LAST"], limit))
    whole = start["DTF"].isna() & end["DTF"].isna()
    return events.assign(
        ASTDT=begun, ASTDTF=start["DTF"], AENDT=ended, AENDTF=end["DTF"],
        STARTLO=start["FIRST"], STARTHI=latest_start(start, end),
        ASTDY=study_day(begun, treated), AENDY=study_day(ended, treated),
        CARTDY=days_from(begun, events["CARTSDT"]), ADURN=(days_from(ended, begun) + 1).where(whole),
    )


def _emergent(events: pd.DataFrame, end_day: int, no_start: bool, worsened: bool) -> pd.DataFrame:
    """Add TRTEMFL, Y from the first treatment to the end of the safety follow-up, and TRTEMDT, the day that says so."""
    treated, last_day = events["TRTSDT"], add_days(events["CARTSDT"], end_day)
    worst = possible_days(events["AEMXDTC"])
    reached = worst["FIRST"].mask(may_be(worst, treated), treated)
    later = worsened & ~(events["ASTDT"] >= treated) & (reached >= treated)
    day = events["ASTDT"].mask(later, reached)
    dated = (day >= treated) & (last_day.isna() | (day <= last_day))
    undated = day.isna() & treated.notna() & ~(events["AENDT"] < treated)
    return events.assign(TRTEMFL=yes_only(dated | (undated & no_start)), TRTEMDT=day.where(dated))


def _graded(events: pd.DataFrame, fatal_grade: str) -> pd.DataFrame:
    """Add relation, grade as a number, and the flag of events of special interest.

    By FATAL_GRADE a fatal event of a subject whose death is reported is of grade 5, whatever was graded (clarifications
    4, 12), or of the grade recorded.
    """
    fatal = events["AEOUT"].eq("FATAL") & events["DTHDT"].notna() & (fatal_grade == "OUTCOME")
    related = [events[name].str.upper().str.contains(RELATED, na=False) for name in ("AECNREL", "AECTREL")]
    return events.assign(
        AETOXGRN=pd.to_numeric(events["AETOXGR"], errors="coerce").mask(fatal, 5),
        RELFL=yes_only(related[0] | related[1]),
        AESIFL=yes_only(events["AESICAT"].notna() & events["AESICAT"].ne("NONE")),
    )


def _of_interest(events: pd.DataFrame, toxicities: list[Toxicity]) -> pd.DataFrame:
    """Add the flag of each toxicity of interest, and TOXWINFL: within the window of its toxicity."""
    inside = pd.Series(False, index=events.index)
    for toxicity in toxicities:
        told = is_told(events, toxicity.events)
        events = events.assign(**{toxicity.flag: yes_only(told)})
        inside |= told & in_window(events, toxicity.window, events["STARTLO"], events["STARTHI"])
    return events.assign(TOXWINFL=yes_only(inside))


def _occurrences(events: pd.DataFrame) -> pd.DataFrame:
    """Add AOCCFL, AOCCSFL, AOCCPFL and AOCCIFL among the treatment-emergent events."""
    emergent = events["TRTEMFL"].eq("Y")
    events = events.assign(WORST=-events["AETOXGRN"].fillna(0))
    order = ["TRTEMDT", "AESEQ"]
    flags = {
        "AOCCFL": (["USUBJID"], order), "AOCCSFL": (["USUBJID", "AEBODSYS"], order),
        "AOCCPFL": (["USUBJID", "AEBODSYS", "AEDECOD"], order), "AOCCIFL": (["USUBJID"], ["WORST", *order]),
    }
    for name, (by_vars, by_order) in flags.items():
        events = derive_var_extreme_flag(events, by_vars, by_order, name, emergent)
    return events
