"""SS: subject status."""

import pandas as pd

from sdtm.study_days import with_study_days


def ss(ss_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per contact about survival, and one for its source."""
    return with_study_days(ss_mapped, reference_dates, "SSDTC")
