"""When each subject died or was last known alive (clarifications 3, 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.merge import filter_extreme
from adam.derive.response import overall_category


def survival_status(
    dm: pd.DataFrame, dd: pd.DataFrame, ss: pd.DataFrame, vs: pd.DataFrame, lb: pd.DataFrame, pc: pd.DataFrame,
    mi: pd.DataFrame, rs: pd.DataFrame, tr: pd.DataFrame, fa: pd.DataFrame, qs: pd.DataFrame, ex: pd.DataFrame,
    pr: pd.DataFrame, suppds: pd.DataFrame, cutoff: str, lstalv_leuk: bool,
) -> pd.DataFrame:
    """One record per subject of DM: death, and the latest record that shows the subject alive.

    1. Sources: contact with status alive, vital signs, samples, scans, daily assessments, dosing, last contact on the
       end-of-study form. Adverse events, medications and contacts with status unknown do not count.
       Leukapheresis counts when LSTALV_LEUK is Y.
    2. A record after the data cut is ignored, not moved; one after the death counts as the day of death.
    3. Death comes from the death report alone; its partial date is the last contact within the possible days.
    """
    records = pd.concat([
        _dated(ss[ss["SSSTRESC"] == "ALIVE"], "SS"),
        _dated(vs, "VS"), _dated(lb, "LB"), _dated(pc, "PC"), _dated(mi, "MI"),
        _dated(rs[overall_category(rs) & rs["RSSTRESC"].notna() & rs["RSSTRESC"].ne("ND")], "RS"),
        _dated(tr[tr["TRSTRESC"].notna()], "TR"),
        _dated(fa[fa["FACAT"].isin(["CRS ASSESSMENT", "ICANS ASSESSMENT"])], "FA"),
        _dated(qs[qs["QSCAT"] == "ICE"], "QS"),
        _dated(ex[ex["EXDOSE"].isna() | ex["EXDOSE"].gt(0)], "EX", "EXSTDTC"),
        _dated(pr[pr["PRCAT"].eq("LEUKAPHERESIS") & lstalv_leuk], "PR", "PRSTDTC"),
        _last_contact(suppds),
    ], ignore_index=True)
    records = records[records["DATE"] <= pd.Timestamp(cutoff)]
    deaths = _deaths(dd, records)
    ordered = records.merge(deaths[["USUBJID", "DTHDT"]], on="USUBJID", how="left")
    ordered = ordered.assign(DATE=ordered["DATE"].mask(ordered["DATE"] > ordered["DTHDT"], ordered["DTHDT"]))
    alive = filter_extreme(ordered, ["USUBJID"], ["DATE", "RANK", "LALVSEQ"], "last")
    alive = alive.rename(columns={"DATE": "LSTALVDT"})
    subjects = dm[["STUDYID", "USUBJID"]].merge(deaths, on="USUBJID", how="left")
    return subjects.merge(alive[["USUBJID", "LSTALVDT", "LALVDOM", "LALVVAR", "LALVSEQ"]], on="USUBJID", how="left")


def _dated(records: pd.DataFrame, domain: str, variable: str = "") -> pd.DataFrame:
    """The latest day per subject and date text, under common names; a partial date counts by its first possible day."""
    variable = variable or f"{domain}DTC"
    days = records.drop_duplicates(["USUBJID", variable])
    return pd.DataFrame({
        "USUBJID": days["USUBJID"], "DATE": possible_days(days[variable])["FIRST"], "LALVSEQ": days[f"{domain}SEQ"],
        "LALVDOM": pd.Series(domain, index=days.index, dtype="str"),
        "LALVVAR": pd.Series(variable, index=days.index, dtype="str"),
        "RANK": 1 if domain == "SS" else 0,
    })


def _last_contact(suppds: pd.DataFrame) -> pd.DataFrame:
    """The last contact named at the end of study."""
    contacts = suppds[suppds["QNAM"] == "LSTCTDTC"]
    return pd.DataFrame({
        "USUBJID": contacts["USUBJID"], "DATE": possible_days(contacts["QVAL"])["FIRST"],
        "LALVSEQ": pd.to_numeric(contacts["IDVARVAL"], errors="coerce"),
        "LALVDOM": pd.Series("DS", index=contacts.index, dtype="str"),
        "LALVVAR": pd.Series("LSTCTDTC", index=contacts.index, dtype="str"),
        "RANK": 0,
    })


def _deaths(dd: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """One record per dead subject: date, cause and category of the (first) death report."""
    first = filter_extreme(dd, ["USUBJID"], ["DDDTC", "DDSEQ"])[["USUBJID", "DDDTC", "DDSEQ"]]
    first = first.merge(records.groupby("USUBJID", as_index=False).agg(SEEN=("DATE", "max")), on="USUBJID", how="left")
    days, seen = possible_days(first["DDDTC"]), first["SEEN"]
    within = days["LAST"].where(seen > days["LAST"], seen.where(seen >= days["FIRST"], days["FIRST"]))
    partial = days["DTF"].notna()
    unknown = days["FIRST"].isna()
    death = pd.DataFrame({
        "USUBJID": first["USUBJID"], "DTHFL": "Y", "DTHSEQ": first["DDSEQ"],
        "DTHDT": days["FIRST"].mask(partial, within).mask(unknown, seen),
        "DTHDTF": pd.Series(np.where(unknown, "Y", days["DTF"]), index=first.index).where(unknown | partial),
    })
    cause, category = _result(dd, "PRCDTH", "DDORRES", "DTHCAUS"), _result(dd, "DTHCAT", "DDSTRESC", "DTHCGR1")
    return death.merge(cause, on="USUBJID", how="left").merge(category, on="USUBJID", how="left")


def _result(dd: pd.DataFrame, testcd: str, variable: str, name: str) -> pd.DataFrame:
    """One record per subject: the first result of one death detail."""
    chosen = filter_extreme(dd[dd["DDTESTCD"] == testcd], ["USUBJID"], ["DDDTC", "DDSEQ"])
    return chosen[["USUBJID", variable]].rename(columns={variable: name})
