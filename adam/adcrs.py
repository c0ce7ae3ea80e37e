"""ADCRS: grade, onset, duration and treatment of CRS and ICANS (analysis plan 3.6, clarifications 12, 13, 21)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import neg, pos

import pandas as pd

from adam.derive.dates import add_days, days_from, latest, overlaps, possible_days
from adam.derive.flags import members, yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme
from adam.toxicity.episodes import first_episodes


@dataclass(frozen=True)
class Toxicity:
    """One of the two toxicities: how its records are told, and the names of its parameters."""

    name: str
    flag: str
    indication: str
    cited: str
    codes: dict[str, str]


CRS = Toxicity("CRS", "CRSFL", "CYTOKINE RELEASE SYNDROME", r"\bCRS\b|CYTOKINE RELEASE", {
    "max": "CRSMAXGR", "onset": "CRSONS", "duration": "CRSDUR", "tocilizumab": "CRSTOCI", "steroid": "CRSSTER",
    "derived": "CRSDERGR", "daily": "CRSDAYGR",
})
ICANS = Toxicity("ICANS", "ICANSFL", "ICANS", r"\bICANS\b|NEUROTOXICITY", {
    "max": "ICANSMAX", "onset": "ICANSONS", "duration": "ICANSDUR", "tocilizumab": "ICANSTOC", "steroid": "ICANSSTE",
    "derived": "ICADERGR", "daily": "ICADAYGR", "ice": "ICEMIN",
})

def adcrs(
    adae: pd.DataFrame, cm: pd.DataFrame, daily_grades: pd.DataFrame, subjects: pd.DataFrame, infused_set: pd.DataFrame,
    crs_gap: int, crs_window_low: int, crs_window_high: int, crs_scale: str,
) -> pd.DataFrame:
    """One record per infused subject per parameter, for CRS and for ICANS.

    1. Maximum grade over the adverse events in the window; fatal is 5; 0 without any event.
    2. Onset counts the infusion day as 1; duration is that of the first merged episode. Both are missing when the event
       began on a partial date, duration also when it ended on one.
    3. A duration is censored (DURCNSR Y) when the episode is ongoing or ended with death.
    4. Tocilizumab and steroids given for the toxicity within the window.
    5. Maximum grade from the daily components, and as graded daily, beside the first.
    """
    people = derive_vars_merged(members(infused_set, "INFFL"), subjects, ["CARTSDT", "DTHDT", "DTHCAUS", "LSTALVDT"])
    window = (crs_window_low, crs_window_high)
    parts = []
    for toxicity in (CRS, ICANS):
        parts += _from_events(people, adae, toxicity, crs_gap, crs_window_low)
        parts += [_treated(people, cm, toxicity, kind, window) for kind in ("tocilizumab", "steroid")]
        parts += _from_days(people, daily_grades[daily_grades["TOXICITY"] == toxicity.name], toxicity, window)
    records = pd.concat(parts)
    text = records["AVAL"].map(lambda value: f"{value:g}", na_action="ignore").astype("str")
    return records.assign(
        AVALC=records["AVALC"].fillna(text), CARTDY=days_from(records["ADT"], records["CARTSDT"]), TOXSCALE=crs_scale
    )


def _parameter(people: pd.DataFrame, toxicity: Toxicity, kind: str, **columns: object) -> pd.DataFrame:
    """One record per infused subject of one parameter."""
    return people.assign(PARAMCD=toxicity.codes[kind], **columns)


def _from_events(
    people: pd.DataFrame, adae: pd.DataFrame, toxicity: Toxicity, gap: int, window_low: int
) -> list[pd.DataFrame]:
    """Maximum grade, onset and duration from the adverse events."""
    events = adae[(adae[toxicity.flag] == "Y") & (adae["TOXWINFL"] == "Y")]
    events = derive_vars_merged(events.drop(columns=["SRCDOM", "SRCVAR", "SRCSEQ"]), people, ["CARTSDT", "DTHCAUS"])
    earliest = add_days(events["CARTSDT"], window_low)
    cited = events["DTHCAUS"].str.upper().str.contains(toxicity.cited, na=False)
    events = events.assign(
        ASTDT=latest(events["ASTDT"], earliest),
        ASTDTF=events["ASTDTF"].mask(events["ASTDT"].isna(), "Y"),
        FATAL=yes_no(events["AEOUT"].eq("FATAL")),
        GRADE=events["AETOXGRN"].mask(cited, 5),
    )
    worst = filter_extreme(events.assign(RANK=-events["GRADE"]), ["USUBJID"], ["RANK", "ASTDT", "AESEQ"])
    graded = derive_vars_merged(people, worst, {"GRADE": "GRADE", "WORSTDT": "ASTDT", "WORSTSEQ": "AESEQ"})
    none = graded["WORSTSEQ"].isna()
    maximum = _parameter(
        graded, toxicity, "max", AVAL=graded["GRADE"].mask(none, 0), ADT=graded["WORSTDT"],
        **_source("AE", "AETOXGR", graded["WORSTSEQ"]),
    )
    return [maximum, *_onset_and_duration(people, first_episodes(events, gap), toxicity)]


def _onset_and_duration(people: pd.DataFrame, first: pd.DataFrame, toxicity: Toxicity) -> list[pd.DataFrame]:
    """Onset day and duration of the first merged episode; an end before its start leaves the duration missing."""
    names = {"START": "ASTDT", "END": "AENDT", "STARTDTF": "ASTDTF", "ENDDTF": "AENDTF", "SEQ": "AESEQ"}
    names |= {"FATAL": "FATAL"}
    begun = derive_vars_merged(people, first, names)
    start = begun["START"].where(begun["STARTDTF"].isna())
    died = begun["FATAL"].eq("Y") | (begun["END"] >= begun["DTHDT"])
    censored = begun["END"].isna() | died
    stop = begun["END"].fillna(begun["DTHDT"].fillna(begun["LSTALVDT"]))
    usable = (begun["ENDDTF"].isna() | censored) & ~(begun["END"] < start)
    duration = days_from(latest(stop, start).where(usable & stop.notna()), start) + 1
    onset = _parameter(
        begun, toxicity, "onset", AVAL=days_from(start, begun["CARTSDT"]) + 1, ADT=start,
        **_source("AE", "AESTDTC", begun["SEQ"]),
    )
    length = _parameter(
        begun, toxicity, "duration", AVAL=duration, ADT=start, DURCNSR=yes_no(censored).where(duration.notna()),
        **_source("AE", "AEENDTC", begun["SEQ"]),
    )
    return [onset, length]


def _treated(
    people: pd.DataFrame, cm: pd.DataFrame, toxicity: Toxicity, kind: str, window: tuple[int, int]
) -> pd.DataFrame:
    """Whether a drug of this kind was given for the toxicity within the window."""
    category = {"tocilizumab": "TOCILIZUMAB", "steroid": "CORTICOSTEROID"}[kind]
    given = cm[(cm["CMCAT"] == "CRS-ICANS TREATMENT") & (cm["CMSCAT"] == category)]
    given = derive_vars_merged(given[given["CMINDC"] == toxicity.indication], people, ["CARTSDT"])
    days = possible_days(given["CMSTDTC"])
    start, end = (add_days(given["CARTSDT"], day) for day in window)
    given = given.assign(DATE=days["FIRST"])[overlaps(days["FIRST"], days["LAST"], start, end)]
    first_given = derive_vars_merged(people, given, {"DATE": "DATE", "SEQ": "CMSEQ"}, order=["DATE", "CMSEQ"])
    answer = yes_no(first_given["SEQ"].notna())
    return _parameter(
        first_given, toxicity, kind, AVAL=answer.map({"Y": 1.0, "N": 0.0}), AVALC=answer, ADT=first_given["DATE"],
        **_source("CM", "CMSTDTC", first_given["SEQ"]),
    )


def _from_days(
    people: pd.DataFrame, days: pd.DataFrame, toxicity: Toxicity, window: tuple[int, int]
) -> list[pd.DataFrame]:
    """Maximum of the daily grades (as derived, as given) and the lowest ICE score within the window."""
    dated = derive_vars_merged(days, people, ["CARTSDT"])
    inside = dated[days_from(dated["ADT"], dated["CARTSDT"]).between(*window)]
    kinds: dict[str, tuple[str, Callable[[pd.Series], pd.Series]]] = {
        "derived": ("DERGR", neg), "daily": ("INVGR", neg), "ice": ("ICE", pos),
    }
    parts = []
    for kind, (variable, signed) in ((kind, how) for kind, how in kinds.items() if kind in toxicity.codes):
        ranked = inside.assign(RANK=signed(inside[variable])).dropna(subset=["RANK"])
        names = {"VALUE": variable, "DATE": "ADT", "DOMAIN": "SRCDOM", "SEQ": "SEQ"}
        worst = derive_vars_merged(people, ranked, names, order=["RANK", "ADT"])
        variable_name = worst["DOMAIN"].map({"FA": "FASTRESC", "QS": "QSSTRESC"})
        parts.append(_parameter(
            worst, toxicity, kind, AVAL=worst["VALUE"], ADT=worst["DATE"], SRCDOM=worst["DOMAIN"],
            SRCVAR=variable_name, SRCSEQ=worst["SEQ"],
        ))
    return parts


def _source(domain: str, variable: str, seq: pd.Series) -> dict[str, pd.Series]:
    """SRCDOM, SRCVAR and SRCSEQ where there is a record."""
    known = seq.notna()
    return {
        "SRCDOM": pd.Series(domain, seq.index, dtype="str").where(known),
        "SRCVAR": pd.Series(variable, seq.index, dtype="str").where(known), "SRCSEQ": seq,
    }
