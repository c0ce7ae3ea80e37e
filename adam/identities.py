"""Identities that hold in every build. What only code can break stops it; what the extract can break is a finding.

Each function takes datasets by name, as a recipe does, and returns findings (an empty table when the identity holds).
"""

from __future__ import annotations

import pandas as pd

from pipeline.ground.bounds import above
from pipeline.ground.clauses import meeting, names
from pipeline.ground.conditions import ALWAYS, SubjectSet
from pipeline.ground.endpoints import EARLIEST, Endpoint, Endpoints, Responses
from pipeline.ground.faults import DefectError
from pipeline.ground.queries import gather

CHECKS = ("ID-NEST", "ID-REASON", "ID-LEVEL", "ID-PFS-OS", "ID-RECORDED")  # findings that may be accepted
RECORDED = "RECORDED OUTCOME"
DATED = (
    "ASTDT",
    "AENDT",
    "ADT",
    "STARTDT",
    "TRTSDT",
    "CARTSDT",
    "CONDSDT",
    "DTHDT",
    "EOSDT",
    "LSTALVDT",
    "NACTDT",
    "HSCTDT",
)


def stop(identity: str, subjects: pd.Series, dataset: str) -> None:
    """End the build when anybody breaks an identity that only code can break. Raises DefectError."""
    if len(subjects):
        who = ", ".join(subjects.astype("str").unique()[:5])
        what = f"{identity} does not hold for {who}."
        raise DefectError(what, dataset, "this is a defect of the program; send the log to its keepers")


def _finding(rows: pd.DataFrame, check: str, severity: str, place: str, value: pd.Series, message: str) -> pd.DataFrame:
    """Findings at a variable or parameter of a dataset (`ADSL.INFFL`); the subject is the record, so that one can be
    accepted by check, form, record and field."""
    form, _, field = place.partition(".")
    subject = rows["USUBJID"].str.removeprefix(_study(rows))
    found = pd.DataFrame({"subject": subject, "record": subject, "value": value.astype("str")})
    return gather([found.assign(check=check, severity=severity, form=form, field=field, message=message)])


def _study(rows: pd.DataFrame) -> str:
    return f"{rows['STUDYID'].iloc[0]}-" if len(rows) else ""


def analysis_sets_nest(adsl: pd.DataFrame, sets: tuple[SubjectSet, ...]) -> pd.DataFrame:
    """Each set lies within those that sets.yaml puts around it (analysis plan, section 6.1). Raises DefectError."""
    flags = {one.id: one.flag for one in sets}
    broken = []
    nested = [(one.flag, flags[name], how) for one in sets for name, how in one.within.items()]
    for inner, outer, severity in nested:
        if inner not in adsl or outer not in adsl:
            continue
        outside = adsl[(adsl[inner] == "Y") & (adsl[outer] != "Y")]
        if severity == ALWAYS:
            stop(f"{inner}=Y within {outer}=Y", outside["USUBJID"], "ADSL")
            continue
        message = f"The subject is in {inner} but not in {outer}; check the forms that decide both."
        missed = pd.Series(f"not in {outer}", index=outside.index)
        broken.append(_finding(outside, "ID-NEST", severity, f"ADSL.{inner}", missed, message))
    return gather(broken)


def every_level_is_the_study_s(dose_levels: pd.DataFrame) -> pd.DataFrame:
    """A level or dose that is told, at enrolment or with the first cells, is of a level that study.yaml has."""
    message = "This is no dose level of the study, so the subject stands under none; correct it, or add the level."
    told = {"DOSELVLP": "TOLDP", "DOSELVLA": "TOLDA"}
    broken = []
    for name, text in told.items():
        rows = dose_levels[dose_levels[text].notna() & dose_levels[name].isna()]
        broken.append(_finding(rows, "ID-LEVEL", "critical", f"ADSL.{name}", rows[text], message))
    return gather(broken)


def every_subject_has_reasons(adsl: pd.DataFrame, sets: tuple[SubjectSet, ...]) -> pd.DataFrame:
    """Who is out of a set has the reason why; where a recipe promises it (`always`) it must. Raises DefectError."""
    broken = []
    for one in [one for one in sets if one.flag in adsl and one.reason in adsl]:
        silent = adsl[(adsl[one.flag] != "Y") & adsl[one.reason].isna()]
        if not one.declared and ALWAYS not in one.within.values():
            continue  # its reasons are declared elsewhere, and need not be one for everybody
        if not one.declared:
            stop(f"A reason in {one.reason} for everybody out of {one.flag}", silent["USUBJID"], "ADSL")
        message = f"No reason says why the subject is out of {one.flag}; add one to the set {one.id} of sets.yaml."
        broken.append(_finding(silent, "ID-REASON", "major", f"ADSL.{one.reason}", silent[one.flag], message))
    return gather(broken)


def one_best_response_per_subject(adrs: pd.DataFrame) -> pd.DataFrame:
    """BOR and the complete-response flags stand once per subject. Raises DefectError."""
    once = adrs[adrs["PARAMCD"].isin(("BOR", "CRD30", "CRD100", "CRBEST"))]
    repeated = once[once.duplicated(["USUBJID", "PARAMCD"])]
    stop("One best overall response per subject", repeated["USUBJID"], "ADRS")
    return gather([])


