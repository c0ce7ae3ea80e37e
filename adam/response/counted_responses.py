"""The assessments that count for the best response, and what each is worth (analysis plan 2.7)."""

from __future__ import annotations

import pandas as pd

from adam.derive.merge import derive_vars_merged
from adam.response.best import qualifying_response


def counted_responses(
    assessments: pd.DataFrame, subjects: pd.DataFrame, confirm: bool, conf_days: int, max_ne: int, sd_min_days: int,
    cr_min_dur: int | None,
) -> pd.DataFrame:
    """One record per time point that counts for the best response (ASSESS.BORFL): what it is worth, as CONFIRM asks
    (QUALRSP) and with responses confirmed whatever CONFIRM says (QUALCNF)."""
    counted = derive_vars_merged(assessments[assessments["BORFL"] == "Y"], subjects, ["CARTSDT"])
    worth = {name: qualifying_response(counted, asked, conf_days, max_ne, sd_min_days, cr_min_dur)
             for name, asked in (("QUALRSP", confirm), ("QUALCNF", True))}  # fmt: skip
    return counted.assign(**worth)
