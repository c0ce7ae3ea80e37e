"""Visits as they were held: each has one number in all domains, unscheduled ones go by time (SDTMIG 3.4, 4.4.5)."""

import pandas as pd

from pipeline.ground.dates import day_of, is_complete

UNSCHEDULED = "UNSCHEDULED"
HELD = ["STUDYID", "USUBJID", "VISITNUM", "VISIT", "DTC"]
IN_A_BLOCK = 99
READS = {"": (*HELD[:-1], "--DTC", "--STDTC")}  # of what is mapped to any domain


def subject_visits(visits: pd.DataFrame, visited: tuple[str, ...], **named: pd.DataFrame) -> pd.DataFrame:
    """One record per subject, visit as collected and date of its records: the visit's number and name.

    1. A planned visit has the number and name of visits.csv, on however many days it was held. 2. An unscheduled visit
    is one day, whoever tells of it. It has the number of the visit before it that has a PLANNED_DAY or is planned
    before the treatment (PREFL), and behind the point its place among those that follow that visit: 10.01, 10.02.
    3. A visit with an ANCHOR but without a PLANNED_DAY is planned for many days: each is a visit, 6.01, 6.02.
    4. Without a complete date the last two keep their number of visits.csv. `visited`: the domains that tell visits.
    """
    held = _held([_dated(named[f"{domain}_mapped"], domain.upper()) for domain in visited])
    plan = visits.assign(VISITNUM=pd.to_numeric(visits["VISITNUM"])).drop_duplicates("VISITNUM").set_index("VISITNUM")
    named_so = held["VISITNUM"].map(plan["VISIT"]).astype("str")
    held["VISITRAW"], held["VISIT"] = held["VISIT"], named_so.fillna(held["VISIT"])
    free = held["VISIT"].eq(UNSCHEDULED)
    daily = held["VISITNUM"].map(plan["ANCHOR"].notna() & plan["PLANNED_DAY"].isna()).eq(True)
    by_day = (free | daily) & is_complete(held["DTC"])
    ordered = held["VISITNUM"].map(plan["PLANNED_DAY"].notna() | plan["PREFL"].eq("Y")).eq(True)
    numbered = _numbered(held[by_day], _number_before(held[by_day], held[ordered]).where(free[by_day]))
    for name in ("VISITNUM", "VISIT"):
        held[name] = numbered[name].reindex(held.index).fillna(held[name])
    return held.assign(PLANFL=pd.Series("N", index=held.index, dtype="str").where(free | daily, "Y"))


def with_visits(records: pd.DataFrame, domain: str, subject_visits: pd.DataFrame) -> pd.DataFrame:
    """The records with VISITNUM and VISIT as numbered; a link group that is the visit as collected goes with it."""
    if "VISITNUM" not in records:
        return records
    moved = subject_visits[subject_visits["VISIT"] != subject_visits["VISITRAW"]]
    asked = records.loc[records["VISIT"].isin(moved["VISITRAW"]), ["USUBJID", "VISIT"]]
    key = asked.assign(DTC=_day(records, domain)).rename(columns={"VISIT": "VISITRAW"})
    found = key.merge(moved, on=["USUBJID", "VISITRAW", "DTC"], how="left").set_index(key.index)
    group = f"{domain}LNKGRP"
    names = ["VISITNUM", "VISIT", *([group] if group in records else [])]
    made = records.copy()
    for name in names:
        value = found["VISITNUM" if name == "VISITNUM" else "VISIT"].dropna()
        if name == group:
            value = value[records.loc[value.index, group] == records.loc[value.index, "VISIT"]]
        made.loc[value.index, name] = value.astype(records[name].dtype)
    return made


def _dated(records: pd.DataFrame, domain: str) -> pd.DataFrame:
    return records.reindex(columns=HELD[:-1]).assign(DTC=_day(records, domain))


def _day(records: pd.DataFrame, domain: str) -> pd.Series:
    """The date of the records of a domain without its time, as far as it is known."""
    date = next((name for name in (f"{domain}DTC", f"{domain}STDTC") if name in records), None)
    empty = pd.Series(None, index=records.index, dtype="str")
    return day_of(records[date] if date else empty)


def _held(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The visits of all domains as collected, each date once."""
    every = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=HELD, dtype="str")])
    every = every.assign(VISITNUM=pd.to_numeric(every["VISITNUM"]))
    known = every[every["VISITNUM"].notna()].drop_duplicates()
    return known.sort_values(["USUBJID", "VISITNUM", "DTC", "VISIT"], ignore_index=True)


def _number_before(days: pd.DataFrame, planned: pd.DataFrame) -> pd.Series:
    """The number of the planned visit that began last on or before each day, 0 before the first."""
    dated = planned[is_complete(planned["DTC"])]
    starts = dated.groupby(["USUBJID", "VISITNUM"], as_index=False)["DTC"].min()
    left, right = (part.assign(_on=pd.to_datetime(part["DTC"]).astype("datetime64[s]")) for part in (days, starts))
    left = left[["USUBJID", "_on"]].sort_values("_on", kind="stable")
    right = right[["USUBJID", "_on", "VISITNUM"]].sort_values(["_on", "VISITNUM"])
    found = pd.merge_asof(left, right, on="_on", by="USUBJID").set_axis(left.index)
    return found["VISITNUM"].astype("float64").fillna(0.0).reindex(days.index)


def _numbered(days: pd.DataFrame, before: pd.Series) -> pd.DataFrame:
    """VISITNUM and VISIT of days that are visits: behind the planned visit before them, else their own number."""
    base = before.fillna(days["VISITNUM"])
    order = days.assign(_base=base).groupby(["USUBJID", "_base", "VISIT"])["DTC"].rank("dense").astype("int64")
    digits = order.map({place: _behind(place) for place in order.unique()}).astype("str")
    whole = base.map({number: f"{number:g}" for number in base.unique()}).astype("str")
    text = whole + digits.where(whole.str.contains(".", regex=False), "." + digits)
    return pd.DataFrame({"VISITNUM": text.astype("float64"), "VISIT": days["VISIT"] + " " + text}, index=days.index)


def _behind(place: int) -> str:
    """Digits that keep the order however many there are: 01 to 99, then 9901; so none is the next visit's number."""
    blocks, rest = divmod(place - 1, IN_A_BLOCK)
    return str(IN_A_BLOCK) * blocks + f"{rest + 1:02d}"
