"""DM: demographics."""

import numpy as np
import pandas as pd

from pipeline.ground.course import ENROLMENT
from pipeline.ground.metadata import StudySettings
from sdtm.arms import UNPLANNED, actual_arm, planned_arm


def dm(
    dm_mapped: pd.DataFrame, ds_mapped: pd.DataFrame, ex_mapped: pd.DataFrame, reference_dates: pd.DataFrame,
    study: StudySettings,
) -> pd.DataFrame:  # fmt: skip
    """One record per subject with consent on or before the data cut.

    1. The arm belongs to enrolled subjects, the actual arm to those who were treated. 2. ARMNRS says why one of them is
    missing: SCREEN FAILURE; NOT ASSIGNED (neither enrolled nor failed yet, or to no arm); ASSIGNED, NOT TREATED
    (clarification 23); UNPLANNED TREATMENT, which ACTARMUD describes. 3. COUNTRY is that of the site.
    """
    dates = reference_dates.drop(columns="STUDYID")
    own = [name for name in dm_mapped if name == "USUBJID" or name not in dates]
    subjects = dm_mapped[own].merge(dates, on="USUBJID", how="left")
    decided = ds_mapped.groupby("DSDECOD")["USUBJID"].agg(set) if len(ds_mapped) else {}
    enrolled = subjects["USUBJID"].isin(set().union(*(decided.get(term, set()) for term in ENROLMENT)))
    failed = subjects["USUBJID"].isin(decided.get("SCREEN FAILURE", set()))
    treated = enrolled & subjects["RFXSTDTC"].notna()
    planned = planned_arm(subjects, ds_mapped, study).where(enrolled)
    given = actual_arm(subjects, planned, ds_mapped, ex_mapped, study).where(treated)
    reason = pd.Series("NOT ASSIGNED", index=subjects.index, dtype="str").mask(failed, "SCREEN FAILURE")
    reason = reason.mask(enrolled & planned.notna(), "ASSIGNED, NOT TREATED").mask(planned.notna() & treated)
    reason = reason.mask(given["UNPLANNED"].notna(), UNPLANNED)
    label = {arm.code: arm.label for arm in study.all_arms}
    return subjects.assign(
        ARMCD=planned, ARM=_labelled(planned, label), ACTARMCD=given["ARMCD"], ACTARM=_labelled(given["ARMCD"], label),
        ARMNRS=reason, ACTARMUD=given["UNPLANNED"], COUNTRY=_country(subjects, study))


def _country(subjects: pd.DataFrame, study: StudySettings) -> pd.Series:
    """The country as collected, else that of the site (sites.yaml), else that of all sites (study.yaml)."""
    nothing = pd.Series(np.nan, index=subjects.index, dtype="str")
    collected = subjects.get("COUNTRY", nothing).astype("str")
    of_site = subjects.get("SITEID", nothing).map(dict(study.site_countries)).astype("str")
    return collected.fillna(of_site).fillna(pd.Series(study.country or None, index=subjects.index, dtype="str"))


def _labelled(codes: pd.Series, label: dict[str, str]) -> pd.Series:
    return codes.map(label).astype("str") if label else pd.Series(np.nan, index=codes.index, dtype="str")
