"""ADSL: the subjects, their analysis sets and what they were like."""

from __future__ import annotations

import pandas as pd

from adam.derive.flags import first_reason, yes_no
from adam.derive.merge import derive_vars_merged


def adsl(
    subjects: pd.DataFrame, baseline: pd.DataFrame, enrolled_set: pd.DataFrame, itt_set: pd.DataFrame,
    conditioned_set: pd.DataFrame, safety_set: pd.DataFrame, infused_set: pd.DataFrame, efficacy_set: pd.DataFrame,
    dlt_set: pd.DataFrame, responder_set: pd.DataFrame,
) -> pd.DataFrame:
    """One record per subject of DM: every analysis set has its flag (Y or N) and the reason when a subject is out."""
    sets = [enrolled_set, itt_set, conditioned_set, safety_set, infused_set, efficacy_set, dlt_set, responder_set]
    people = subjects
    for added in (baseline, *sets):
        names = [name for name in added.columns if name not in people.columns]
        people = derive_vars_merged(people, added, names)
    alive_source = people["LALVDOM"] + "." + people["LALVVAR"] + " " + people["LALVSEQ"].astype("Int64").astype("str")
    return people.assign(
        TRT01P=people["ARM"], TRT01A=people["ACTARM"],
        LEUKFL=yes_no(people["LEUKSEQ"].notna()),
        LSTALVSR=alive_source.where(people["LALVDOM"].notna()),
        EOSSTT=_status(people),
        DCSREAS=people["EOSDECOD"].where(people["EOSDECOD"].ne("COMPLETED")),
        DATASTAT=_at_the_cut(people),
    )


def _status(people: pd.DataFrame) -> pd.Series:
    """End of study status."""
    return first_reason(people.index, {
        "COMPLETED": people["EOSDECOD"].eq("COMPLETED"),
        "DISCONTINUED": people["EOSDECOD"].notna(),
        "SCREEN FAILURE": people["ENRLFL"].eq("N"),
        "ONGOING": people["EOSDECOD"].isna(),
    })


def _at_the_cut(people: pd.DataFrame) -> pd.Series:
    """Where the subject stands on the data cut."""
    return first_reason(people.index, {
        "SCREEN FAILURE": people["ENRLFL"].eq("N"),
        "DEAD": people["DTHFL"].eq("Y"),
        "OFF STUDY": people["EOSDECOD"].notna(),
        "ONGOING": people["EOSDECOD"].isna(),
    })
