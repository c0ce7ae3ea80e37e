"""Treatments whose giving shows a subject alive (clarification 3)."""

from __future__ import annotations

import pandas as pd

from adam.derive.doses import doses_given
from adam.derive.seen import seen_alive


def treatments_given(ex: pd.DataFrame, pr: pd.DataFrame, lstalv_leuk: bool) -> pd.DataFrame:
    """One record per subject and day of dosing; a leukapheresis counts when LSTALV_LEUK is Y."""
    collected = pr[pr["PRCAT"].eq("LEUKAPHERESIS") & lstalv_leuk]
    return pd.concat([
        seen_alive(doses_given(ex), "EX", "EXSTDTC"), seen_alive(collected, "PR", "PRSTDTC"),
    ])
