"""The overall response that follows from what was seen on PET and measured on CT (analysis plan 2.4)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.lugano import overall_response
from adam.derive.merge import derive_vars_merged

POINT = ["STUDYID", "USUBJID", "RSSEQ"]
TIMED = ["VISIT", "ADT", "ADTF", "CARTDY", "POSTFL", "BORFL", "PDDT"]


def derived_responses(
    assessments: pd.DataFrame, pet_points: pd.DataFrame, ct_points: pd.DataFrame, ne_pet_rule: str,
    ct_cr_needs_pet: bool,
) -> pd.DataFrame:
    """One record per response time point: OVERALLD and what it is made of; no PET form is no PET (ND)."""
    points = assessments[[*POINT, "LNKGRP", "AVIDNEW", *TIMED]]
    points = derive_vars_merged(points, pet_points, ["METABOLD"], by_vars=["USUBJID", "LNKGRP"])
    points = derive_vars_merged(points, ct_points, ["ANATOMD", "NEWLESD"], by_vars=["USUBJID", "RSSEQ"])
    metabolic = points["METABOLD"].fillna("ND")
    needs_pet = "Y" if ct_cr_needs_pet else "N"
    derived = overall_response(
        metabolic, points["ANATOMD"], points["AVIDNEW"], ne_pet_rule=ne_pet_rule, ct_cr_needs_pet=needs_pet
    )
    return points.assign(METABOLD=metabolic, OVERALLD=derived)
