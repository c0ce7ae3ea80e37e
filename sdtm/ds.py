"""DS: disposition."""

import pandas as pd

from sdtm.study_days import with_study_days


def ds(ds_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per protocol milestone or disposition event."""
    return with_study_days(ds_mapped, reference_dates, "DSSTDTC")
