"""ADAE: adverse events with analysis dates and flags (analysis plan 8.4, clarifications 14, 15, 21)."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import infusion_day, study_day
from adam.derive.flags import derive_var_extreme_flag, yes_only
from adam.derive.merge import derive_vars_merged, derive_vars_supp
from adam.derive.occurrences import duration
from adam.toxicity.events import in_window, is_told
from pipeline.ground.toxicities import Toxicity

RELATION = {"CONDITIONING": ["AECNREL"], "CELLS": ["AECTREL"], "ANY": ["AECNREL", "AECTREL", "AEREL"]}
KEYS = ["USUBJID", "AESEQ"]


def adae(
    ae: pd.DataFrame, suppae: pd.DataFrame, subjects: pd.DataFrame, event_dates: pd.DataFrame,
    emergence: pd.DataFrame, toxicities: tuple[Toxicity, ...], fatal_grade: str, related_to: str, related_terms: str,
    ct: pd.DataFrame,
) -> pd.DataFrame:
    """One record per adverse event, with every supplemental qualifier that the terminology knows.

    1. Dates are those of `event_dates`, treatment emergence that of `emergence`.
    2. Each toxicity of interest has its flag; it is in its window when the days on which it may have begun meet it.
    3. Occurrence flags mark one record per subject, system organ class and preferred term among the emergent events.
    """
    qualifiers = ct.loc[ct["codelist"] == "SUPPAE", "submission"].drop_duplicates().tolist()
    events = derive_vars_supp(ae, suppae, qualifiers, "AESEQ")
    for made in (event_dates, emergence):
        events = derive_vars_merged(events, made, [name for name in made.columns if name not in events.columns], KEYS)
    beside = [name for name in subjects.columns if name not in events.columns]
    events = _days(derive_vars_merged(events, subjects, beside))
    events = events.assign(RELFL=yes_only(_related(events, related_to, related_terms)))
    events = _of_interest(_graded(events, fatal_grade), [toxicity for toxicity in toxicities if toxicity.flag])
    events = events.drop(columns=beside)
    return _occurrences(events.assign(SRCDOM="AE", SRCVAR="AETERM", SRCSEQ=events["AESEQ"]))


def _days(events: pd.DataFrame) -> pd.DataFrame:
    """Add study days, days after the cells, and the duration of events with two whole dates."""
    begun, ended, treated = events["ASTDT"], events["AENDT"], events["TRTSDT"]
    return events.assign(
        ASTDY=study_day(begun, treated), AENDY=study_day(ended, treated),
        CARTDY=infusion_day(begun, events), ADURN=duration(events),
    )


def _related(events: pd.DataFrame, related_to: str, terms: str) -> pd.Series:
    """True for events whose relation to that treatment is one of the terms, whatever their case."""
    words = [term.strip().upper() for term in terms.split(",")]
    return pd.concat([events[name].str.upper().isin(words) for name in RELATION[related_to]], axis=1).any(axis=1)


def _graded(events: pd.DataFrame, fatal_grade: str) -> pd.DataFrame:
    """Add the grade of the analysis as text and number, and the flag of events of special interest.

    By FATAL_GRADE a fatal event of a subject whose death is reported is of grade 5, whatever was graded (clarifications
    4, 12), or of the grade recorded; AETOXGR stays as collected.
    """
    fatal = events["AEOUT"].eq("FATAL") & events["DTHDT"].notna() & (fatal_grade == "OUTCOME")
    return events.assign(
        ATOXGR=events["AETOXGR"].mask(fatal, "5"),
        ATOXGRN=pd.to_numeric(events["AETOXGR"], errors="coerce").mask(fatal, 5),
        AESIFL=yes_only(events["AESICAT"].notna() & events["AESICAT"].ne("NONE")),
    )


def _of_interest(events: pd.DataFrame, toxicities: list[Toxicity]) -> pd.DataFrame:
    """Add the flag of each toxicity of interest, and TOXWINFL: within the window of its toxicity."""
    inside = pd.Series(False, index=events.index)
    for toxicity in toxicities:
        told = is_told(events, toxicity.events)
        events = events.assign(**{toxicity.flag: yes_only(told)})
        inside |= told & in_window(events, toxicity.window, "AESTDTC", ("ASTDT", "STARTLO", "STARTHI"))
    return events.assign(TOXWINFL=yes_only(inside))


def _occurrences(events: pd.DataFrame) -> pd.DataFrame:
    """Add AOCCFL, AOCCSFL, AOCCPFL and AOCCIFL among the treatment-emergent events."""
    emergent = events["TRTEMFL"].eq("Y")
    events = events.assign(WORST=-events["ATOXGRN"].fillna(0))
    order = ["TRTEMDT", "AESEQ"]
    flags = {
        "AOCCFL": (["USUBJID"], order), "AOCCSFL": (["USUBJID", "AEBODSYS"], order),
        "AOCCPFL": (["USUBJID", "AEBODSYS", "AEDECOD"], order), "AOCCIFL": (["USUBJID"], ["WORST", *order]),
    }
    for name, (by_vars, by_order) in flags.items():
        events = derive_var_extreme_flag(events, by_vars, by_order, name, emergent)
    return events
