"""Which records of exposure are doses given, and in which treatment period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.derive.flags import yes_no
from pipeline.ground.doses import is_given


def doses_given(ex: pd.DataFrame) -> pd.DataFrame:
    """The records of EX that are doses: a dose of 0 is none (but of placebo), one without an amount is one."""
    return ex[given(ex)]


def given(ex: pd.DataFrame) -> pd.Series:
    """True for the records of EX that are doses given."""
    return is_given(ex["EXDOSE"], ex["EXTRT"])


def in_one_unit(doses: pd.DataFrame, amount: str, unit: str, by: list[str]) -> pd.DataFrame:
    """Per by group the sum (SUM) and unit (UNIT) of doses; blank where units or products (EXTRT) differ.

    Doses are never added over products: MANY is Y in such a group.
    """
    grouped = doses.groupby(by, sort=True)
    many = (grouped["EXTRT"].nunique() > 1) | (grouped[unit].nunique() > 1)
    total = grouped[amount].agg(lambda values: values.sum(min_count=1)).where(~many, np.nan)
    return pd.DataFrame({"SUM": total, "UNIT": grouped[unit].first(), "MANY": yes_no(many)}).reset_index()
