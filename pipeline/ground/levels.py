"""Dose levels and arms: which one a text, a dose or a treatment given stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.ground import bounds
from pipeline.ground.metadata import Arm, DoseLevel


def level_told(told: pd.Series, levels: Mapping[str, DoseLevel]) -> pd.Series:
    """The number of the level that a text names; missing where it names none of the study's."""
    numbers = pd.to_numeric(told, errors="coerce")
    return numbers.where(numbers.isin([float(name) for name in levels])).astype("float64")


def level_of_dose(dose: pd.Series, unit: pd.Series, levels: Mapping[str, DoseLevel]) -> pd.Series:
    """The number of the level within whose bounds (both included) a dose in its unit lies; missing elsewhere."""
    found = pd.Series(np.nan, index=dose.index, dtype="float64")
    for name, level in levels.items():
        if level.low is not None and level.high is not None:
            within = bounds.at_least(dose, level.low) & bounds.at_most(dose, level.high)
            inside = dose.notna() & within & (unit.eq(level.unit) | (level.unit == ""))
            found = found.mask(found.isna() & inside.fillna(False).astype("bool"), float(name))
    return found


def whole_dose(doses: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """The dose that each record of EX is a portion of: the sum of the group's doses of its product and unit."""
    return doses.groupby([*by, "EXTRT", "EXDOSU"], dropna=False)["EXDOSE"].transform("sum", min_count=1)


def by_dose(levels: Mapping[str, DoseLevel]) -> bool:
    """True when the study tells its levels by the dose given."""
    return any(level.low is not None for level in levels.values())


def told_apart(arms: Sequence[Arm]) -> bool:
    """True when what was given tells the arm: some are of a level or of a product."""
    return any(arm.level or arm.product for arm in arms)


def arm_of(level: pd.Series, product: pd.Series | None, arms: Sequence[Arm]) -> pd.Series:
    """The code of the one arm of this level and product (an arm without either word is of any); missing if not one.

    Without products, arms that differ by product alone are not told apart.
    """
    code, matches = pd.Series(np.nan, index=level.index, dtype="str"), pd.Series(0, index=level.index)
    for arm in arms:
        fits = level.eq(float(arm.level)) if arm.level else pd.Series(True, index=level.index)
        if product is not None and arm.product:
            fits &= product.eq(arm.product).fillna(False).astype("bool")
        code, matches = code.mask(fits, arm.code), matches + fits
    return code.where(matches == 1)
