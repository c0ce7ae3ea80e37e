"""Grades by a table of published criteria (`criteria/*.yaml`, `scale:`): its cases in order, the first that holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.ground.clauses import could_meet


def grade_by(days: pd.DataFrame, grades: Mapping[str, str]) -> pd.Series:
    """The grade of each record by the first case that holds, on the index of `days`.

    Missing where no case holds, and where something unknown could make it another: what is not known is taken once so
    that no case holds by it, and once so that every case might.
    """
    sides = [could_meet(days, clause) for clause in grades.values()]
    numbers = [float(grade) for grade in grades]
    low, high = (
        pd.Series(np.select([side[which].to_numpy(bool) for side in sides], numbers, np.nan), days.index)
        for which in (0, 1)
    )
    return low.where(low == high)
