"""The overall response that follows from what else is known of an assessment: a table of criteria, or PET and CT."""

from __future__ import annotations

import pandas as pd

from adam.criteria.in_order import response_by
from adam.criteria.lugano import overall_response
from adam.derive.merge import derive_vars_merged
from adam.derive.sources import beside
from adam.response.nearest import with_beside
from adam.response.progression import first_progressions
from pipeline.ground.endpoints import Derivation

POINT = ["STUDYID", "USUBJID", "RSSEQ"]
TIMED = ["VISIT", "ADT", "ADTF", "CARTDY", "OVERALL", "POSTFL", "BORFL", "PDDT"]


def derived_responses(
    assessments: pd.DataFrame, pet_points: pd.DataFrame, ct_points: pd.DataFrame, subjects: pd.DataFrame,
    derivation: Derivation, ne_pet_rule: str, ct_cr_needs_pet: bool, **named: pd.DataFrame,
) -> pd.DataFrame:
    """One record per response time point: OVERALLD and what it is made of; no PET form is no PET (ND).

    1. What the study puts beside assessments; `named` are the datasets that it names.
    2. OVERALLD by the table of criteria, which may ask what follows from PET and CT (LUGANO); without one that.
    3. PDDTD: the first derived progression or relapse after the infusion, dated back to an indeterminate response.
    """
    points = assessments[[*POINT, "LNKGRP", "AVIDNEW", *TIMED]]
    points = derive_vars_merged(points, pet_points, ["METABOLD"], by_vars=["USUBJID", "LNKGRP"])
    points = derive_vars_merged(points, ct_points, ["ANATOMD", "NEWLESD", "TRGRESP"], by_vars=["USUBJID", "RSSEQ"])
    points = points.assign(METABOLD=points["METABOLD"].fillna("ND"))
    people = beside(subjects, derivation.subjects, named)
    points = with_beside(points, people, derivation, named)
    needs_pet = "Y" if ct_cr_needs_pet else "N"
    derived = overall_response(
        points["METABOLD"], points["ANATOMD"], points["AVIDNEW"], ne_pet_rule=ne_pet_rule, ct_cr_needs_pet=needs_pet
    )
    if derivation.criterion:
        theirs = [name for name in people.columns if name not in points.columns]
        known = points.merge(people[["USUBJID", *theirs]], on="USUBJID", how="left").set_axis(points.index)
        derived = response_by(known.assign(LUGANO=derived), derivation.criterion)
    points = points.assign(OVERALLD=derived)
    after = points[points["POSTFL"].eq("Y")]
    return derive_vars_merged(points, first_progressions(after, "OVERALLD"), {"PDDTD": "PDDT"})
