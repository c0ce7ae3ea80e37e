"""Where each subject stands in the study."""

from __future__ import annotations

import pandas as pd

from adam.derive.flags import first_reason, yes_no
from adam.derive.merge import derive_vars_merged


def standing(subjects: pd.DataFrame, enrolled_set: pd.DataFrame) -> pd.DataFrame:
    """One record per subject of DM: treatment, collection, status at the end and on the data cut, last sign of life."""
    people = derive_vars_merged(subjects, enrolled_set, ["ENRLFL"])
    alive_source = people["LALVDOM"] + "." + people["LALVVAR"] + " " + people["LALVSEQ"].astype("Int64").astype("str")
    return people[["STUDYID", "USUBJID"]].assign(
        TRT01P=people["ARM"], TRT01A=people["ACTARM"].fillna(people["ACTARMUD"]),
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
