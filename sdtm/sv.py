"""SV: subject visits."""

import numpy as np
import pandas as pd

from pipeline.ground.dates import is_complete
from pipeline.ground.metadata import StudySettings
from sdtm.study_days import with_study_days

VISIT = ["STUDYID", "USUBJID", "VISITNUM", "VISIT", "PLANFL"]


def sv(
    subject_visits: pd.DataFrame, visits: pd.DataFrame, reference_dates: pd.DataFrame, study: StudySettings
) -> pd.DataFrame:
    """One record per visit of a subject that any record tells of, with its first and last day.

    A partial date counts only where no date of the visit is complete. Source: SDTMIG 3.4, 5.3 SV.
    """
    dated = subject_visits.assign(_whole=is_complete(subject_visits["DTC"]))
    best = dated["_whole"] | ~dated.groupby(VISIT)["_whole"].transform("any").astype("bool")
    held = dated.assign(DTC=dated["DTC"].where(best)).groupby(VISIT, as_index=False).agg(
        SVSTDTC=("DTC", "min"), SVENDTC=("DTC", "max"))
    planned = held["PLANFL"] == "Y"
    yes = pd.Series("Y", index=held.index, dtype="str").where(planned)
    made = held.assign(
        DOMAIN="SV", SVPRESP=yes, SVOCCUR=yes, VISITDY=held["VISITNUM"].map(_planned_days(visits, study)),
        SVUPDES=_named(dated, held).mask(planned))
    return with_study_days(made, reference_dates, "SVSTDTC", "SVENDTC")


def _named(records: pd.DataFrame, held: pd.DataFrame) -> pd.Series:
    """What the visits not planned were called where they were collected, beside each visit."""
    own = records.loc[records["PLANFL"] != "Y", [*VISIT, "VISITRAW"]].drop_duplicates().sort_values("VISITRAW")
    told = own.groupby(VISIT, as_index=False).agg(_named=("VISITRAW", "; ".join))
    return held[VISIT].merge(told, on=VISIT, how="left")["_named"].astype("str")


def _planned_days(visits: pd.DataFrame, study: StudySettings) -> pd.Series:
    """The planned study day by VISITNUM of the visits planned from the first study treatment; there is no day 0."""
    given = [role for role in study.study_treatment if role in study.treatments] or list(study.study_treatment)
    day = pd.to_numeric(visits["PLANNED_DAY"]).where(visits["ANCHOR"] == given[0].upper())
    since = day - study.infusion_day * (visits["ANCHOR"] == "CELLS") * (day > 0)
    number = pd.to_numeric(visits["VISITNUM"])
    planned = pd.Series(np.where(since >= 0, since + 1, since), index=number, dtype="float64")
    return planned[planned.index.notna() & ~planned.index.duplicated()]
