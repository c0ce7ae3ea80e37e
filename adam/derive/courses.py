"""The samples of cellular kinetics as courses: what is one series of results, in the order of its time."""

from __future__ import annotations

import pandas as pd

COURSE = ["USUBJID", "PARAMCD", "PCSPEC", "PCMETHOD"]  # subject, analyte, specimen, assay


def courses(samples: pd.DataFrame) -> pd.DataFrame:
    """The samples that count (ANL01FL is Y), one each, in the order of course, day, clock time and PCSEQ.

    Added is what the criteria ask for: COURSE (its number), TIME (elapsed days), VALUE, LLOQ.
    """
    counted = samples[samples["ANL01FL"] == "Y"]
    number = counted.groupby(COURSE, dropna=False, sort=True).ngroup()
    told = counted.assign(COURSE=number, TIME=counted["AFRLT"], VALUE=counted["AVAL"], LLOQ=counted["ALLOQ"])
    return told.sort_values(["COURSE", "TIME", "PCDTC", "PCSEQ"])
