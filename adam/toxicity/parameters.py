"""ADCRS: grade, onset, duration and treatment of the toxicities of interest (analysis plan 3.6; toxicities.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pandas as pd

from adam.derive.clock import dosing_days
from adam.derive.conditions import people_of
from adam.derive.dates import days_from, infusion_day, latest
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme
from adam.toxicity.episodes import episode_asked, every_episode
from adam.toxicity.events import (
    begun_before_infusion,
    begun_in,
    in_window,
    is_told,
    records_seen,
    told_records,
    toxicity_events,
    unread_grades,
    with_dose_times,
)
from pipeline.ground.clauses import meets, names
from pipeline.ground.queries import gather
from pipeline.ground.toxicities import AskedParameter, ToldBy, Toxicity, ToxicityWindow
from pipeline.ground.words import value_text

SEEN = ("ADT", "ADT", "ADTHI")
SOURCE = ("SRCDOM", "SRCVAR", "SRCSEQ")
OF_SOME = {"DURCNSR": "str", "AENDT": "datetime64[s]", "EPISODE": "float64"}  # variables of some parameters
EPISODE = "episode"
OF_PEOPLE = ("STUDYID", "USUBJID", "CARTSDT", "CARTSDY", "LSTALVDT", "DTHDT")  # what a parameter looks at
Question: TypeAlias = tuple[str, ToxicityWindow | None, int | None, ToldBy | None]


@dataclass(frozen=True)
class ToxicitySetting:
    """One toxicity, its events, and what they are looked at by: infused subjects, datasets named, data cut, day 1."""

    toxicity: Toxicity
    events: pd.DataFrame
    people: pd.DataFrame
    named: Mapping[str, pd.DataFrame]
    doses: pd.DataFrame
    cutoff: pd.Timestamp
    onset_day: int
    once: dict[Question, pd.DataFrame] = field(default_factory=dict)  # what several parameters ask of the same events


def adcrs(
    subjects: pd.DataFrame, dosing: pd.DataFrame, period: int, cutoff: str, toxicities: tuple[Toxicity, ...],
    onset_day: int, onset_time: bool, fatal_grade: str, **named: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per infused subject and parameter of each toxicity of interest, of episodes one per episode; and
    findings of grades not read.

    1. An event counts when the days on which it may have begun meet the window of its toxicity.
    2. Maximum grade over these events; 0 without any. Onset and duration are those of the first merged episode (or of
       that with the worst grade); the infusion day has the number ONSET_DAY.
    3. A duration is censored (DURCNSR Y) when the episode is ongoing or ended with death.
    4. Episodes are those of all these events, in order; EPISODE is the number of one.
    5. What was given counts when it may have been within the window; of daily records the highest or lowest within it.
    """
    doses = dosing_days(dosing, period, "CELLS")
    records = {told.of for one in toxicities for told in (one.events, *(p.told for p in one.parameters)) if told}
    beside = {name: frame for name, frame in named.items() if name not in records and name[:4] != "supp"}
    people = people_of(subjects[subjects["CARTSDT"].notna()], beside)
    people = with_dose_times(people, doses, onset_time)
    named |= records_seen(records, people, named)
    asked = {*OF_PEOPLE, *(name for one in toxicities for told in one.parameters for name in names(told.among))}
    narrow = people[[name for name in people.columns if name in asked]]
    parts, unread = [], []
    for toxicity in toxicities:
        more = " and ".join(f"({where})" for asked in toxicity.parameters if (where := _part(asked)))
        events = toxicity_events(toxicity, named, fatal_grade, more)
        setting = ToxicitySetting(toxicity, events, narrow, named, doses, pd.Timestamp(cutoff), onset_day)
        parts += [_parameter(asked, setting) for asked in toxicity.parameters]
        unread.append(unread_grades(toxicity, events))
    records = pd.concat(parts) if parts else people.reindex(columns=["STUDYID", "USUBJID", *SOURCE]).head(0)
    text = records["AVAL"].map(value_text, na_action="ignore").astype("str")
    days = infusion_day(records["ADT"], records)
    others = [name for name in people.columns if name not in records.columns]
    records = records.assign(AVALC=records["AVALC"].fillna(text), CARTDY=days)
    return records.merge(people[["USUBJID", *others]], on="USUBJID", how="left"), gather(unread)


def _part(asked: AskedParameter) -> str:
    """The clause of a parameter that looks at a part of the events."""
    return asked.told.where if asked.told and asked.what not in RECORDS else ""


