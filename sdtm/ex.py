"""EX: exposure."""

import pandas as pd

from sdtm.study_days import with_study_days


def ex(ex_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per dose of conditioning or bag of cells given."""
    return with_study_days(ex_mapped, reference_dates, "EXSTDTC", "EXENDTC")
