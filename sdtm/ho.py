"""HO: healthcare encounters."""

import pandas as pd

from sdtm.study_days import with_study_days


def ho(ho_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per hospital stay and per stay in intensive care."""
    return with_study_days(ho_mapped, reference_dates, "HOSTDTC", "HOENDTC")
