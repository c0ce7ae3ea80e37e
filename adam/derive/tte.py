"""Time to event: the situation that ends it, the date that then counts, and where both come from.

Sources, situations and endpoints are said in specs (pipeline/ground/endpoints.py); here is what they mean, columns of
subjects at a time (analysis plan 5; clarifications 8 to 11, 19).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from adam.derive.dated import FOUND
from adam.derive.dates import add_days, date_of_day, days_from, infusion_day
from adam.derive.merge import filter_extreme
from adam.derive.sources import BY_DATE, source_records
from adam.derive.visits import missed_windows, next_window
from pipeline.ground import endpoints as words
from pipeline.ground.clauses import meets, names
from pipeline.ground.endpoints import At, Endpoint, Situation, Source

EVER = pd.Timestamp.max.floor("s")
STARTED = {"ADT": "STARTDT", "SRCDOM": "STARTDOM", "SRCVAR": "STARTVAR", "SRCSEQ": "STARTSEQ"}
OF_PEOPLE = ("STUDYID", "USUBJID", "CARTSDT", "CARTSDY", *STARTED.values())
LIMITS = {"before": pd.Series.lt, "on or before": pd.Series.le, "on or after": pd.Series.ge, "after": pd.Series.gt}


@dataclass(frozen=True)
class Setting:
    """What an endpoint looks at: sources and datasets by name, the planned response windows, the days of a month.

    Of `everybody`, where given (one record per subject, whatever the endpoint), records are looked for once: `known`.
    """

    sources: Mapping[str, Source]
    datasets: Mapping[str, pd.DataFrame]
    windows: pd.DataFrame = field(default_factory=pd.DataFrame)
    month_days: float = 30.4375
    everybody: pd.DataFrame | None = None
    known: dict[str, pd.DataFrame] = field(default_factory=dict)


def derive_param_tte(people: pd.DataFrame, endpoint: Endpoint, setting: Setting) -> pd.DataFrame:
    """One record per subject that has the origin: STARTDT, ADT, CNSR, EVNTCD, EVNTDESC, CNSDTDSC, source, AVAL.

    `people` has one record per subject of the endpoint's population with all that clauses ask of a subject. A situation
    applies to a subject at the date of its record; of those that apply the earliest decides (compete: earliest date;
    the first named on a tie), or the first named (first in order). AVAL is in the endpoint's unit, the origin's own
    day counted where first_day is 1. Raises ValueError for a subject whom no situation decides for.
    """
    setting = _of_visits(setting, endpoint)
    people = _with_origin(people, endpoint.origin, setting)
    found = {name: _dated_records(name, people, setting) for name in endpoint.named}
    asked = {*OF_PEOPLE, *(name for situation in endpoint.situations for name in names(situation.when))}
    people = people[[name for name in people.columns if name in asked]]
    look = EndpointData(people, endpoint, setting, found)
    applying = [_applying(situation, rank, look) for rank, situation in enumerate(endpoint.situations)]
    order = ["RANK"] if endpoint.compete == words.IN_ORDER else ["WHEN", "RANK"]
    decided = pd.concat(applying).sort_values(["USUBJID", *order], kind="stable").drop_duplicates("USUBJID")
    result = people[["STUDYID", "USUBJID", "STARTDT"]].merge(decided, on="USUBJID", how="left")
    if result["CNSR"].isna().any():
        left = result.loc[result["CNSR"].isna(), "USUBJID"].iloc[0]
        raise ValueError(f"No situation of {endpoint.code} decides for {left}: the last one must apply to everyone.")
    days = days_from(result["ADT"], result["STARTDT"]) + endpoint.first_day
    return result.assign(
        PARAMCD=endpoint.code, PARAM=endpoint.label,
        AVAL=days / setting.month_days if endpoint.unit == "months" else days,
        AVALU=endpoint.unit.upper(),
    )  # fmt: skip


def _of_visits(setting: Setting, endpoint: Endpoint) -> Setting:
    """What the endpoint looks at, with the windows of its own visits where it says them."""
    if not endpoint.visits:
        return setting
    return replace(setting, windows=setting.windows[setting.windows["AVISIT"].isin(endpoint.visits)])


def _with_origin(people: pd.DataFrame, origin: str, setting: Setting) -> pd.DataFrame:
    """The subjects that have the origin, with STARTDT and its source (STARTDOM, STARTVAR, STARTSEQ)."""
    found = _dated_records(origin, people, setting)
    first = filter_extreme(found, ["USUBJID"], BY_DATE, setting.sources[origin].take)
    return people.merge(first[["USUBJID", *STARTED]].rename(columns=STARTED), on="USUBJID")


def _dated_records(name: str, people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """The dated records of a source of these subjects; those that do not rest on the origin are the same for all."""
    source = setting.sources[name]
    if setting.everybody is None or _asks_origin(source, setting.sources):
        return source_records(source, people, setting.sources, setting.datasets)
    if name not in setting.known:
        setting.known[name] = source_records(source, setting.everybody, setting.sources, setting.datasets)
    return setting.known[name][setting.known[name]["USUBJID"].isin(people["USUBJID"])]


def _asks_origin(source: Source, sources: Mapping[str, Source]) -> bool:
    """Whether records of a source depend on the origin of the endpoint."""
    asked = {source.date, *source.record, *names(source.where), *names(source.meets)}
    return bool(asked & {*STARTED.values()}) or (bool(source.after) and _asks_origin(sources[source.after], sources))


@dataclass(frozen=True)
class EndpointData:
    """One endpoint's subjects (STARTDT and its source among their variables), and the records of its sources."""

    people: pd.DataFrame
    endpoint: Endpoint
    setting: Setting
    found: Mapping[str, pd.DataFrame]
    since: dict[str, pd.DataFrame] = field(default_factory=dict)  # of each source, from the origin on

    def source(self, name: str) -> Source:
        """A source by its name; `assessment` is the one whose records count for this endpoint."""
        return self.setting.sources[self.endpoint.assessments if name == words.ASSESSMENT else name]

    def records(self, name: str) -> pd.DataFrame:
        """The dated records of a source, without those before the origin."""
        if name not in self.since:
            found = self.all_records(name)
            self.since[name] = found[_day(found, self.people) >= 0]
        return self.since[name]

    def all_records(self, name: str) -> pd.DataFrame:
        """The dated records of a source, on whichever side of the origin."""
        return self.found[self.endpoint.assessments if name == words.ASSESSMENT else name]


