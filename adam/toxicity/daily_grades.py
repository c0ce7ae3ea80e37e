"""CRS and ICANS grades of each day from the components recorded that day (analysis plan 3.1, 3.2)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.astct_crs import daily_crs_grade
from adam.criteria.astct_icans import icans_grade
from adam.derive.dates import possible_days

CRS_ITEMS = ["TMAX", "ANTIPYR", "ANTICYT", "HYPOT", "NPRESSOR", "VASOPRES", "O2MODE", "O2FLOW", "O2REAS", "CRSGR"]
ICANS_ITEMS = ["LOC", "SEIZ", "MOTOR", "ICP", "ICANSGR"]
ICE_ITEMS = ["ICETOT", "ICEUNA"]
KEYS = ["STUDYID", "USUBJID", "ADT", "NTH"]


def daily_grades(
    fa: pd.DataFrame, qs: pd.DataFrame, vasopressin_alone_grade: int, crs_gap: int, crs_antipyretics: bool
) -> pd.DataFrame:
    """One record per subject, toxicity (CRS, ICANS), day and assessment of the day (NTH).

    DERGR is the grade that follows from the components, INVGR the grade the investigator gave, ICE the lowest score.
    ICANS days are those of the ICE and of the ICANS assessment together.
    """
    crs = _wide(fa[fa["FACAT"] == "CRS ASSESSMENT"], "FA", CRS_ITEMS)
    crs = crs.assign(
        TOXICITY="CRS", SRCDOM="FA", SRCVAR="FASTRESC", INVGR=pd.to_numeric(crs["CRSGR"], errors="coerce"),
        DERGR=daily_crs_grade(
            crs, vasopressin_alone_grade=vasopressin_alone_grade, crs_gap=crs_gap, antipyretics=crs_antipyretics
        ),
    )
    return pd.concat([crs, _icans_days(fa, qs)])


def _icans_days(fa: pd.DataFrame, qs: pd.DataFrame) -> pd.DataFrame:
    """ICANS days; a day with an ICE test and no ICANS form had nothing to record on it, unless the test says unable."""
    days = _wide(fa[fa["FACAT"] == "ICANS ASSESSMENT"], "FA", ICANS_ITEMS)
    ice = _wide(qs[qs["QSCAT"] == "ICE"], "QS", ICE_ITEMS)
    both = ice.merge(days, on=KEYS, how="outer", suffixes=("_ICE", ""))
    no_form = both["SRCSEQ"].isna()
    signs = {name: both[name].mask(no_form, "0") for name in ("SEIZ", "MOTOR", "ICP")}
    signs["LOC"] = both["LOC"].mask(no_form & ~both["ICEUNA"].eq("Y"), "0")
    return both[KEYS].assign(
        TOXICITY="ICANS", INVGR=pd.to_numeric(both["ICANSGR"], errors="coerce"),
        ICE=pd.to_numeric(both["ICETOT"], errors="coerce"),
        DERGR=icans_grade(both["ICETOT"], both["ICEUNA"], signs["LOC"], signs["SEIZ"], signs["MOTOR"], signs["ICP"]),
        SRCSEQ=both["SRCSEQ"].fillna(both["SRCSEQ_ICE"]), SRCDOM=no_form.map({True: "QS", False: "FA"}),
        SRCVAR=no_form.map({True: "QSSTRESC", False: "FASTRESC"}),
    )


def _wide(records: pd.DataFrame, domain: str, items: list[str]) -> pd.DataFrame:
    """One record per subject, day and assessment of the day (NTH): its results as columns, SRCSEQ of its first."""
    days = records.assign(ADT=possible_days(records[f"{domain}DTC"])["FIRST"]).dropna(subset=["ADT"])
    days = days[days[f"{domain}TESTCD"].isin(items)].sort_values(["USUBJID", f"{domain}SEQ"])
    days = days.assign(NTH=days.groupby(["USUBJID", "ADT", f"{domain}TESTCD"]).cumcount())
    wide = days.pivot(index=KEYS, columns=f"{domain}TESTCD", values=f"{domain}STRESC").reindex(columns=items)
    seq = days.groupby(KEYS)[f"{domain}SEQ"].min().rename("SRCSEQ")
    return wide.join(seq).reset_index()
