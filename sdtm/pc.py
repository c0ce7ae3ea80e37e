"""PC: transgene concentrations."""

import pandas as pd

from sdtm.study_days import with_study_days


def pc(pc_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per sample; a result below the limit of quantification is text without a number."""
    return with_study_days(pc_mapped, reference_dates, "PCDTC")
