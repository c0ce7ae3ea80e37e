"""ADDTOX: the grade of each day of the toxicities that are assessed daily (analysis plan 3)."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import infusion_day


def addtox(daily_grades: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """One record per infused subject, toxicity and day: of several assessments of a day that with the highest grade.

    AVAL is the grade that follows from the components, INVGR the highest that the investigator gave on the day.
    """
    people = subjects.loc[subjects["CARTSDT"].notna()]
    infused = people[["USUBJID", *(name for name in ("CARTSDT", "CARTSDY") if name in people.columns)]]
    by = ["USUBJID", "TOXICITY", "ADT"]
    days = daily_grades.merge(infused, on="USUBJID").assign(AVAL=lambda made: made["DERGR"])
    days = days.assign(INVGR=days.groupby(by)["INVGR"].transform("max"))
    highest_first = [*[True] * len(by), False, True]
    days = days.sort_values([*by, "AVAL", "NTH"], ascending=highest_first, kind="stable").drop_duplicates(by)
    return days.assign(
        PARAMCD=days["TOXICITY"], PARAM=days["TOXICITY"].astype("str") + " Grade of the Day",
        CARTDY=infusion_day(days["ADT"], days),
    )  # fmt: skip
