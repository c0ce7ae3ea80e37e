"""The view by site: how much is open, how old, how late it came, what is missing, and how sites differ.

Sites have 3 to 10 subjects, so rates carry exact limits (Poisson: Garwood; shares: Clopper-Pearson), and a site is set
apart only where its own limits leave out the value of all other sites together.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipeline.gate.causes import counted
from pipeline.gate.snapshot import Snapshot
from pipeline.ground.dates import earliest, is_complete, iso_date
from pipeline.ground.metadata import StudySettings
from pipeline.intake.delivered import Form
from pipeline.study.settings import SiteWords
from tlf.stats.binomial import exact_interval
from tlf.stats.rates import exact_rate

MEASURES = ("site", "measure", "unit", "count", "over", "value", "lower", "upper", "limits", "others", "apart", "note")
POISSON, BINOMIAL, QUARTILES = "95 % exact Poisson", "95 % exact binomial", "quartiles"


def site_view(
    snapshot: Snapshot, queries: pd.DataFrame, study: StudySettings, words: SiteWords
) -> pd.DataFrame:
    """One row per site and measure (MEASURES); `words` names the forms and fields of adverse events.

    `count` over `over` (subjects or records) is the `value`; of ages and lags (days) the median with
    quartiles. `apart` is above or below where the limits leave out the value of the other sites.
    """
    subjects = _subjects(snapshot, study)
    per_subject = subjects.groupby("site").size()
    open_ones = counted(queries)
    events = _active(snapshot, words.adverse_events)
    serious = _serious(events, words)
    due = open_ones[open_ones["check"].isin(words.missing_forms)]
    records, changed = _changed(snapshot)
    measured = [
        _rates("Open queries", "per subject", open_ones["site"], per_subject),
        _spread("Age of open queries", "days", *_ages(snapshot, open_ones), per_subject.index),
        _spread("Entry lag", "days", *_lags(snapshot, subjects), per_subject.index),
        _rates("Missing forms", "per subject", due["site"], per_subject) if words.missing_forms else None,
        _rates("Adverse events", "per subject", events["_SITE"], per_subject) if len(events) else None,
        _rates("Serious adverse events", "per subject", serious["_SITE"], per_subject) if len(events) else None,
        _shares("Records changed after entry", "share of records", changed, records),
    ]
    return pd.concat([m for m in measured if m is not None], ignore_index=True)[list(MEASURES)]


def _active(snapshot: Snapshot, form: str) -> pd.DataFrame:
    """The active records of a form; empty when it is not there."""
    if form not in snapshot.forms:
        return pd.DataFrame(columns=["_SITE", "_SUBJECT"], dtype="str")
    records = snapshot.forms[form].records
    return records[records["_ACTIVE"]]


def _entered(snapshot: Snapshot, places: tuple[str, ...]) -> pd.Series:
    """First day that any of the fields `FORM.FIELD` shows a subject in the study, by subject number."""
    days = [pd.Series(dtype="datetime64[s]")]
    for form, _, field in (place.partition(".") for place in places):
        records = _active(snapshot, form)
        if field in records:
            iso = iso_date(records[field].str.strip())
            days.append(earliest(iso.where(is_complete(iso))).set_axis(records["_SUBJECT"]))
    return pd.concat(days).groupby(level=0).min().astype("datetime64[s]")


def _subjects(snapshot: Snapshot, study: StudySettings) -> pd.DataFrame:
    """One row per subject: site and first day in the study."""
    records = _active(snapshot, study.subjects).drop_duplicates("_SUBJECT")
    days = _entered(snapshot, study.entered).reindex(records["_SUBJECT"])
    return pd.DataFrame({"subject": records["_SUBJECT"], "site": records["_SITE"], "entered": days.to_numpy()})


def _serious(events: pd.DataFrame, words: SiteWords) -> pd.DataFrame:
    field = words.serious.partition(".")[2]
    coded = f"{field}_STD" if f"{field}_STD" in events else field
    return events[events[coded].str.strip() == words.serious_value] if coded in events else events[:0]


def _ages(snapshot: Snapshot, queries: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Site and age of every open query in days, from the creation of its record to the extract."""
    sites, ages = [], []
    for name, rows in queries.groupby("form", sort=False):
        form = snapshot.forms.get(str(name))
        if form is not None and "CREATED" in form.records:
            created = _stamp(rows["_key"].map(form.by_key["CREATED"]).astype("str"))
            ages.append((pd.Timestamp(snapshot.extracted) - created).dt.days)
            sites.append(rows["site"])
    return _joined(sites), _joined(ages)


