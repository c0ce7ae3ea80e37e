"""TU: lesions."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def tu(tu_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per lesion, from the scan on which it was first recorded."""
    dated = with_study_days(tu_mapped, reference_dates, "TUDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["TULNKID"])
