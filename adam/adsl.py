"""ADSL: the subjects, what they were like, and all that is asked of them once."""

from __future__ import annotations

import pandas as pd

from adam.derive.conditions import people_of


def adsl(
    subjects: pd.DataFrame, baseline: pd.DataFrame, standing: pd.DataFrame, **named: pd.DataFrame
) -> pd.DataFrame:
    """One record per subject of DM; `named` are the analysis sets (flag, and reason of who is out) and the conditions.

    Whatever sets.yaml and conditions.yaml declare of subjects stands here under its name, also in the place of a
    variable that `baseline` or `standing` has.
    """
    return people_of(subjects, named | {"baseline": baseline, "standing": standing})
