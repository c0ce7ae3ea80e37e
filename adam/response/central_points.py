"""The response time points of the independent readers."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import EVALUABLE, overall_category
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged
from adam.response.assessments import POINT, in_words_of_the_plan, time_points

ASSESSORS = ("INDEPENDENT ASSESSOR", "ADJUDICATOR")
READERS = {
    "READER 1": "OVRR1", "RADIOLOGIST 1": "OVRR1", "READER 2": "OVRR2", "RADIOLOGIST 2": "OVRR2",
    "ADJUDICATOR": "OVRADJ", "ADJUDICATOR 1": "OVRADJ",
}  # fmt: skip
OTHER = "OVRC"


def central_points(rs: pd.DataFrame, subjects: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per subject, independent reader and response time point.

    1. PARAMCD tells the reader: OVRR1 and OVRR2 the readers (radiologists) 1 and 2, OVRADJ the adjudicator, OVRC any
       other.
    2. ADEQFL: after the first infusion, with overall response CR, PR, SD or PD.
    """
    recorded = rs[overall_category(rs) & rs["RSEVAL"].isin(ASSESSORS)]
    points = time_points(in_words_of_the_plan(recorded, ct), [*POINT, "RSEVALID"])
    points = derive_vars_merged(points, subjects, ["CARTSDT"])
    adequate = (points["ADT"] > points["CARTSDT"]) & points["OVERALL"].isin(EVALUABLE)
    return points.assign(PARAMCD=points["RSEVALID"].map(READERS).fillna(OTHER).astype("str"), ADEQFL=yes_no(adequate))