def _lags(snapshot: Snapshot, subjects: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Site and days from a record's own date to its creation; records dated before the study (history) are left out."""
    entered = subjects.set_index("subject")["entered"]
    sites, lags = [], []
    for name, form in snapshot.forms.items():
        field, records = event_date(form), _active(snapshot, name)
        if field in records and "CREATED" in records:
            iso = iso_date(records[field].str.strip())
            day = earliest(iso.where(is_complete(iso)))
            lag = (_stamp(records["CREATED"]) - day).dt.days
            counts = (day.to_numpy() >= entered.reindex(records["_SUBJECT"]).to_numpy()) & (lag >= 0)
            sites.append(records["_SITE"][counts])
            lags.append(lag[counts])
    return _joined(sites), _joined(lags)


def event_date(form: Form) -> str:
    """The date a record is about: the first required date field of its contract, or ''."""
    return next((name for name in form.contract.dated if form.contract.fields[name].required), "")


def _stamp(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text.str.slice(0, 10), format="%Y-%m-%d", errors="coerce")


def _joined(parts: list[pd.Series]) -> pd.Series:
    return pd.concat(parts, ignore_index=True) if parts else pd.Series(dtype="float64")


def _changed(snapshot: Snapshot) -> tuple[pd.Series, pd.Series]:
    """Records, and records updated after they were created, by site."""
    stamped = [f.records for f in snapshot.forms.values() if {"CREATED", "UPDATED"} <= set(f.records)]
    parts = [r[["_SITE", "CREATED", "UPDATED"]] for r in stamped]
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=["_SITE", "CREATED", "UPDATED"], dtype="str")
    later = whole[whole["UPDATED"] > whole["CREATED"]]
    return whole.groupby("_SITE").size(), later.groupby("_SITE").size()


def _rates(measure: str, unit: str, sites: pd.Series, exposure: pd.Series) -> pd.DataFrame:
    return _compared(measure, unit, sites.value_counts(), exposure.astype("float64"), exact_rate, POISSON)


def _shares(measure: str, unit: str, counts: pd.Series, records: pd.Series) -> pd.DataFrame:
    return _compared(measure, unit, counts, records, exact_interval, BINOMIAL)


def _compared(
    measure: str, unit: str, counts: pd.Series, over: pd.Series, limits: Callable[..., dict], name: str
) -> pd.DataFrame:
    """Count, denominator, value and exact limits of each site, set beside all other sites."""
    over = over[over.index != ""].sort_index()
    counts = counts.reindex(over.index, fill_value=0)
    rows = []
    for site in over.index:
        found = limits(int(counts[site]), over[site])
        rest = over.sum() - over[site]
        others = (counts.sum() - counts[site]) / rest if rest else np.nan
        low, high = found["lower"].value, found["upper"].value
        apart = "above" if low > others else "below" if high < others else ""
        rows.append(
            [site, measure, unit, counts[site], over[site], found["estimate"].value, low, high, name, others, apart]
        )
    return pd.DataFrame(rows, columns=list(MEASURES[:-1])).assign(note="")


def _spread(measure: str, unit: str, sites: pd.Series, days: pd.Series, known: pd.Index) -> pd.DataFrame:
    """Median and quartiles (SAS definition) of days by site; the longest in the note."""
    rows = []
    for site in sorted(name for name in known if name):
        values = days[sites == site].dropna().to_numpy(dtype="float64")
        rest = days[(sites != site) & (sites != "")].dropna().to_numpy(dtype="float64")
        low, middle, high = _quartiles(values)
        note = f"longest {values.max():.0f}" if len(values) else "none"
        row = [site, measure, unit, len(values), np.nan, middle, low, high, QUARTILES, _quartiles(rest)[1], "", note]
        rows.append(row)
    return pd.DataFrame(rows, columns=list(MEASURES))


def _quartiles(values: np.ndarray) -> tuple[float, float, float]:
    if not len(values):
        return np.nan, np.nan, np.nan
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
    return float(low), float(middle), float(high)
