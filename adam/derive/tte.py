"""Time to event from event sources and censoring rules, each a function of its name (clarifications 8 to 11, 19)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.derive.dates import add_days, days_from
from adam.derive.merge import derive_vars_merged, filter_extreme
from adam.derive.visits import missed_windows

EVENTS = {
    "PD": ("PDDT", "PDSEQ", "Disease progression", "RS", "RSDTC"),
    "DEATH": ("DTHDT", "DTHSEQ", "Death", "DD", "DDDTC"),
}
ORIGIN, SCAN = "Origin", "Last adequate assessment"
EVER = pd.Timestamp.max.floor("s")


@dataclass(frozen=True)
class Setting:
    """What the rules look at: adequate assessments (USUBJID ADT RSSEQ), response windows, how many may be missed.

    first_day: the number of the origin's own day, 1 or 0.
    """

    adequate: pd.DataFrame
    windows: pd.DataFrame
    missed_visits: int
    first_day: int = 1


def derive_param_tte(people: pd.DataFrame, events: list[str], rules: list[str], setting: Setting) -> pd.DataFrame:
    """One record per subject: ADT, CNSR, EVNTDESC, CNSDTDSC, source, and AVAL in days.

    The rules are tried in the order given; the first that applies to a subject decides. `people` has one record per
    subject with STARTDT and its source (STARTDOM, STARTVAR, STARTSEQ), CARTSDT, PDDT, DTHDT, NACTDT, NACTHSCT, LSTALVDT
    and their sequence numbers. Raises ValueError when no rule applies to a subject.
    """
    people = _first_event(people, events)
    decided = pd.concat([RULES[rule](people, setting) for rule in rules]).drop_duplicates("USUBJID")
    result = people[["STUDYID", "USUBJID", "STARTDT"]].merge(decided, on="USUBJID", how="left")
    if result["CNSR"].isna().any():
        left = result.loc[result["CNSR"].isna(), "USUBJID"].iloc[0]
        raise ValueError(f"No rule of {', '.join(rules)} decides for {left}: the last rule must apply to everyone.")
    return result.assign(AVAL=days_from(result["ADT"], result["STARTDT"]) + setting.first_day, AVALU="DAYS")


def _first_event(people: pd.DataFrame, events: list[str]) -> pd.DataFrame:
    """Add EVENTDT, EVENTSEQ, EVENT (description) and its source: the earliest, the first named on a tie."""
    index = people.index
    chosen = people.assign(
        EVENTDT=pd.Series(pd.NaT, index, "datetime64[s]"), EVENTSEQ=np.nan,
        **{name: pd.Series(np.nan, index, "str") for name in ("EVENT", "EVENTDOM", "EVENTVAR")},
    )
    for name in events:
        date, seq, description, domain, variable = EVENTS[name]
        earlier = people[date].notna() & ~(chosen["EVENTDT"] <= people[date])
        chosen = chosen.assign(
            EVENTDT=chosen["EVENTDT"].mask(earlier, people[date]),
            EVENTSEQ=chosen["EVENTSEQ"].mask(earlier, people[seq]),
            EVENT=chosen["EVENT"].mask(earlier, description), EVENTDOM=chosen["EVENTDOM"].mask(earlier, domain),
            EVENTVAR=chosen["EVENTVAR"].mask(earlier, variable),
        )
    return chosen


def _event(people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """The event (CNSR 0)."""
    found = people[people["EVENTDT"].notna()]
    source = [found[name] for name in ("EVENTDOM", "EVENTVAR", "EVENTSEQ")]
    return _outcome(found, found["EVENTDT"], 0, found["EVENT"], None, source)


def _new_therapy(people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """A new anticancer therapy (CNSR 2) or transplant (3) that starts before the event, or without one."""
    found = people[people["NACTDT"].notna() & ~(people["EVENTDT"] <= people["NACTDT"])]
    transplant = found["NACTHSCT"].eq("Y")
    reason = transplant.map({True: "Stem-cell transplant", False: "New anticancer therapy"})
    until = add_days(found["NACTDT"], 1)  # an assessment on its first day was made before it
    return _at_last_adequate(found, until, transplant.map({True: 3, False: 2}), reason, setting)


def _missed(people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """An event after as many missed assessments as MISSED_VISITS says, or more (CNSR 1)."""
    found = people[people["EVENTDT"].notna()]
    last = _last_adequate(found, found["EVENTDT"], setting)
    last_day = days_from(last["LASTDT"].fillna(found["CARTSDT"]), found["CARTSDT"])
    missed = missed_windows(last_day, days_from(found["EVENTDT"], found["CARTSDT"]), setting.windows)
    gone = found[missed >= setting.missed_visits]
    reason = gone["EVENT"] + " after missed assessments"
    return _at_last_adequate(gone, gone["EVENTDT"], pd.Series(1, gone.index), reason, setting)


def _alive_without_progression(people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """No event: the last adequate assessment (CNSR 4), or the origin without any (5)."""
    last = _last_adequate(people, EVER, setting)
    none = last["LASTDT"].isna()
    reason = none.map({True: "No adequate assessment", False: "Alive without progression"})
    return _at_last_adequate(people, EVER, none.map({True: 5, False: 4}), reason, setting)


def _last_alive(people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Alive: the date last known alive (CNSR 1), the origin should there be none."""
    known = people["LSTALVDT"] >= people["STARTDT"]
    records = (("LALVDOM", "STARTDOM"), ("LALVVAR", "STARTVAR"), ("LALVSEQ", "STARTSEQ"))
    source = [people[alive].where(known, people[start]) for alive, start in records]
    described = known.map({True: "Last known alive", False: ORIGIN})
    return _outcome(people, people["LSTALVDT"].where(known, people["STARTDT"]), 1, "Alive", described, source)


