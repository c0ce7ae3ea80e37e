"""RS: response and ECOG."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def rs(rs_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per response item or ECOG status, assessor and time point."""
    dated = with_study_days(rs_mapped, reference_dates, "RSDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["RSTESTCD", "RSCAT", "RSEVAL", "RSEVALID"])
