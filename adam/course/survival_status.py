"""When each subject died or was last known alive (clarifications 3, 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.derive.dates import earliest, latest, possible_days
from adam.derive.merge import filter_extreme
from pipeline.ground.course import ENROLMENT

# Of records of one day a contact (SS) is named, else the highest sequence number, else the later here.
DOMAINS = ("VS", "LB", "PC", "MI", "RS", "TR", "FA", "QS", "EX", "PR", "DS")


def survival_status(
    dm: pd.DataFrame, dd: pd.DataFrame, ds: pd.DataFrame, alive: pd.DataFrame, lstalv_for: str, cutoff: str
) -> pd.DataFrame:
    """One record per subject of DM: death, and the latest record that shows the subject alive.

    1. Sources: the records that alive.yaml names. Adverse events and medications do not count.
    2. A record after the data cut is ignored, not moved; one after the death counts as the day of death.
    3. Of subjects who were never enrolled it is blank where LSTALV_FOR is ENROLLED. DCUTDT is the data cut, for all.
    4. Death comes from the death report alone; its partial date is the last contact within the possible days.
    """
    records = alive[alive["DATE"] <= pd.Timestamp(cutoff)]
    deaths = _deaths(dd, records)
    ordered = records.merge(deaths[["USUBJID", "DTHDT"]], on="USUBJID", how="left")
    place = ordered["LALVDOM"].str.removeprefix("SUPP").map({domain: number for number, domain in enumerate(DOMAINS)})
    ordered = ordered.assign(
        DATE=earliest(ordered["DATE"], ordered["DTHDT"]),
        CONTACT=ordered["LALVDOM"] == "SS", PLACE=place,
    )
    last = filter_extreme(ordered, ["USUBJID"], ["DATE", "CONTACT", "LALVSEQ", "PLACE"], "last")
    last = last.rename(columns={"DATE": "LSTALVDT"})
    if lstalv_for == "ENROLLED":
        last = last[last["USUBJID"].isin(ds.loc[ds["DSDECOD"].isin(ENROLMENT), "USUBJID"])]
    subjects = dm[["STUDYID", "USUBJID"]].assign(DCUTDT=pd.Timestamp(cutoff)).merge(deaths, on="USUBJID", how="left")
    return subjects.merge(last[["USUBJID", "LSTALVDT", "LALVDOM", "LALVVAR", "LALVSEQ"]], on="USUBJID", how="left")


def _deaths(dd: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """One record per dead subject: date, cause and category of the (first) death report."""
    first = filter_extreme(dd, ["USUBJID"], ["DDDTC", "DDSEQ"])[["USUBJID", "DDDTC", "DDSEQ"]]
    first = first.merge(records.groupby("USUBJID").agg(SEEN=("DATE", "max")), on="USUBJID", how="left")
    days, seen = possible_days(first["DDDTC"]), first["SEEN"]
    within = earliest(latest(seen, days["FIRST"]), days["LAST"])
    partial = days["DTF"].notna()
    unknown = days["FIRST"].isna()
    death = pd.DataFrame({
        "USUBJID": first["USUBJID"], "DTHFL": "Y", "DTHSEQ": first["DDSEQ"],
        "DTHDT": days["FIRST"].mask(partial | unknown, within),
        "DTHDTF": pd.Series(np.where(unknown, "Y", days["DTF"]), index=first.index).where(unknown | partial),
    })
    cause, category = _result(dd, "PRCDTH", "DDORRES", "DTHCAUS"), _result(dd, "DTHCAT", "DDSTRESC", "DTHCGR1")
    return death.merge(cause, on="USUBJID", how="left").merge(category, on="USUBJID", how="left")


def _result(dd: pd.DataFrame, testcd: str, variable: str, name: str) -> pd.DataFrame:
    """One record per subject: the first result of one death detail."""
    chosen = filter_extreme(dd[dd["DDTESTCD"] == testcd], ["USUBJID"], ["DDDTC", "DDSEQ"])
    return chosen[["USUBJID", variable]].rename(columns={variable: name})
