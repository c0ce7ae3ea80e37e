"""MI: bone marrow."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def mi(mi_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per marrow biopsy."""
    dated = with_study_days(mi_mapped, reference_dates, "MIDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["MITESTCD"])
