"""Records that show a subject alive (clarification 3)."""

from __future__ import annotations

import pandas as pd

from adam.derive.alive_records import seen_alive
from adam.derive.merge import derive_vars_supp
from pipeline.ground.clauses import meeting
from pipeline.ground.course import AliveSource

KEYS = ["STUDYID", "USUBJID", "LALVDOM", "LALVVAR", "LALVSEQ"]


def alive(alive_sources: tuple[AliveSource, ...], **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject, domain and date of the records that alive.yaml names; unknown or not done is none."""
    shown = [_shown(one, named[one.of], named.get(f"supp{one.of}")) for one in alive_sources]
    none = pd.DataFrame(columns=[*KEYS, "DATE"])
    return pd.concat(shown or [none], ignore_index=True).drop_duplicates(KEYS)


def _shown(one: AliveSource, records: pd.DataFrame, supp: pd.DataFrame | None) -> pd.DataFrame:
    """What one entry shows; its date is a variable of the domain, or a qualifier of its records (QVAL of SUPP--)."""
    if supp is None or one.date in records.columns:
        return seen_alive(meeting(records, one.where, "alive.yaml"), one.of.upper(), one.date)
    dated = derive_vars_supp(records, supp, [one.date], f"{one.of.upper()}SEQ")
    shown = seen_alive(meeting(dated, one.where, "alive.yaml"), one.of.upper(), one.date)
    return shown.assign(LALVDOM="SUPP" + shown["LALVDOM"], LALVVAR="QVAL")
