"""QS: ICE assessments."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def qs(qs_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per item of an ICE assessment."""
    dated = with_study_days(qs_mapped, reference_dates, "QSDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["QSTESTCD"])