def _parameter(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """One record per infused subject of one parameter, or per episode; outside `among` it has no value."""
    people = setting.people
    if asked.what == EPISODE:
        setting = replace(setting, people=people[meets(people, asked.among)])
    found = RECORDS[asked.what](asked, setting) if asked.what in RECORDS else EVENTS[asked.what](asked, setting)
    found = found.assign(PARAMCD=asked.code, TOXSCALE=setting.toxicity.scale)
    none = {name: pd.Series(index=found.index, dtype=kind) for name, kind in OF_SOME.items() if name not in found}
    found = found.assign(**none)
    if not asked.among or asked.what == EPISODE:
        return found
    outside = ~meets(people, asked.among).to_numpy()
    blank = [name for name in ("AVAL", "AVALC", "ADT", "DURCNSR", *SOURCE) if name in found]
    return found.assign(**{name: found[name].mask(outside) for name in blank})


def _counted(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The events within the window that a parameter looks at."""
    return _once("events", asked, setting, lambda: _events_in_window(asked, setting))


def _once(what: str, asked: AskedParameter, setting: ToxicitySetting, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """What is made of the events that a parameter looks at, which others may look at too."""
    key = (what, asked.window, asked.begun_before, asked.told)
    if key not in setting.once:
        setting.once[key] = make()
    return setting.once[key]


def _every(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """All episodes of the events that a parameter looks at."""
    gap = setting.toxicity.episodes.gap
    return _once("episodes", asked, setting, lambda: every_episode(_counted(asked, setting), gap))


def _events_in_window(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    dtc = _date_variable(setting)
    window = asked.window or setting.toxicity.window
    by_day = asked.window is not None and window.partial == "first"
    events = begun_in(setting.events, setting.toxicity.window if by_day else window, dtc)
    events = events[in_window(events, window, dtc)] if by_day else events
    if asked.begun_before:
        events = begun_before_infusion(events, asked.begun_before, setting.doses, dtc)
    return events[meets(events, asked.told.where)] if asked.told else events


def _maximum(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The highest grade of the events; what `none` says without any."""
    events = _counted(asked, setting)
    worst = filter_extreme(events.assign(RANK=-events["GRADE"]), ["USUBJID"], ["RANK", "START", "SRCSEQ"])
    graded = _with(setting.people, worst, {"GRADE": "GRADE", "ADT": "START"})
    grade = graded["GRADE"].mask(graded["SRCSEQ"].isna(), float(asked.none) if asked.none else float("nan"))
    return _sourced(graded, _grade_variable(setting)).assign(AVAL=grade, AVALC=_no_text(graded))


def _any(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """Whether there is any event, and the first of them."""
    first = filter_extreme(_counted(asked, setting), ["USUBJID"], ["START", "SRCSEQ"])
    found = _with(setting.people, first, {"ADT": "START"})
    return _answered(_sourced(found, _date_variable(setting)), found["SRCSEQ"].notna())


def _word(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The first word of an order that any event has; words that the order does not name come last."""
    events = _counted(asked, setting)
    text = events[asked.value]
    rank = text.map({word: number for number, word in enumerate(asked.order)}).fillna(len(asked.order))
    ranked = events.assign(RANK=rank, WORD=text)[text.notna()]
    first = filter_extreme(ranked, ["USUBJID"], ["RANK", "START", "SRCSEQ"])
    found = _with(setting.people, first, {"WORD": "WORD", "ADT": "START"})
    return _sourced(found, _date_variable(setting)).assign(AVALC=found["WORD"], AVAL=float("nan"))


def _onset(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The day on which the episode asked about began; missing on a partial date."""
    begun = _episode(asked, setting)
    day = days_from(begun["ADT"], begun["CARTSDT"]) + setting.onset_day
    return _sourced(begun, _date_variable(setting)).assign(AVAL=day, AVALC=_no_text(begun))


def _duration(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """Days of the episode, both ends counted, and whether it is censored; an end before its start leaves it missing."""
    begun, rule = _episode(asked, setting), setting.toxicity.episodes
    start, end, death = begun["ADT"], begun["END"], begun["DTHDT"]
    died = (begun["FATAL"].eq("Y") | (end >= death)) & (rule.fatal == "censors")
    until = {"last alive": begun["LSTALVDT"], "cut": begun["CARTSDT"].mask(begun["CARTSDT"].notna(), setting.cutoff)}
    none = begun["LSTALVDT"].mask(begun["LSTALVDT"].notna(), pd.NaT)
    limit = death.fillna(until[rule.ongoing]) if rule.ongoing in until else none
    censored = end.isna() | died
    usable = (begun["ENDDTF"].isna() | (censored & (rule.partial_end == "last"))) & ~(end < start)
    stop = end.fillna(limit)
    duration = days_from(latest(stop, start).where(usable & stop.notna()), start) + 1
    told = _sourced(begun, _date_variable(setting, "EN"))
    return told.assign(AVAL=duration, AVALC=_no_text(begun), DURCNSR=yes_no(censored).where(duration.notna()))


def _episode(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The infused subjects with the episode asked about: ADT where its start is known, END, FATAL and its record."""
    rule = setting.toxicity.episodes
    episode = _once("episode", asked, setting, lambda: episode_asked(_counted(asked, setting), rule))
    names = {"ADT": "START", "END": "END", "STARTDTF": "STARTDTF", "ENDDTF": "ENDDTF", "FATAL": "FATAL"}
    begun = derive_vars_merged(setting.people, episode, names | {"SRCSEQ": "SRCSEQ"})
    begun = begun.assign(SRCDOM=_domain_of(setting))
    return begun.assign(ADT=begun["ADT"].where(begun["STARTDTF"].isna()))


def _episodes(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """How many episodes there are, and the first record of the first."""
    every = _every(asked, setting)
    names = {"ADT": "START", "STARTDTF": "STARTDTF", "SRCDOM": "SRCDOM", "SRCSEQ": "SRCSEQ"}
    found = derive_vars_merged(setting.people, every[every["EPISODE"] == 1], names)
    number = found["USUBJID"].map(every.groupby("USUBJID")["EPISODE"].max())
    none = float(asked.none) if asked.none else float("nan")
    known = found.assign(ADT=found["ADT"].where(found["STARTDTF"].isna()))
    return _sourced(known, _date_variable(setting)).assign(AVAL=number.fillna(none), AVALC=_no_text(found))


def _each_episode(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """One record per episode: its highest grade, its start and end where they are known."""
    every = _every(asked, setting)
    every = every.assign(ADT=every["START"].where(every["STARTDTF"].isna()),
                         AENDT=every["END"].where(every["ENDDTF"].isna()))  # fmt: skip
    found = setting.people.merge(every, on="USUBJID")
    return _sourced(found, _grade_variable(setting)).assign(AVAL=found["GRADE"], AVALC=_no_text(found))


def _given(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """Whether a record that is told may lie within the window; `with_event`: of subjects with an event alone."""
    given = _told(asked, setting)
    if asked.with_event:
        counted = begun_in(setting.events, setting.toxicity.window, _date_variable(setting))
        given = given[given["USUBJID"].isin(counted["USUBJID"])]
    given = given[in_window(given, asked.window or setting.toxicity.window, "", SEEN)]
    found = _with(setting.people, filter_extreme(given, ["USUBJID"], ["ADT", "SRCSEQ"]), {"ADT": "ADT"})
    return _answered(_sourced(found, _date_variable(setting, of=asked)), found["SRCSEQ"].notna())


def _extreme(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The highest, lowest, first or last value of the records within the window; ties by date."""
    days = _told(asked, setting)
    days = days[in_window(days, asked.window or setting.toxicity.window, "", SEEN)]
    value = pd.to_numeric(days[asked.value], errors="coerce")
    days = days.assign(VALUE=value, RANK=-value if asked.what == "highest" else value).dropna(subset=["VALUE"])
    order = ["RANK", "ADT"] if asked.what in ("highest", "lowest") else ["ADT"]
    mode = "last" if asked.what == "last" else "first"
    worst = _with(setting.people, filter_extreme(days, ["USUBJID"], [*order, "SRCSEQ"], mode), ["VALUE", "ADT"])
    filled = worst["VALUE"].fillna(float(asked.none)) if asked.none else worst["VALUE"]
    return worst.assign(AVAL=filled, AVALC=_no_text(worst))


def _told(asked: AskedParameter, setting: ToxicitySetting) -> pd.DataFrame:
    """The records that a parameter tells for itself."""
    assert asked.told is not None
    records = told_records(asked.told, setting.named)
    return records[is_told(records, asked.told)]


RECORDS = {"given": _given, "highest": _extreme, "lowest": _extreme, "first": _extreme, "last": _extreme}
EVENTS = {"maximum": _maximum, "any": _any, "word": _word, "onset": _onset, "duration": _duration,
          "episodes": _episodes, EPISODE: _each_episode}  # fmt: skip


def _with(people: pd.DataFrame, records: pd.DataFrame, new_vars: dict[str, str] | list[str]) -> pd.DataFrame:
    """The infused subjects with variables of their record, and its source."""
    names = {name: name for name in new_vars} if isinstance(new_vars, list) else new_vars
    return derive_vars_merged(people, records, names | {name: name for name in SOURCE})


def _sourced(found: pd.DataFrame, variable: str) -> pd.DataFrame:
    """SRCVAR names the variable that the value comes from, where there is a record."""
    known = found["SRCSEQ"].notna()
    text = pd.Series(variable, found.index, dtype="str")
    return found.assign(SRCVAR=text.where(known), SRCDOM=found["SRCDOM"].where(known))


def _answered(found: pd.DataFrame, answer: pd.Series) -> pd.DataFrame:
    """AVALC Y or N, and AVAL 1 or 0."""
    text = yes_no(answer)
    return found.assign(AVALC=text, AVAL=text.map({"Y": 1.0, "N": 0.0}))


def _no_text(found: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, found.index, dtype="str")


def _domain_of(setting: ToxicitySetting) -> str:
    of = setting.toxicity.events.of
    return (of.removeprefix("ad") if len(of) > 2 else of).upper()


def _grade_variable(setting: ToxicitySetting) -> str:
    variable = setting.toxicity.grade.variable
    return "AETOXGR" if variable == "ATOXGRN" else variable


def _date_variable(setting: ToxicitySetting, end: str = "", of: AskedParameter | None = None) -> str:
    """The SDTM variable that dates the events (or the records that a parameter tells), or ends them."""
    domain = of.told.of.upper() if of and of.told else _domain_of(setting)
    records = setting.named[of.told.of if of and of.told else setting.toxicity.events.of]
    names = (f"{domain}{end or 'ST'}DTC", f"{domain}DTC")
    return next((name for name in names if name in records.columns), "ADT")
