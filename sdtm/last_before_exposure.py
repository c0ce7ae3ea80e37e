"""--LOBXFL: the last record with a result before the first study treatment (clarification 23)."""

import pandas as pd

from pipeline.ground.dates import earliest, has_time, is_complete, latest
from pipeline.ground.time_points import planned_before


def with_last_before_exposure(
    records: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame, by: tuple[str, ...]
) -> pd.DataFrame:
    """The records with --LOBXFL, Y on the last one per subject and `by` that has a result before RFXSTDTC.

    1. A record of an earlier day is before. 2. On the day of the first treatment the planned time point decides, where
    it says before or after the dose, whatever the clock says: a reading planned 15 minutes after the start never is
    before it. 3. Else the times decide. 4. When a time is missing, the record is before if its visit is planned before
    dosing: PREFL is Y in visits.csv, which is the decision of clarification 23.
    """
    domain = by[0][:2]
    dtc = records[f"{domain}DTC"].astype("str")
    exposure = records["USUBJID"].map(reference_dates.set_index("USUBJID")["RFXSTDTC"]).astype("str")
    same_day = is_complete(dtc) & (earliest(dtc) == earliest(exposure))
    before = (latest(dtc) < earliest(exposure)) | same_day & _earlier_that_day(records, domain, exposure, visits)
    candidates = records[before & records[f"{domain}STRESC"].notna()]
    ordered = candidates.sort_values([f"{domain}DTC", f"{domain}SEQ"])
    last = ordered.index[~ordered.duplicated(["USUBJID", *by], keep="last")]
    flag = pd.Series("Y", index=last, dtype="str").reindex(records.index)
    return records.assign(**{f"{domain}LOBXFL": flag})


def _earlier_that_day(records: pd.DataFrame, domain: str, exposure: pd.Series, visits: pd.DataFrame) -> pd.Series:
    """True for records of the day of the first treatment that stand before it."""
    dtc = records[f"{domain}DTC"].astype("str")
    timed = has_time(dtc) & has_time(exposure)
    of_visit = records["VISIT"].isin(visits.loc[visits["PREFL"] == "Y", "VISIT"])
    by_clock = timed & (dtc < exposure) | ~timed & of_visit
    return planned_before(records, domain).fillna(by_clock).astype("bool")