RULES: dict[str, Callable[[pd.DataFrame, Setting], pd.DataFrame]] = {
    "EVENT": _event, "NEW_THERAPY": _new_therapy, "MISSED": _missed, "LAST_ADEQUATE": _alive_without_progression,
    "LAST_ALIVE": _last_alive,
}


def _last_adequate(people: pd.DataFrame, limit: pd.Series | pd.Timestamp, setting: Setting) -> pd.DataFrame:
    """LASTDT and LASTSEQ of the last adequate assessment from origin to before the limit, on the index of `people`."""
    scans = setting.adequate.merge(people[["USUBJID", "STARTDT"]].assign(LIMIT=limit), on="USUBJID", how="inner")
    inside = (scans["ADT"] >= scans["STARTDT"]) & (scans["ADT"] < scans["LIMIT"])
    last = filter_extreme(scans[inside], ["USUBJID"], ["ADT", "RSSEQ"], "last")
    found = derive_vars_merged(people[["USUBJID"]], last, {"LASTDT": "ADT", "LASTSEQ": "RSSEQ"})
    return found.set_index(people.index)


def _at_last_adequate(
    people: pd.DataFrame, limit: pd.Series | pd.Timestamp, cnsr: pd.Series, reason: pd.Series, setting: Setting
) -> pd.DataFrame:
    """Censored at the last adequate assessment before the limit, at the origin where there is none."""
    last = _last_adequate(people, limit, setting)
    none = last["LASTDT"].isna()
    source = [
        people["STARTDOM"].where(none, "RS"), people["STARTVAR"].where(none, "RSDTC"),
        people["STARTSEQ"].where(none, last["LASTSEQ"]),
    ]  # fmt: skip
    described = none.map({True: ORIGIN, False: SCAN})
    return _outcome(people, last["LASTDT"].fillna(people["STARTDT"]), cnsr, reason, described, source)


def _outcome(
    people: pd.DataFrame, date: pd.Series, cnsr: int | pd.Series, reason: str | pd.Series,
    described: pd.Series | None, source: list[pd.Series],
) -> pd.DataFrame:
    """The decided subjects with date, code, descriptions and source (--DOM, --VAR, --SEQ); an event has no CNSDTDSC."""
    silent = pd.Series(np.nan, people.index, dtype="str")
    domain, variable, seq = source
    return people[["USUBJID"]].assign(
        ADT=date, CNSR=cnsr, EVNTDESC=reason, CNSDTDSC=silent if described is None else described, SRCDOM=domain,
        SRCVAR=variable, SRCSEQ=seq,
    )  # fmt: skip
