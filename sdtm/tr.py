"""TR: lesion measurements, PET and spleen."""

import pandas as pd

from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days


def tr(tr_mapped: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per measurement, lesion, assessor and time point."""
    dated = with_study_days(tr_mapped, reference_dates, "TRDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ["TRTESTCD", "TRLNKID", "TREVAL", "TREVALID"])
