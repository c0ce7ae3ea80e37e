"""ADDLT: the DLT period of each subject whose DLTs are counted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from adam.toxicity.dlt import PLACE, dlt_evaluation
from pipeline.ground.clauses import meeting
from pipeline.ground.dlt import DltPlan


def addlt(subjects: pd.DataFrame, dlt_events: pd.DataFrame, dlt: DltPlan, **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject whose DLTs are counted, with its flag also under each choice of DLT_MED."""
    counted = meeting(subjects, dlt.among, f"{PLACE}, among")
    under = {
        med: dlt_evaluation(counted, dlt_events, replace(dlt, med=med), named)
        for med in dict.fromkeys(["ANY", "COND", "BOTH", dlt.med])
    }
    chosen = under[dlt.med]
    has_dlt = chosen["DLTSEQ"].notna()
    dosed = chosen["DLTSDT"].notna()
    first_dose = chosen["CARTSEQ"] if dlt.med == "CELLS" else chosen["CONDSEQ"].fillna(chosen["CARTSEQ"])
    return chosen.assign(
        EVLANY=under["ANY"]["DLTEVLFL"], EVLCOND=under["COND"]["DLTEVLFL"], EVLBOTH=under["BOTH"]["DLTEVLFL"],
        SRCDOM=chosen["DLTDOM"].where(has_dlt, "EX").where(has_dlt | dosed),
        SRCVAR=chosen["DLTVAR"].where(has_dlt, "EXSTDTC").where(has_dlt | dosed),
        SRCSEQ=chosen["DLTSEQ"].fillna(first_dose.where(dosed)),
    )