def _applying(situation: Situation, rank: int, look: EndpointData) -> pd.DataFrame:
    """One record per subject to whom the situation applies: WHEN, RANK and what would be told of it."""
    subjects = look.people[meets(look.people, situation.when)]
    met = _met(situation, subjects, look)
    dated = _dated(met, situation, look)
    there = dated["ADT"].notna()
    met, dated = met[there], dated[there]
    text = pd.Series(situation.says, met.index, "str") if situation.says else met["SAYS"]
    if "<event>" in situation.says:
        text = pd.Series([situation.says.replace("<event>", says) for says in met["SAYS"]], met.index, dtype="str")
    cause = (situation.cause if situation.event else 0) if look.endpoint.competing else np.nan
    return pd.DataFrame({
        "USUBJID": met["USUBJID"], "WHEN": met["WHEN"], "RANK": rank, "ADT": dated["ADT"],
        "CNSR": 0 if situation.event else situation.cnsr, "EVNTCD": cause, "EVNTDESC": text,
        "CNSDTDSC": pd.Series(np.nan, met.index, "str") if situation.event else dated["SAYS"],
        **{name: dated[name] for name in ("SRCDOM", "SRCVAR", "SRCSEQ")},
    })  # fmt: skip


def _met(situation: Situation, subjects: pd.DataFrame, look: EndpointData) -> pd.DataFrame:
    """The subjects with a record of the situation's sources (without sources: all), the record, and WHEN it applies."""
    if not situation.of:
        none = pd.DataFrame({name: pd.Series(np.nan, subjects.index, "str") for name in FOUND[1:]})
        none = none.assign(ADT=pd.Series(pd.NaT, subjects.index, "datetime64[s]"), SRCSEQ=np.nan)
        return pd.concat([subjects, none], axis="columns").assign(WHEN=EVER)
    parts = [look.all_records(name).assign(NTH=nth) for nth, name in enumerate(situation.of)]
    if situation.by:
        parts = [part[_day(part, subjects) >= situation.by] for part in parts]
    takes = [look.source(name).take for name in situation.of]
    ones = [filter_extreme(part, ["USUBJID"], BY_DATE, take) for part, take in zip(parts, takes, strict=True)]
    first = pd.concat(ones).sort_values(["USUBJID", "ADT", "NTH"], kind="stable").drop_duplicates("USUBJID")
    met = subjects.merge(first[["USUBJID", *FOUND]], on="USUBJID")
    met = met.assign(WHEN=met["ADT"])
    if situation.by:
        met = _without(met, situation, look).assign(WHEN=lambda frame: add_days(frame["STARTDT"], situation.by))
    return met[_missed(met, look).ge(situation.missed)] if situation.missed else met


