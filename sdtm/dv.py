"""DV: protocol deviations."""

import pandas as pd

from sdtm.study_days import with_study_days


def dv(dv_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per protocol deviation."""
    return with_study_days(dv_mapped, reference_dates, "DVSTDTC")
