"""What numbers the records of an analysis dataset: their place, that of their parameter, and the day they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from adam.derive.dates import study_day


def derive_vars_numbers(
    records: pd.DataFrame, asked: Sequence[str], places: Mapping[str, int], categories: Mapping[str, str]
) -> pd.DataFrame:
    """The records with those of ASEQ, PARCAT1, PARAMN and ADY that are asked; same records in the same order.

    ASEQ counts the records of a subject as they stand; `places` and `categories` are by PARAMCD, a category of those
    without their own stands under ""; ADY counts from the first treatment (TRTSDT). Source: ADaMIG 1.3.
    """
    made = {
        "ASEQ": lambda: records.groupby("USUBJID", sort=False).cumcount() + 1,
        "PARCAT1": lambda: records["PARAMCD"].map(categories).fillna(categories.get("", np.nan)).astype("str"),
        "PARAMN": lambda: records["PARAMCD"].map(places).astype("float64"),
        "ADY": lambda: study_day(records["ADT"], records["TRTSDT"]),
    }
    return records.assign(**{name: made[name]() for name in asked})
