"""Study days: every date of a domain counted from the subject's first study treatment."""

import pandas as pd

from pipeline.ground.dates import study_day


def with_study_days(records: pd.DataFrame, reference_dates: pd.DataFrame, *dates: str) -> pd.DataFrame:
    """The records with a study day per date (AESTDTC gives AESTDY), counted from RFSTDTC; there is no day 0.

    Source: SDTMIG 3.4, 4.4.4.
    """
    reference = records["USUBJID"].map(reference_dates.set_index("USUBJID")["RFSTDTC"]).astype("str")
    return records.assign(**{date.removesuffix("DTC") + "DY": study_day(records[date], reference) for date in dates})
