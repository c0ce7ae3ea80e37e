"""The analysis sets: those that sets.yaml declares by a clause, and one function for each that must compute.

Each gives a flag, and the reason why not (analysis plan 6, clarifications 1, 2, 5, 14, 20).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from adam.criteria.responses import EVALUABLE
from adam.derive.conditions import given
from adam.derive.flags import first_reason, members, present, yes_no
from adam.derive.merge import derive_vars_merged
from adam.toxicity.dlt import dlt_evaluation
from pipeline.ground.clauses import meets
from pipeline.ground.conditions import VALUE, SubjectSet
from pipeline.ground.dlt import DltPlan

KEYS = ["STUDYID", "USUBJID"]


def declared(definition: SubjectSet, subjects: pd.DataFrame, **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: the flag of a set that a clause makes, and the reason of who is out.

    `named` are the dataset of its records, where it goes by records, and what it names of the subjects.
    """
    people, records = given(definition.source, subjects, named)
    met = meets(records, definition.where)
    inside = present(people, records[met]) if definition.source else met
    flagged = people[KEYS].assign(**{definition.flag: yes_no(inside)})
    if not definition.reason:
        return flagged
    people = people.assign(**{definition.flag: flagged[definition.flag]})
    return flagged.assign(**{definition.reason: _reasons(people, definition.reasons).where(~inside)})


def _reasons(people: pd.DataFrame, reasons: Mapping[str, str]) -> pd.Series:
    """The first reason whose clause holds; {VARIABLE} in it stands for the subject's value, in capitals."""
    chosen = first_reason(people.index, {text: meets(people, where) for text, where in reasons.items()})
    for text in [text for text in reasons if VALUE.search(text)]:
        chosen = chosen.mask(chosen == text, _worded(people, text))
    return chosen


def _worded(people: pd.DataFrame, text: str) -> pd.Series:
    """The text with each subject's values."""
    words = pd.Series("", index=people.index, dtype="str")
    for number, part in enumerate(VALUE.split(text)):
        words = words + (people[part].astype("str").str.upper().fillna("") if number % 2 else part)
    return words


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
    reason = first_reason(
        subjects.index,
        {
            "NOT IN THE SAFETY SET": ~safety,
            "TOXIC DEATH BEFORE SCAN": dead & subjects["DTHCGR1"].eq("STUDY TREATMENT TOXICITY"),
            "DEATH OTHER": dead,
            "WITHDREW": subjects["EOSDECOD"].str.startswith("WITHDRAWAL").eq(True),
            "LOST": subjects["EOSDECOD"].eq("LOST TO FOLLOW-UP"),
            "PD BY CLINICAL SIGNS ONLY": subjects["CLINPD"].eq("Y"),
            "ALIVE NO SCAN": ~dead,
        },
    )
    return subjects[KEYS].assign(EASFL=yes_no(inside), EASEXRSN=reason.where(~inside))


def dlt_set(subjects: pd.DataFrame, dlt_events: pd.DataFrame, dlt: DltPlan, **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: the DLT Analysis Set, with the reason in or out (rules in adam/toxicity/dlt.py)."""
    return dlt_evaluation(subjects, dlt_events, dlt, named)[[*KEYS, "DLTEVLFL", "DLTEVLRS", "DLTFL"]]
