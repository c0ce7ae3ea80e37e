"""Where each subject stands in the study."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import days_from, infusion_day, latest, study_day
from adam.derive.flags import first_reason, yes_no
from adam.derive.merge import derive_vars_merged
from pipeline.ground.metadata import StudySettings


def standing(
    subjects: pd.DataFrame, enrolled_set: pd.DataFrame, study: StudySettings, death_days: int
) -> pd.DataFrame:
    """One record per subject of DM: treatment, collection, status at the end and on the data cut, last sign of life.

    Arms are numbered as study.yaml lists them. DEATH_DAYS parts the deaths by the days since the last dose.
    """
    people = derive_vars_merged(subjects, enrolled_set, ["ENRLFL"])
    alive_source = people["LALVDOM"] + "." + people["LALVVAR"] + " " + people["LALVSEQ"].astype("Int64").astype("str")
    arms = {arm.label: float(number) for number, arm in enumerate(study.all_arms, start=1)}
    return people[["STUDYID", "USUBJID"]].assign(
        TRT01P=people["ARM"], TRT01PN=people["ARM"].map(arms).astype("float64"),
        TRT01A=people["ACTARM"].fillna(people["ACTARMUD"]), TRT01AN=people["ACTARM"].map(arms).astype("float64"),
        **_treated(people), **_died(people, death_days),
        LEUKFL=yes_no(people["LEUKSEQ"].notna()),
        LSTALVSR=alive_source.where(people["LALVDOM"].notna()),
        EOSSTT=_status(people),
        DCSREAS=people["EOSDECOD"].where(people["EOSDECOD"].ne("COMPLETED")),
        DCSREASP=people["EOSTERM"].where(people["EOSDECOD"].ne("COMPLETED") & people["EOSTERM"].ne(people["EOSDECOD"])),
        SCRFREAS=people["SFREAS"],
        DATASTAT=_at_the_cut(people),
    )


def _treated(people: pd.DataFrame) -> dict[str, pd.Series]:
    """First and last day of treatment, its days, days from collection to infusion and of follow-up after it."""
    followed = latest(people["LSTALVDT"], people["DTHDT"])
    return {
        "TR01SDT": people["TRTSDT"], "TR01EDT": people["TRTEDT"],
        "TRTDURD": days_from(people["TRTEDT"], people["TRTSDT"]) + 1,
        "V2VDY": days_from(people["CARTSDT"], people["LEUKDT"]), "FUPDY": days_from(followed, people["CARTSDT"]),
    }  # fmt: skip


def _died(people: pd.DataFrame, days: int) -> dict[str, pd.Series]:
    """Day of death from the first treatment and from the infusion, days since the last dose and their group."""
    since = days_from(people["DTHDT"], people["TRTEDT"])
    return {
        "DTHADY": study_day(people["DTHDT"], people["TRTSDT"]), "DTHCRTDY": infusion_day(people["DTHDT"], people),
        "LDDTHELD": since,
        "LDDTHGR1": first_reason(people.index, {f"<={days} days": since <= days, f">{days} days": since > days}),
    }


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
