"""The adverse events that the investigator ticked as dose-limiting."""

from __future__ import annotations

import pandas as pd

from adam.derive.merge import derive_vars_supp
from adam.toxicity.dlt import ticked


def dlt_ticks(ae: pd.DataFrame, suppae: pd.DataFrame) -> pd.DataFrame:
    """One record per adverse event ticked as DLT: the days on which it may have begun and reached its maximum grade."""
    return ticked(derive_vars_supp(ae, suppae, ["DLTYN", "AEMXDTC"], "AESEQ"))