def _day(records: pd.DataFrame, subjects: pd.DataFrame) -> pd.Series:
    """Days from the origin to the record; the origin's own day is 0."""
    start = subjects.set_index("USUBJID")["STARTDT"].reindex(records["USUBJID"])
    return days_from(records["ADT"], pd.Series(start.array, records.index))


def _without(met: pd.DataFrame, situation: Situation, look: EndpointData) -> pd.DataFrame:
    """Those who have no record of the sources under `no` from the origin up to the day."""
    had = pd.concat([look.records(name) for name in situation.no]) if situation.no else met.iloc[:0]
    in_time = had[_day(had, look.people) <= situation.by]
    return met[~met["USUBJID"].isin(in_time["USUBJID"])]


def _missed(met: pd.DataFrame, look: EndpointData) -> pd.Series:
    """How many planned assessments lie between the last one that counts (or the first infusion) and the record."""
    last = _nearest(met, At("", words.LAST, words.ASSESSMENT, "before"), look)
    day = infusion_day(last["ADT"].fillna(met["CARTSDT"]), met)
    return missed_windows(day, infusion_day(met["WHEN"], met), look.setting.windows)


def _dated(met: pd.DataFrame, situation: Situation, look: EndpointData) -> pd.DataFrame:
    """ADT, SAYS and source of the date that counts, on the index of `met`: the first of the choices that is there."""
    parts = [DATES[at.word](met, look, situation) if at.word else _nearest(met, at, look) for at in situation.at]
    chosen = parts[0]
    for part in parts[1:]:
        chosen = chosen.where(chosen["ADT"].notna(), part)
    return chosen


def _nearest(met: pd.DataFrame, at: At, look: EndpointData) -> pd.DataFrame:
    """The first or last record of a source that lies so to the date of the situation, from the origin on."""
    records = look.records(at.source).merge(met[["USUBJID", "WHEN"]], on="USUBJID")
    if at.limit:
        records = records[LIMITS[at.limit](records["ADT"], records["WHEN"])]
    take = at.take or look.source(at.source).take
    one = filter_extreme(records, ["USUBJID"], BY_DATE, take).set_index("USUBJID")[FOUND]
    if at.take:
        one = one.assign(SAYS=f"{at.take.capitalize()} " + one["SAYS"].str[:1].str.lower() + one["SAYS"].str[1:])
    return one.reindex(met["USUBJID"]).set_axis(met.index)


def _record(met: pd.DataFrame, look: EndpointData, situation: Situation) -> pd.DataFrame:
    return met[FOUND]


def _origin(met: pd.DataFrame, look: EndpointData, situation: Situation) -> pd.DataFrame:
    return _told(met, met["STARTDT"], "Origin")


def _deadline(met: pd.DataFrame, look: EndpointData, situation: Situation) -> pd.DataFrame:
    return _told(met, add_days(met["STARTDT"], situation.by), "Deadline")


def _first_missed(met: pd.DataFrame, look: EndpointData, situation: Situation) -> pd.DataFrame:
    """The planned day of the first assessment missed before the record."""
    last = _nearest(met, At("", words.LAST, words.ASSESSMENT, "before"), look)
    day = infusion_day(last["ADT"].fillna(met["CARTSDT"]), met)
    planned = next_window(day, look.setting.windows)
    return _told(met, date_of_day(met["CARTSDT"], planned, met), "First missed assessment")


def _told(met: pd.DataFrame, date: pd.Series, says: str) -> pd.DataFrame:
    """A date that follows from the origin, sourced by the record of the origin."""
    source = {name: met[STARTED[name]] for name in FOUND[2:]}
    return pd.DataFrame({"ADT": date, "SAYS": pd.Series(says, met.index, "str"), **source})


DATES: dict[str, Callable[[pd.DataFrame, EndpointData, Situation], pd.DataFrame]] = {
    words.RECORD: _record, words.ORIGIN: _origin, words.DEADLINE: _deadline, words.MISSED: _first_missed,
}
