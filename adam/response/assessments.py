"""The investigator's response time points, and which of them count (clarifications 6, 7, 19)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import EVALUABLE, overall_category
from adam.derive.dates import infusion_day, possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged
from adam.response.progression import first_progressions

POINT, PART = ("USUBJID", "VISIT", "RSDTC"), "RSSCAT"
PLANNED = "RSPWORD"
TESTS = {"METBRESP": "METABOL", "ANATRESP": "ANATOMIC", "NEWLIND": "NEWLES"}


def assessments(
    rs: pd.DataFrame, tr: pd.DataFrame, subjects: pd.DataFrame, ct: pd.DataFrame, bor_newtx: str
) -> pd.DataFrame:  # fmt: skip
    """One record per subject per response time point of the investigator.

    1. POSTFL: after the day of the first infusion.
    2. ADEQFL: after the infusion with any overall response that ranks, from CR to PD or REL; not NE.
    3. PDDT: first PD, of leukaemia also REL, after the infusion, dated back to an indeterminate response (LYRIC).
    4. IMGDT: the earliest date of the images of the point (lesions and PET), its own date without any.
    5. BORFL, counts for the best response: after the infusion, done, not on or after the start of a new anticancer
       therapy (BOR_NEWTX), not after PDDT.
    """
    recorded = rs[overall_category(rs) & (rs["RSEVAL"] == "INVESTIGATOR")]
    points = time_points(in_words_of_the_plan(recorded, ct), [*POINT])
    points = _imaged(points.assign(AVIDNEW=_proven(points, tr)), tr)
    dates = ["CARTSDT", "CARTSDY", "NACTDT"]
    points = derive_vars_merged(points, subjects, dates)
    points = points.assign(CARTDY=infusion_day(points["ADT"], points))
    post = points["ADT"] > points["CARTSDT"]
    adequate = post & points["OVERALL"].isin(EVALUABLE)
    points = derive_vars_merged(points, first_progressions(points[adequate], "OVERALL"), ["PDDT"])
    before = points["ADT"] <= points["NACTDT"] if bor_newtx == "ONBEFORE" else points["ADT"] < points["NACTDT"]
    counts = (
        post
        & points["OVERALL"].isin([*EVALUABLE, "NE"])
        & (points["NACTDT"].isna() | before)
        & ~(points["ADT"] > points["PDDT"])
    )
    return points.assign(POSTFL=yes_no(post), ADEQFL=yes_no(adequate), BORFL=yes_no(counts))


def in_words_of_the_plan(rs: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """Responses as the plan calls them (codelist RSPWORD: REL, MLFS, CRI), where that is not the term of SDTM."""
    words = ct[ct["codelist"] == PLANNED].drop_duplicates("collected", keep="last").set_index("collected")["submission"]
    return rs.assign(RSSTRESC=rs["RSSTRESC"].map(words).astype("str").fillna(rs["RSSTRESC"]))


def time_points(recorded: pd.DataFrame, point: list[str]) -> pd.DataFrame:
    """One record per overall response, with the other results of the same point (subject, visit, date, reader).

    What was read on one kind of image alone is of another subcategory (RSSCAT) and beside no overall response.
    """
    recorded, point = recorded.sort_values(["USUBJID", "RSSEQ"]), [*point, *recorded.columns.intersection([PART])]
    recorded = recorded.assign(NTH=recorded.groupby([*point, "RSTESTCD"], dropna=False).cumcount())
    overall = recorded[recorded["RSTESTCD"] == "OVRLRESP"]
    days = possible_days(overall["RSDTC"])
    overall = overall.assign(
        ADT=days["FIRST"], ADTF=days["DTF"], OVERALL=overall["RSSTRESC"], LNKGRP=overall["RSLNKGRP"]
    )
    for testcd, name in TESTS.items():
        others = recorded[recorded["RSTESTCD"] == testcd]
        overall = derive_vars_merged(overall, others, {name: "RSSTRESC"}, by_vars=[*point, "NTH"])
    return overall


def _imaged(points: pd.DataFrame, tr: pd.DataFrame) -> pd.DataFrame:
    """Add IMGDT."""
    images = pd.DataFrame({
        "USUBJID": tr["USUBJID"], "LNKGRP": tr["TRLNKGRP"], "DATE": possible_days(tr["TRDTC"])["FIRST"],
    }).dropna()  # fmt: skip
    first = images.groupby(["USUBJID", "LNKGRP"], as_index=False).agg(IMGDT=("DATE", "min"))
    dated = derive_vars_merged(points, first, ["IMGDT"], by_vars=["USUBJID", "LNKGRP"])
    return dated.assign(IMGDT=dated["IMGDT"].fillna(dated["ADT"]))


def _proven(points: pd.DataFrame, tr: pd.DataFrame) -> pd.Series:
    """Y where a new lesion of the same visit and date is FDG-avid or biopsy-proven, else N."""
    shown = tr[(tr["TRGRPID"] == "NEW") & tr["TRTESTCD"].isin(["FDGAVID", "NEWCONF"]) & tr["TRSTRESC"].eq("Y")]
    keys = pd.MultiIndex.from_frame(points[["USUBJID", "VISIT"]])
    return yes_no(pd.Series(keys.isin(pd.MultiIndex.from_frame(shown[["USUBJID", "VISIT"]])), index=points.index))
