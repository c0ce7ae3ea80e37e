"""What each PET of the investigator says by the Deauville score and the rules (analysis plan 2.1, 2.2)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.lugano import metabolic_response
from adam.derive.dates import possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged

ITEMS = {"FDP5PS": "SCORE", "OTRCUPCB": "UPTAKE", "PETNEW": "NEW", "BMUPTAKE": "MARROW", "PETEVAL": "EVAL"}
POINT = ["STUDYID", "USUBJID", "LNKGRP"]


def pet_points(tr: pd.DataFrame, baseline_scan: pd.DataFrame) -> pd.DataFrame:
    """One record per subject and time point with a PET form: METABOLD, the response that follows from its items.

    A marrow focus is new when the evaluable PET before, baseline included, had none. Without a baseline PET the result
    is not evaluable (clarification 6).
    """
    items = tr[(tr["TRGRPID"] == "PET") & (tr["TREVAL"] == "INVESTIGATOR")]
    items = items.assign(LNKGRP=items["TRLNKGRP"], DATE=possible_days(items["TRDTC"])["FIRST"])
    items = items.dropna(subset=["LNKGRP"]).sort_values(["USUBJID", "TRSEQ"])
    points = items.groupby(POINT, as_index=False).agg(DATE=("DATE", "min"))
    for testcd, name in ITEMS.items():
        answers = items[(items["TRTESTCD"] == testcd) & items["TRSTRESC"].notna()].drop_duplicates(POINT)
        points = derive_vars_merged(points, answers, {name: "TRSTRESC"}, by_vars=POINT)
    points = derive_vars_merged(points, baseline_scan, {"BASEAVID": "BASEPTFL"})
    points = points.assign(DONE=yes_no(points["DATE"].notna())).sort_values(["USUBJID", "DATE"])
    evaluable = points["MARROW"].where(points["EVAL"] == "Y")
    before = evaluable.groupby(points["USUBJID"]).ffill().groupby(points["USUBJID"]).shift()
    return points.assign(METABOLD=metabolic_response(points.assign(MARRPREV=before)))
