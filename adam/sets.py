"""The analysis sets: one function each, flag, and reason why not (analysis plan 6, clarifications 1, 2, 5, 14, 20)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import EVALUABLE, RESPONSES
from adam.derive.flags import first_reason, members, present, yes_no
from adam.derive.merge import derive_vars_merged
from adam.toxicity.dlt import dlt_evaluation
from pipeline.ground.dlt import DltPlan

KEYS = ["STUDYID", "USUBJID"]


def enrolled_set(subjects: pd.DataFrame, cutoff: str) -> pd.DataFrame:
    """One record per subject: enrolled = the enrolment form says Yes, on or before the data cut."""
    enrolled = subjects["ENRDECOD"].notna() & ~(subjects["ENRLDT"] > pd.Timestamp(cutoff))
    failed = subjects["SFDECOD"].notna()
    reason = first_reason(subjects.index, {
        "SCREEN FAILURE": failed & subjects["SFREAS"].isna(),
        "FAILED WITH REASON": failed,
        "NOT ENROLLED BY THE DATA CUT": ~enrolled,
    })
    reason = reason.mask(reason == "FAILED WITH REASON", "SCREEN FAILURE: " + subjects["SFREAS"].str.upper())
    return subjects[KEYS].assign(ENRLFL=yes_no(enrolled), ENREXRSN=reason.where(~enrolled))


def itt_set(subjects: pd.DataFrame, enrolled_set: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: intent to treat = leukapheresis performed."""
    collected = subjects["LEUKSEQ"].notna()
    reason = first_reason(subjects.index, _before_treatment(enrolled_set, subjects))
    return subjects[KEYS].assign(ITTFL=yes_no(collected), ITTEXRSN=reason.where(~collected))


def conditioned_set(subjects: pd.DataFrame, enrolled_set: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: conditioned = any amount of conditioning."""
    given = subjects["CONDSDT"].notna()
    reason = first_reason(subjects.index, _before_treatment(enrolled_set, subjects) | {"NO CONDITIONING": ~given})
    return subjects[KEYS].assign(CONDFL=yes_no(given), CONEXRSN=reason.where(~given))


def safety_set(subjects: pd.DataFrame, enrolled_set: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: safety = any conditioning (more than 0) or any cells."""
    treated = subjects["TRTSDT"].notna()
    reason = first_reason(subjects.index, _before_treatment(enrolled_set, subjects) | {"NOT TREATED": ~treated})
    return subjects[KEYS].assign(SAFFL=yes_no(treated), SAFEXRSN=reason.where(~treated))


def infused_set(subjects: pd.DataFrame, enrolled_set: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: infused = any cells."""
    infused = subjects["CARTSDT"].notna()
    reason = first_reason(subjects.index, _before_treatment(enrolled_set, subjects) | {
        "NOT TREATED": subjects["TRTSDT"].isna(),
        "CONDITIONING WITHOUT CELLS": ~infused,
    })
    return subjects[KEYS].assign(INFFL=yes_no(infused), INFEXRSN=reason.where(~infused))


def efficacy_set(
    subjects: pd.DataFrame, safety_set: pd.DataFrame, assessments: pd.DataFrame, eas_ne: bool
) -> pd.DataFrame:
    """One record per subject: the Efficacy Analysis Set (EAS).

    In = in the safety set and A or B:
    A. any response assessment other than ND after the baseline scan, whatever therapy lies before it; NE counts when
       EAS_NE is Y. Without a baseline scan it must be after the first treatment.
    B. left the study for progression, or died of progression.
    Reasons for exclusion in the order of the plan; the first that applies is given.
    """
    made = assessments[assessments["OVERALL"].isin([*EVALUABLE, *(["NE"] if eas_ne else [])])]
    made = derive_vars_merged(made[["USUBJID", "ADT"]], subjects, ["BASESCDT", "TRTSDT"])
    assessed = present(subjects, made[made["ADT"] > made["BASESCDT"].fillna(made["TRTSDT"])])
    progressed = subjects["EOSDECOD"].eq("PROGRESSIVE DISEASE") | subjects["DTHCGR1"].eq("DISEASE PROGRESSION")
    safety = present(subjects, members(safety_set, "SAFFL"))
    inside = safety & (assessed | progressed)
    dead = subjects["DTHFL"] == "Y"
    reason = first_reason(subjects.index, {
        "NOT IN THE SAFETY SET": ~safety,
        "TOXIC DEATH BEFORE SCAN": dead & subjects["DTHCGR1"].eq("STUDY TREATMENT TOXICITY"),
        "DEATH OTHER": dead,
        "WITHDREW": subjects["EOSDECOD"].eq("WITHDRAWAL BY SUBJECT"),
        "LOST": subjects["EOSDECOD"].eq("LOST TO FOLLOW-UP"),
        "PD BY CLINICAL SIGNS ONLY": subjects["CLINPD"].eq("Y"),
        "ALIVE NO SCAN": ~dead,
    })
    return subjects[KEYS].assign(EASFL=yes_no(inside), EASEXRSN=reason.where(~inside))


def dlt_set(subjects: pd.DataFrame, dlt_events: pd.DataFrame, dlt: DltPlan, **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: the DLT Analysis Set, with the reason in or out (rules in adam/toxicity/dlt.py)."""
    return dlt_evaluation(subjects, dlt_events, dlt, named)[[*KEYS, "DLTEVLFL", "DLTEVLRS", "DLTFL"]]


def responder_set(subjects: pd.DataFrame, adrs: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: responders = best overall response CR or PR."""
    best = derive_vars_merged(subjects[KEYS], adrs[adrs["PARAMCD"] == "BOR"], ["AVALC"])
    responded = best["AVALC"].isin(RESPONSES)
    reason = ("BEST RESPONSE " + best["AVALC"]).fillna("NOT INFUSED")
    return best[KEYS].assign(RESPFL=yes_no(responded), RESEXRSN=reason.where(~responded))


def _before_treatment(enrolled_set: pd.DataFrame, subjects: pd.DataFrame) -> dict[str, pd.Series]:
    """Why a subject did not reach treatment, in order."""
    enrolled = present(subjects, members(enrolled_set, "ENRLFL"))
    return {"NOT ENROLLED": ~enrolled, "NO LEUKAPHERESIS": subjects["LEUKSEQ"].isna()}
