"""VS: vital signs."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def vs(vs_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per vital sign, time point and visit."""
    dated = with_study_days(vs_mapped, reference_dates, "VSDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["VSTESTCD"])
