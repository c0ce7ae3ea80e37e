"""ADFA: what was recorded once of each subject (disease history, earlier treatment, recorded outcomes)."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.flags import derive_var_extreme_flag

DAILY, OF_EVENTS = ("CRS ASSESSMENT", "ICANS ASSESSMENT"), "OCCUR"


def adfa(fa: pd.DataFrame) -> pd.DataFrame:
    """One record per finding about the subject: not the daily toxicity assessments, nor whether an event occurred.

    AVAL is the result as a number where it is one. ANL01FL marks the first record of a subject and parameter, so that a
    characteristic counts once.
    """
    recorded = fa[~fa["FACAT"].isin(DAILY) & fa["FATESTCD"].ne(OF_EVENTS)]
    recorded = recorded.assign(
        PARCAT1=recorded["FACAT"], PARAMCD=recorded["FATESTCD"], PARAM=recorded["FATEST"], AVALC=recorded["FASTRESC"],
        AVAL=recorded["FASTRESN"].fillna(pd.to_numeric(recorded["FASTRESC"], errors="coerce")),
        ADT=possible_days(recorded["FADTC"])["FIRST"], ASEQ=recorded["FASEQ"],
        SRCDOM="FA", SRCVAR="FASTRESC", SRCSEQ=recorded["FASEQ"],
    )
    everyone = pd.Series(True, index=recorded.index)
    return derive_var_extreme_flag(recorded, ["USUBJID", "PARCAT1", "PARAMCD"], ["ASEQ"], "ANL01FL", everyone)
