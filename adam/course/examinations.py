"""Examinations that show a subject alive (clarification 3)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import overall_category
from adam.derive.seen import seen_alive

DAILY = ["CRS ASSESSMENT", "ICANS ASSESSMENT"]


def examinations(
    vs: pd.DataFrame, lb: pd.DataFrame, pc: pd.DataFrame, mi: pd.DataFrame, rs: pd.DataFrame, tr: pd.DataFrame,
    fa: pd.DataFrame, qs: pd.DataFrame,
) -> pd.DataFrame:
    """One record per subject, kind and day of vital signs, samples, scans and daily assessments; not done is none."""
    assessed = overall_category(rs) & rs["RSSTRESC"].notna() & rs["RSSTRESC"].ne("ND")
    return pd.concat([
        seen_alive(vs, "VS"), seen_alive(lb, "LB"), seen_alive(pc, "PC"), seen_alive(mi, "MI"),
        seen_alive(rs[assessed], "RS"), seen_alive(tr[tr["TRSTRESC"].notna()], "TR"),
        seen_alive(fa[fa["FACAT"].isin(DAILY)], "FA"), seen_alive(qs[qs["QSCAT"] == "ICE"], "QS"),
    ])
