"""What ADAE says of dose-limiting toxicity, once it has all else that the plan's rule may name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.derive.flags import yes_only
from adam.toxicity.dlt import PLACE, dlt_in_period, dlt_period
from adam.toxicity.dlt_events import doses_of, limiting_events
from pipeline.ground.clauses import meeting
from pipeline.ground.dlt import DltPlan


def dlt_flags(
    adae: pd.DataFrame, subjects: pd.DataFrame, dosing: pd.DataFrame, dlt: DltPlan, onset_time: bool, cutoff: str,
    period: int,
) -> pd.DataFrame:  # fmt: skip
    """ADAE with DLTCRFL (dose-limiting in the subject's period) and DLTEVFL (the same, of a subject who counts).

    Where a form tells DLTs, no adverse event is one by itself: both are blank.
    """
    if dlt.of:
        none = pd.Series(np.nan, index=adae.index, dtype="str")
        return adae.assign(DLTCRFL=none, DLTEVFL=none)
    events = limiting_events(adae, subjects, dlt, cutoff, doses_of(dosing, dlt, onset_time, period))
    inside = dlt_in_period(events, dlt_period(subjects, dlt))
    key = ["USUBJID", "AESEQ"]
    limiting = pd.MultiIndex.from_frame(adae[key]).isin(pd.MultiIndex.from_frame(inside[key]))
    counted = adae["USUBJID"].isin(meeting(subjects, dlt.among, f"{PLACE}, among")["USUBJID"])
    flag = pd.Series(limiting, index=adae.index)
    return adae.assign(DLTCRFL=yes_only(flag), DLTEVFL=yes_only(flag & counted))
