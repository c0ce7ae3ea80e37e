"""CM: medications and anticancer therapies."""

import pandas as pd

from sdtm.study_days import with_study_days


def cm(cm_mapped: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per medication, treatment of CRS or ICANS, bridging, prior line or subsequent therapy."""
    return with_study_days(cm_mapped, reference_dates, "CMSTDTC", "CMENDTC")
