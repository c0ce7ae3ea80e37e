"""What happened, among what was asked for: a domain also holds the answers No (--OCCUR is N)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def occurred(records: pd.DataFrame, domain: str) -> pd.DataFrame:
    """The records of a domain without those whose --OCCUR is N: asked for, and answered that it did not happen.

    Source: SDTMIG 3.4, 4.2.7 (pre-specified events and interventions).
    """
    name = f"{domain}OCCUR"
    if name not in records.columns or not records[name].eq("N").any():
        return records
    return records[~records[name].eq("N")].reset_index(drop=True)
