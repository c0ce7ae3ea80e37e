"""--LOBXFL: the last record with a result before the first study treatment (clarification 23)."""

import pandas as pd

from pipeline.ground.dates import earliest, is_complete, latest


def with_last_before_exposure(
    records: pd.DataFrame, reference_dates: pd.DataFrame, visits: pd.DataFrame, by: tuple[str, ...]
) -> pd.DataFrame:
    """The records with --LOBXFL, Y on the last one per subject and `by` that has a result before RFXSTDTC.

    1. A record of an earlier day is before. 2. On the day of the first treatment the times decide. 3. When a time is
    missing, the record is before if its visit is planned before dosing: PREFL is Y in visits.csv, which is the decision
    of clarification 23.
    """
    domain = by[0][:2]
    dtc = records[f"{domain}DTC"].astype("str")
    exposure = records["USUBJID"].map(reference_dates.set_index("USUBJID")["RFXSTDTC"]).astype("str")
    timed = dtc.str.contains("T") & exposure.str.contains("T")
    same_day = is_complete(dtc) & (earliest(dtc) == earliest(exposure))
    planned_before = records["VISIT"].isin(visits.loc[visits["PREFL"] == "Y", "VISIT"])
    earlier_that_day = timed & (dtc < exposure) | ~timed & planned_before
    before = (latest(dtc) < earliest(exposure)) | same_day & earlier_that_day
    candidates = records[before & records[f"{domain}STRESC"].notna()]
    ordered = candidates.sort_values([f"{domain}DTC", f"{domain}SEQ"])
    last = ordered.index[~ordered.duplicated(["USUBJID", *by], keep="last")]
    flag = pd.Series("Y", index=last, dtype="str").reindex(records.index)
    return records.assign(**{f"{domain}LOBXFL": flag})
