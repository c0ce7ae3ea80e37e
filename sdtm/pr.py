"""PR: procedures."""

import pandas as pd

from sdtm.study_days import with_study_days


def pr(pr_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per leukapheresis, transplant or radiotherapy."""
    return with_study_days(pr_mapped, reference_dates, "PRSTDTC", "PRENDTC")
