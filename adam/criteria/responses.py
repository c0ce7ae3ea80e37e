"""The categories of an overall response, their order, and which of them count (analysis plan 2.6, 2.7)."""

from __future__ import annotations

import pandas as pd

# From best to worst; CRh, CRi, MLFS, NR (no response) and REL (relapse) are of leukaemia (analysis plan 2.6).
ORDER = {
    "CR": 1, "CRh": 1.1, "CRH": 1.1, "CRi": 1.2, "CRI": 1.2, "MLFS": 1.3, "PR": 2, "SD": 3, "NR": 3,
    "IR1": 3.5, "IR2": 3.5, "IR3": 3.5, "PD": 4, "REL": 4,
    "NE": 5, "MISSING": 6, "ND": 7,
}  # fmt: skip
EVALUABLE = tuple(response for response, rank in ORDER.items() if rank <= ORDER["PD"])
REMISSIONS = ("CR", "CRh", "CRH", "CRi", "CRI")
RESPONSES = (*REMISSIONS, "PR")
PROGRESSIONS = ("PD", "REL")
INDETERMINATE = ("IR1", "IR2", "IR3")  # of LYRIC


def overall_category(rs: pd.DataFrame) -> pd.Series:
    """True for records of a response category that has an overall response, whatever criteria it names."""
    return rs["RSCAT"].isin(rs.loc[rs["RSTESTCD"] == "OVRLRESP", "RSCAT"])