def progression_free_not_longer_than_alive(adtte: pd.DataFrame) -> pd.DataFrame:
    """PFS time is not longer than OS time; only an assessment dated after the last sign of life can break it."""
    times = adtte[adtte["PARAMCD"].isin(("PFS", "PFSEMA", "OS"))]
    wide = times.pivot(index=["STUDYID", "USUBJID"], columns="PARAMCD", values="AVAL").reset_index()
    broken = []
    for parameter in [p for p in ("PFS", "PFSEMA") if p in wide and "OS" in wide]:
        longer = wide[wide[parameter] > wide["OS"]]
        message = (
            f"{parameter} is longer than OS: an assessment is dated after death or the last contact. Check both dates."
        )
        days = longer[[parameter, "OS"]].astype("int64").astype("str")
        value = days[parameter] + " > " + days["OS"] + " days"
        broken.append(_finding(longer, "ID-PFS-OS", "critical", f"ADTTE.{parameter}", value, message))
    return gather(broken)


def every_death_ends_progression_free_survival(adtte: pd.DataFrame, endpoints: Endpoints) -> pd.DataFrame:
    """Where death is an event of PFS as of OS, who died is not censored as left over: a rule of the study censors
    before it, or it is the event. Raises DefectError."""
    said = {one.code: one for one in endpoints.made}
    left = _left_over(said["PFS"], said["OS"]) if {"PFS", "OS"} <= set(said) else set()
    dead = adtte.loc[(adtte["PARAMCD"] == "OS") & (adtte["CNSR"] == 0), "USUBJID"]
    pfs = adtte[(adtte["PARAMCD"] == "PFS") & adtte["USUBJID"].isin(dead)]
    stop("A death is an event of PFS", pfs.loc[pfs["CNSR"].isin(left), "USUBJID"], "ADTTE")
    return gather([])


def _left_over(pfs: Endpoint, os: Endpoint) -> set[int]:
    """The codes of CNSR of PFS that nobody who died can have: of situations of whoever is left, and of none else.

    None where a death is no event of PFS for everybody, or not the earliest situation decides.
    """
    deaths = {name for one in os.situations if one.event for name in one.of}
    plain = [one for one in pfs.situations if one.event and not (one.when or one.missed or one.by)]
    if pfs.compete != EARLIEST or not deaths or not deaths <= {name for one in plain for name in one.of}:
        return set()
    codes = {of: {one.cnsr for one in pfs.situations if not one.event and bool(one.of) == of} for of in (True, False)}
    return codes[False] - codes[True]


def recorded_times_agree(adtte: pd.DataFrame, adfa: pd.DataFrame, month_days: float) -> pd.DataFrame:
    """Months and events of PFS and OS that the source states itself agree with those derived from its records."""
    stated = adfa[(adfa["PARCAT1"] == RECORDED) & (adfa["ANL01FL"] == "Y")]
    broken = []
    for parameter in ("PFS", "OS"):
        derived = adtte.loc[adtte["PARAMCD"] == parameter, ["STUDYID", "USUBJID", "AVAL", "CNSR"]]
        derived = derived.rename(columns={"AVAL": "DAYS"})
        months = derived.merge(stated.loc[stated["PARAMCD"] == f"{parameter}MON", ["USUBJID", "AVAL", "AVALC"]])
        decimals = months["AVALC"].astype("str").str.extract(r"\.(\d+)$", expand=False).str.len().fillna(0)
        half_unit = 0.5 * 0.1**decimals
        shown = (months["DAYS"] / month_days).round(3).astype("str")
        far = above((months["DAYS"] / month_days - months["AVAL"]).abs(), half_unit)
        message = f"The {parameter} months that the source states differ from its own dates; check both."
        value = months["AVALC"] + " months stated, " + shown + " derived"
        broken.append(_finding(months[far], "ID-RECORDED", "major", f"ADTTE.{parameter}MON", value[far], message))
        events = derived.merge(stated.loc[stated["PARAMCD"] == f"{parameter}EVT", ["USUBJID", "AVALC"]])
        other = (events["AVALC"] == "Y") != (events["CNSR"] == 0)
        message = f"Whether {parameter} ended with an event is stated otherwise than derived; check the dates."
        answer = events["AVALC"][other]
        broken.append(_finding(events[other], "ID-RECORDED", "major", f"ADTTE.{parameter}EVT", answer, message))
    return gather(broken)


def nothing_after_the_cut(
    adsl: pd.DataFrame, adae: pd.DataFrame, adrs: pd.DataFrame, adtte: pd.DataFrame, cutoff: str
) -> pd.DataFrame:
    """No analysis date lies after the data cut. Raises DefectError."""
    limit = pd.Timestamp(cutoff)
    for name, dataset in (("ADSL", adsl), ("ADAE", adae), ("ADRS", adrs), ("ADTTE", adtte)):
        for variable in [v for v in DATED if v in dataset]:
            late = dataset[dataset[variable] > limit]
            stop(f"No {variable} after the data cut {cutoff}", late["USUBJID"], name)
    return gather([])


def responders_lie_in_their_set(adsl: pd.DataFrame, adrs: pd.DataFrame, responses: Responses) -> pd.DataFrame:
    """A best response stands for the subjects of its population only, and for each of them. Raises DefectError."""
    best = adrs.loc[adrs["PARAMCD"] == "BOR", "USUBJID"]
    for one in [one for one in responses.made if one.code == "BOR" and set(names(one.population)) <= set(adsl.columns)]:
        whose = meeting(adsl, one.population)["USUBJID"]
        stop("A best response for subjects of its population only", best[~best.isin(whose)], "ADRS")
        missing = whose[~whose.isin(best)] if one.missing else whose[:0]
        stop("A best response for every subject of its population", missing, "ADRS")
    return gather([])
