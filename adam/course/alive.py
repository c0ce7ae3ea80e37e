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
    """What one entry shows; its date is a variable of the domain, or a qualifier of its records."""
    qualified = supp is not None and one.date not in records.columns
    dated = derive_vars_supp(records, supp, [one.date], f"{one.of.upper()}SEQ") if qualified else records
    return seen_alive(meeting(dated, one.where, "alive.yaml"), one.of.upper(), one.date)
