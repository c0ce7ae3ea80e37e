"""ADDLT: the DLT period of each subject of the safety run-in."""

from __future__ import annotations

import pandas as pd

from adam.toxicity.dlt import DltRule, dlt_evaluation


def addlt(
    subjects: pd.DataFrame, dlt_ticks: pd.DataFrame, dlt_med: str, dlt_part: str, dlt_days: int,
    dlt_nocart_end: int | None, dlt_eval_frac: str,
) -> pd.DataFrame:
    """One record per subject of the run-in part, with its flag also under each choice of DLT_MED."""
    run_in = subjects[subjects["COHORT"] == dlt_part]
    under = {
        med: dlt_evaluation(run_in, dlt_ticks, DltRule(med, dlt_part, dlt_days, dlt_nocart_end, dlt_eval_frac))
        for med in ("ANY", "COND", "BOTH")
    }
    chosen = under[dlt_med]
    has_dlt = chosen["DLTSEQ"].notna()
    return chosen.assign(
        EVLANY=under["ANY"]["DLTEVLFL"], EVLCOND=under["COND"]["DLTEVLFL"], EVLBOTH=under["BOTH"]["DLTEVLFL"],
        SRCDOM=has_dlt.map({True: "AE", False: "EX"}).where(has_dlt | chosen["DLTSDT"].notna()),
        SRCVAR=has_dlt.map({True: "AESTDTC", False: "EXSTDTC"}).where(has_dlt | chosen["DLTSDT"].notna()),
        SRCSEQ=chosen["DLTSEQ"].fillna(chosen["CONDSEQ"].fillna(chosen["CARTSEQ"]).where(chosen["DLTSDT"].notna())),
    )
