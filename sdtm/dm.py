"""DM: demographics."""

import pandas as pd

from pipeline.ground.metadata import StudySettings


def dm(
    dm_mapped: pd.DataFrame, ds_mapped: pd.DataFrame, reference_dates: pd.DataFrame, study: StudySettings
) -> pd.DataFrame:
    """One record per subject with consent on or before the data cut.

    1. The arm belongs to enrolled subjects, the actual arm to those who were treated. 2. ARMNRS says why one of them is
    missing: SCREEN FAILURE; NOT ASSIGNED (neither enrolled nor failed yet); ASSIGNED, NOT TREATED (clarification 23).
    """
    dates = reference_dates.drop(columns="STUDYID")
    own = [name for name in dm_mapped if name == "USUBJID" or name not in dates]
    subjects = dm_mapped[own].merge(dates, on="USUBJID", how="left")
    decided = ds_mapped.groupby("DSDECOD")["USUBJID"].agg(set) if len(ds_mapped) else {}
    enrolled = subjects["USUBJID"].isin(decided.get("ENROLLED", set()))
    failed = subjects["USUBJID"].isin(decided.get("SCREEN FAILURE", set()))
    treated = subjects["RFXSTDTC"].notna()
    reason = pd.Series("NOT ASSIGNED", index=subjects.index, dtype="str").mask(failed, "SCREEN FAILURE")
    reason = reason.mask(enrolled & ~treated, "ASSIGNED, NOT TREATED").mask(enrolled & treated)
    arm = pd.DataFrame({"ARMCD": study.arm.code, "ARM": study.arm.label}, index=subjects.index, dtype="str")
    planned, actual = arm.where(enrolled), arm.where(enrolled & treated)
    return subjects.assign(
        ARMCD=planned["ARMCD"], ARM=planned["ARM"], ACTARMCD=actual["ARMCD"], ACTARM=actual["ARM"], ARMNRS=reason,
        COUNTRY=pd.Series(study.country or None, index=subjects.index, dtype="str"))
