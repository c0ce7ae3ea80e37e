"""ADRS: response at each time point, and what is made of it (analysis plan 2.7, clarifications 6, 7)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.lugano import overall_response
from adam.derive.dates import study_day
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged
from adam.derive.response import ORDER, RESPONSES, best_response, qualifying_response
from adam.derive.visits import derive_vars_window, response_windows

PARAMS = {
    "OVR": "Overall Response by Investigator",
    "OVRD": "Overall Response Derived from PET and CT",
    "BOR": "Best Overall Response",
    "ORR": "Objective Response (CR or PR)",
    "ORRBEST": "Objective Response Through Day 100 Window",
    "CRD30": "Complete Response at Day 30",
    "CRD100": "Complete Response at Day 100",
    "CRBEST": "Complete Response Through Day 100 Window",
    "RSP": "First Response (CR or PR)",
    "PD": "First Progression",
    "LSTA": "Last Adequate Assessment",
}


def adrs(
    assessments: pd.DataFrame, pet_points: pd.DataFrame, ct_points: pd.DataFrame, subjects: pd.DataFrame,
    infused_set: pd.DataFrame, visits: pd.DataFrame, ne_pet_rule: str, ct_cr_needs_pet: bool, confirm: bool,
    conf_days: int, max_ne: int, sd_min_days: int, crbest_day: int, crd30_low: int, crd30_high: int,
    crd100_low: int, crd100_high: int, complete_responses: str,
) -> pd.DataFrame:
    """One record per subject per parameter per time point; the parameters of PARAMS.

    1. Time points (OVR as recorded, OVRD derived) are kept for all subjects; of the others an infused subject has one.
    2. Best responses come from the assessments that count (ASSESS.BORFL): MISSING where there is none.
    3. CRD30 and CRD100 ask for a CR (COMPLETE_RESPONSES says what is one) at a time point within the window, CRBEST
       for one through CRBEST_DAY.
    """
    points = derive_vars_merged(assessments, subjects, ["TRTSDT", "CARTSDT"])
    points = derive_vars_merged(points, pet_points, ["METABOLD"], by_vars=["USUBJID", "LNKGRP"])
    points = derive_vars_merged(points, ct_points, ["ANATOMD", "NEWLESD"], by_vars=["USUBJID", "RSSEQ"])
    infused = infused_set.loc[infused_set["INFFL"] == "Y", ["STUDYID", "USUBJID"]]
    counted = points[points["BORFL"] == "Y"]
    counted = counted.assign(QUALRSP=qualifying_response(counted, confirm, conf_days, max_ne, sd_min_days))
    best = best_response(counted)
    responses = counted[counted["QUALRSP"].isin(RESPONSES)]
    complete = counted[counted["QUALRSP"].isin(complete_responses.split(", "))]
    at_visit = counted[counted["OVERALL"].isin(complete_responses.split(", "))]
    adequate = points[points["ADEQFL"] == "Y"]
    parameters = [
        _bor(infused, best),
        _yes_no("ORR", infused, responses),
        _yes_no("ORRBEST", infused, responses[responses["CARTDY"] <= crbest_day]),
        _yes_no("CRD30", infused, at_visit[at_visit["CARTDY"].between(crd30_low, crd30_high)]),
        _yes_no("CRD100", infused, at_visit[at_visit["CARTDY"].between(crd100_low, crd100_high)]),
        _yes_no("CRBEST", infused, complete[complete["CARTDY"] <= crbest_day]),
        _yes_no("RSP", infused, responses),
        _yes_no("PD", infused, adequate[adequate["OVERALL"] == "PD"]),
        _yes_no("LSTA", infused, adequate, last=True),
    ]
    summary = pd.concat(parameters, ignore_index=True).assign(ANL01FL="Y")
    records = [_recorded(points), _derived(points, ne_pet_rule, ct_cr_needs_pet), summary]
    return _finish(pd.concat(records, ignore_index=True), subjects, response_windows(visits))


def _recorded(points: pd.DataFrame) -> pd.DataFrame:
    """OVR: the overall response of each time point as the investigator recorded it."""
    recorded = points[points["OVERALL"].notna()]
    return recorded.assign(
        PARAMCD="OVR", AVALC=recorded["OVERALL"], ANL01FL=recorded["BORFL"], METBRESP=recorded["METABOL"],
        ANATRESP=recorded["ANATOMIC"], NEWLIND=recorded["NEWLES"],
    )


def _derived(points: pd.DataFrame, ne_pet_rule: str, ct_cr_needs_pet: bool) -> pd.DataFrame:
    """OVRD: the overall response that follows from what was seen on PET and measured on CT; no PET form is no PET."""
    metabolic = points["METABOLD"].fillna("ND")
    needs_pet = "Y" if ct_cr_needs_pet else "N"
    derived = overall_response(
        metabolic, points["ANATOMD"], points["AVIDNEW"], ne_pet_rule=ne_pet_rule, ct_cr_needs_pet=needs_pet
    )
    return points.assign(
        PARAMCD="OVRD", AVALC=derived, ANL01FL=points["BORFL"], METBRESP=metabolic, ANATRESP=points["ANATOMD"],
        NEWLIND=points["NEWLESD"], DIFFFL=yes_no(derived != points["OVERALL"]),
    )


def _bor(infused: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """BOR of each infused subject; MISSING without any assessment that counts."""
    found = derive_vars_merged(infused, best, {"AVALC": "QUALRSP"} | {v: v for v in ("ADT", "ADTF", "VISIT", "RSSEQ")})
    return found.assign(PARAMCD="BOR", AVALC=found["AVALC"].fillna("MISSING"))


def _yes_no(paramcd: str, infused: pd.DataFrame, shown: pd.DataFrame, last: bool = False) -> pd.DataFrame:
    """Y with the date of the first (or last) of the assessments that show it, N for the other infused subjects."""
    names = ["ADT", "ADTF", "VISIT", "RSSEQ"]
    mode = "last" if last else "first"
    found = derive_vars_merged(infused, shown, names, order=["ADT", "RSSEQ"], mode=mode)
    return found.assign(PARAMCD=paramcd, AVALC=yes_no(found["RSSEQ"].notna()))


def _finish(records: pd.DataFrame, subjects: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Add what every record has: values as numbers, days, windows, sequence and source."""
    records = records.drop(columns=["TRTSDT", "CARTSDT", "CARTDY"])
    records = derive_vars_merged(records, subjects, ["TRTSDT", "CARTSDT"])
    records = records.assign(
        PARAM=records["PARAMCD"].map(PARAMS),
        AVAL=records["AVALC"].map(ORDER | {"Y": 1, "N": 0}),
        ADY=study_day(records["ADT"], records["TRTSDT"]),
        CARTDY=(records["ADT"] - records["CARTSDT"]).dt.days.astype("float64"),
        SRCSEQ=records["RSSEQ"],
    )
    records = derive_vars_window(records, windows)
    found = records["RSSEQ"].notna()
    ordered = records.sort_values(["USUBJID", "PARAMCD", "ADT", "RSSEQ"], kind="stable")
    return records.assign(
        SRCDOM=pd.Series("RS", records.index).where(found), SRCVAR=pd.Series("RSSTRESC", records.index).where(found),
        ASEQ=ordered.groupby(["USUBJID", "PARAMCD"]).cumcount() + 1,
    )
