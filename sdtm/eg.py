"""EG: ECG."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def eg(eg_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per ECG measurement or interpretation and visit."""
    dated = with_study_days(eg_mapped, reference_dates, "EGDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["EGTESTCD"])
