"""PC: samples of cellular kinetics, grouped by the course that their parameters (PP) are of."""

import pandas as pd

from sdtm.epoch import with_epoch
from sdtm.study_days import with_study_days
from sdtm.visits import with_visits

COURSE = ["USUBJID", "PCTESTCD", "PCSPEC", "PCMETHOD"]  # subject, analyte, specimen, assay


def pc(
    pc_mapped: pd.DataFrame, reference_dates: pd.DataFrame, subject_visits: pd.DataFrame, se: pd.DataFrame
) -> pd.DataFrame:
    """One record per sample and analyte; PCGRPID numbers the courses of an analyte within the subject.

    Source: SDTMIG 3.4, 6.3.5.9 (relating PP to PC by groups).
    """
    placed = with_study_days(with_visits(pc_mapped, "PC", subject_visits), reference_dates, "PCDTC")
    course = placed.groupby(COURSE, dropna=False).ngroup()
    number = course.groupby([placed[name] for name in COURSE[:2]], dropna=False).rank(method="dense").astype("int64")
    return with_epoch(placed, se, "PCDTC").assign(PCGRPID=placed["PCTESTCD"] + " " + number.astype("str"))
