"""TA, TE, TI and TV: the planned trial, by the elements, arms, visits and criteria that the study's folder says."""

import pandas as pd

from pipeline.ground.metadata import StudySettings

BEFORE = "Before the first treatment"
ANCHORS = {"CONSENT": "informed consent", "CONDITIONING": "the first conditioning", "CELLS": "the first infusion"}


def ta(study: StudySettings) -> pd.DataFrame:
    """One record per planned element per arm. Source: SDTMIG 3.4, 7.2.1."""
    names = ["ARMCD", "ARM", "TAETORD", "ETCD", "ELEMENT", "TABRANCH", "TATRANS", "EPOCH"]
    rows = [
        (arm.code, arm.label, number, one.code, one.label, one.branch, one.transition, one.epoch)
        for arm in study.all_arms
        for number, one in enumerate((e for e in study.elements if arm.code in (e.arms or (arm.code,))), start=1)
    ]
    return _of_trial("TA", pd.DataFrame(rows, columns=names), study)


def te(study: StudySettings) -> pd.DataFrame:
    """One record per planned element. Source: SDTMIG 3.4, 7.2.2."""
    rows = [(one.code, one.label, one.start_rule, one.end_rule, one.duration) for one in study.elements]
    return _of_trial("TE", pd.DataFrame(rows, columns=["ETCD", "ELEMENT", "TESTRL", "TEENRL", "TEDUR"]), study)


def ti(study: StudySettings, eligibility: pd.DataFrame) -> pd.DataFrame:
    """One record per inclusion or exclusion criterion, by version of the protocol. Source: SDTMIG 3.4, 7.4.1."""
    return _of_trial("TI", eligibility, study)


def tv(study: StudySettings, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per visit that is planned: it says TVSTRL, is planned for a day, or (PREFL) for before the doses.

    ARMCD is missing, as all arms have these visits. Source: SDTMIG 3.4, 7.3.1.
    """
    day, low, high = (pd.to_numeric(visits[name]) for name in ("PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH"))
    of = visits["ANCHOR"].map(ANCHORS).astype("str")
    start = _days(low.fillna(day)) + of
    end = _days(high.fillna(day)) + of
    told = visits["TVSTRL"].astype("str") if "TVSTRL" in visits else pd.Series(None, index=visits.index, dtype="str")
    before = pd.Series(BEFORE, index=visits.index, dtype="str").where(visits.get("PREFL", told).eq("Y"))
    planned = visits.assign(TVSTRL=told.fillna(start).fillna(before), TVENRL=end.where(told.isna()))
    planned = planned.assign(ARMCD=None, ARM=None)[planned["VISITNUM"].notna() & planned["TVSTRL"].notna()]
    return _of_trial("TV", planned.drop_duplicates("VISITNUM"), study)


def _days(days: pd.Series) -> pd.Series:
    """How many days before or after something; missing where no day is said."""
    count = days.abs().astype("Int64").astype("str") + " day" + (days.abs() != 1).map({True: "s", False: ""})
    said = count + (days < 0).map({True: " before ", False: " after "})
    return said.mask(days == 0, "Day of ").where(days.notna()).astype("str")


def _of_trial(domain: str, records: pd.DataFrame, study: StudySettings) -> pd.DataFrame:
    return records.assign(STUDYID=study.study, DOMAIN=domain)
