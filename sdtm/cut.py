"""The data cut (clarification 25): what starts later is out, what ends later is open, what is known later is unknown.

The rules are rows of specs/standard/cut.csv: domain, action, variable, date, where, value, mark.
  out     the record leaves when `date` lies after the cut
  reopen  the end date `variable` leaves when it lies after the cut; --ENRTPT is ONGOING at --ENTPT, the cut
  blank   `variable` leaves when `date` lies after the cut
  reset   `variable` gets `value` (empty: missing) where `where` holds and `date` lies after the cut; `mark` gets Y
A date lies after the cut when its earliest possible day does. The date DEATH is the subject's death. A date (--DTC, of
a qualifier too) that no row names is blank after the cut: it was not known.
"""


import pandas as pd

from pipeline.ground.clauses import meets
from pipeline.ground.dates import earliest, iso_date
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import StudySettings
from sdtm.findings import counted_of_form, gathered, of_records

ONGOING, DEATH = "ONGOING", "DEATH"


def subjects_at_cut(raw: dict[str, pd.DataFrame], study: StudySettings) -> pd.DataFrame:
    """First day in the study and day of death per subject number (index), from the fields study.yaml names.

    `entered` names the fields that show a subject in the study (consent, enrolment, dosing): the earliest counts, so
    that one mistyped date hides nobody. A study without such fields (a chart review) has no such day.
    Raises TrialError when the form of a field was not handed over.
    """
    days = {name: _first_days(raw, study.places[name], name) for name in ("entered", "death")}
    return pd.DataFrame(days).astype("datetime64[s]")


def _first_days(raw: dict[str, pd.DataFrame], places: tuple[str, ...], name: str) -> pd.Series:
    parts = [pd.Series(dtype="datetime64[s]")]
    for place in places:
        form, _, date_field = place.partition(".")
        if form not in raw:
            what = f"The data cut needs the form {form}, which was not given."
            raise TrialError(what, f"study.yaml, {name}: {place}", "give the mapping this form besides its sheet's")
        days = earliest(iso_date(raw[form][date_field]))
        parts.append(days.set_axis(raw[form]["_SUBJECT"]))
    whole = pd.concat(parts)
    return whole.groupby(level=0).min()


def at_cut(
    frame: pd.DataFrame, domain: str, subjects: pd.DataFrame, rules: pd.DataFrame, cutoff: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records as they stood at the cut, and what was changed or left out as findings (severity info)."""
    cut = pd.Timestamp(cutoff)
    rules = rules[rules["domain"] == domain].fillna("")
    out = _of_subject(frame, subjects["entered"]) > cut
    for rule in _of(rules, "out"):
        out |= _after(frame, rule["date"], subjects, cut)
    counts = frame[out].groupby("_FORM")["_LINE"].nunique()
    message = "Lines of {} in the extract that start after the data cut {} are left out of {}: {{count}}."
    findings = [counted_of_form("SDTM-CUT", "info", form, count, message.format(form, cutoff, domain))
             for form, count in counts.items()]
    before = frame[~out].reset_index(drop=True)
    after, changed = _as_known(before, domain, subjects, rules, cutoff)
    message = f"What became known after the data cut {cutoff} is undone in {domain}: {{value}}."
    known = changed[changed != ""]
    findings.append(of_records(before.loc[known.index], "SDTM-CUTVALUE", "info", "", known, message))
    return after, gathered(findings)


def people_at_cut(dm: pd.DataFrame) -> pd.DataFrame:
    """First day in the study and day of death per subject (index), as a DM made elsewhere says."""
    named = {"entered": ("RFICDTC", "RFSTDTC"), "death": ("DTHDTC",)}
    none = pd.Series(None, index=dm.index, dtype="str")
    days = {word: pd.concat([earliest(dm.get(name, none).astype("str")) for name in names], axis=1).min(axis=1)
            for word, names in named.items()}  # fmt: skip
    return pd.DataFrame(days).groupby(dm["_SUBJECT"]).min()


def delivered_at_cut(
    frame: pd.DataFrame, domain: str, people: pd.DataFrame, rules: pd.DataFrame, cutoff: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As `at_cut`, of a domain made elsewhere: by the rules whose variables it has; an open end stays as it is."""
    own = rules[rules["domain"] == domain].fillna("")
    known = {*frame.columns, "", DEATH}
    own = own[own["variable"].isin(known) & own["date"].isin(known)]
    own = own.assign(mark=own["mark"].where(own["mark"].isin(known), ""))
    at, open_ = f"{domain}ENTPT", f"{domain}ENRTPT"
    made, found = at_cut(frame.assign(_at=frame.get(at), _open=frame.get(open_)), domain, people, own, cutoff)
    if at in made:
        stays = made["_at"].notna() | made["_open"].eq(ONGOING)
        made[at] = made["_at"].where(stays, made[at]).astype("str")
    return made.drop(columns=["_at", "_open"]), found


def _as_known(
    before: pd.DataFrame, domain: str, subjects: pd.DataFrame, rules: pd.DataFrame, cutoff: str
) -> tuple[pd.DataFrame, pd.Series]:
    """Values as known at the cut, and per record the names of the variables that changed."""
    cut, after = pd.Timestamp(cutoff), before.copy()
    changed = pd.Series("", index=before.index, dtype="str")
    for rule in [*_of(rules, "blank", "reopen", "reset"), *_other_dates(before, rules)]:
        name, date = rule["variable"], rule["date"] or rule["variable"]
        chosen = meets(before, rule["where"], f"specs/standard/cut.csv, {domain} {name}")
        late = _after(before, date, subjects, cut) & chosen
        after[name] = after[name].mask(late, rule["value"] or None).astype(before[name].dtype)
        if rule["mark"]:
            after[rule["mark"]] = after[rule["mark"]].mask(late, "Y").astype("str")
        if rule["action"] == "reopen":
            after[f"{domain}ENRTPT"] = after[f"{domain}ENRTPT"].mask(late, ONGOING).astype("str")
        fresh = late & ~changed.str.contains(name) & (before[name].notna() | bool(rule["value"]))
        changed = changed.mask(fresh, (changed + " " + name).str.strip())
    if f"{domain}ENTPT" in after:
        ongoing = after[f"{domain}ENRTPT"] == ONGOING
        after[f"{domain}ENTPT"] = after[f"{domain}ENTPT"].mask(ongoing, cutoff).astype("str")
    return after, changed


def _other_dates(frame: pd.DataFrame, rules: pd.DataFrame) -> list[dict[str, str]]:
    """A rule `blank` for each date that no rule names."""
    named = {*rules["variable"], *rules["date"]}
    nothing = dict.fromkeys(("date", "where", "value", "mark"), "")
    return [{**nothing, "action": "blank", "variable": name} for name in frame
            if name.endswith("DTC") and name not in named]  # fmt: skip


def _of(rules: pd.DataFrame, *actions: str) -> list[dict[str, str]]:
    return rules[rules["action"].isin(actions)].to_dict("records")


def _after(frame: pd.DataFrame, date: str, subjects: pd.DataFrame, cut: pd.Timestamp) -> pd.Series:
    day = _of_subject(frame, subjects["death"]) if date == DEATH else earliest(frame[date])
    return day > cut


def _of_subject(frame: pd.DataFrame, days: pd.Series) -> pd.Series:
    """A day of each record's subject, on the index of the records."""
    return days.reindex(frame["_SUBJECT"]).set_axis(frame.index)
