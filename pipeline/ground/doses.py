"""Which records of exposure are doses given."""

import pandas as pd

PLACEBO = "PLACEBO"


def is_given(dose: pd.Series, treatment: pd.Series) -> pd.Series:
    """True for a dose above 0 or without an amount; a dose of 0 is none, but of placebo it is what is given.

    Source: SDTMIG 3.4, 6.1.3 (EX): placebo is EXTRT PLACEBO with EXDOSE 0.
    """
    return ~(pd.to_numeric(dose, errors="coerce") <= 0) | treatment.str.upper().eq(PLACEBO).fillna(False)
