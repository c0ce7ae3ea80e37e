"""FA: daily CRS and ICANS assessments, disease history."""

import pandas as pd

from sdtm.study_days import with_study_days


def fa(fa_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per finding, object and assessment."""
    return with_study_days(fa_mapped, reference_dates, "FADTC")
