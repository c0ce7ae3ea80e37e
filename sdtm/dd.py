"""DD: death details."""

import pandas as pd

from sdtm.study_days import with_study_days


def dd(dd_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per detail of a death report."""
    return with_study_days(dd_mapped, reference_dates, "DDDTC")
