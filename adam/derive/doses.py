"""Which records of exposure are doses given."""

from __future__ import annotations

import pandas as pd


def doses_given(ex: pd.DataFrame) -> pd.DataFrame:
    """The records of EX that are doses: a dose of 0 is none, one given without a recorded amount is one."""
    return ex[ex["EXDOSE"].isna() | ex["EXDOSE"].gt(0)]
