"""What the list of toxicities gives to the dataset specs: the parameters of ADCRS and the flags of ADAE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.ground.clauses import names
from pipeline.ground.metadata import DatasetSpec, Parameter, StudySettings, Variable
from pipeline.ground.toxicities import AskedParameter, ToldBy, Toxicity, ToxicityWindow, domain_of
from pipeline.study.decisions import Decision
from pipeline.study.declared import NOTHING, Declared
from pipeline.study.flags import YES_ONLY, while_made
from pipeline.study.spec_input import SpecInput
from pipeline.study.toxicities import (
    DATASET,
    DAYS,
    EVENTS_OF,
    ListedToxicities,
    checked,
    clauses_of,
    datasets_named,
    days_named,
    decisions_named,
    read,
    subject_clauses,
)

SUBJECTS, UNSAID = "subjects", StudySettings()
DAILY, ICANS = "addtox", "ICANS"  # the grade of each day: of toxicities with `days:`, and of ICANS
SEEN = ("ADT", "ADTF", "ADTHI", "CARTDY", "SRCDOM", "SRCVAR", "SRCSEQ")  # adam/derive/sources.py gives them
BEFORE = "TOXWINFL"  # the flags of toxicities stand before it
SAID = {
    "maximum": "Highest grade of the {name} events {window}{part}; {none} without any.",
    "any": "Y when there is a {name} event {window}{part}, else N.",
    "word": "The first of {order} that a {name} event {window}{part} has; missing without any.",
    "onset": "Day on which the {episode} of the {name} events {window}{part} began; missing on a partial date.",
    "duration": "Days of the {episode} of the {name} events {window}{part}{merged}; missing on partial dates.",
    "episodes": "Number of episodes of the {name} events {window}{part}{merged}; partial dates by their first day.",
    "episode": "Highest grade of each episode of the {name} events {window}{part}{merged}; from ADT to AENDT.",
    "given": "Y when a record of {of}{part} begins {window}{event}, else N.",
    **{what: f"{what.capitalize()} {{value}} of the records of {{of}}{{part}} {{window}}."
       for what in ("highest", "lowest", "first", "last")},
}  # fmt: skip


def told_toxicities(
    listed: ListedToxicities, specs: Mapping[str, DatasetSpec], decisions: Mapping[str, Decision],
    declared: Declared = NOTHING, study: StudySettings = UNSAID,
) -> SpecInput:
    """The toxicities as recipes are handed them, and the datasets they look at. Raises TrialError for a slip of words.

    Where a clause asks for what neither the dataset nor the subject has, its supplemental qualifiers are named too.
    """
    checked(listed, decisions)
    flags = [one.name for one in specs[EVENTS_OF].variables if one.codelist == YES_ONLY] if EVENTS_OF in specs else []
    flags += [said["flag"] for said in listed.words.values() if said.get("flag")]
    words, files = while_made(declared, flags, study).in_full(listed.words, listed.files)
    listed = replace(listed, words=words)
    supp = [f"supp{domain_of(of)}" for of, where in clauses_of(listed) if _beyond(of, where, specs)]
    subject = {recipe: _of_subjects(subject_clauses(listed, recipe), specs) for recipe in (DATASET, DAYS)}
    named = (*datasets_named(listed), *(name for name in dict.fromkeys(supp) if name in specs), *subject[DATASET])
    quoted = {recipe: decisions_named(listed, recipe) for recipe in (DATASET, EVENTS_OF, DAYS)}
    daily = tuple(dict.fromkeys((*days_named(listed), *subject[DAYS])))
    return SpecInput(listed, read, (*files, *listed.tables), {DATASET: named, DAYS: daily}, quoted)


def _beyond(of: str, where: str, specs: Mapping[str, DatasetSpec]) -> bool:
    """Whether a clause names what is no variable of the dataset as seen."""
    known = {*SEEN, *(name for one in (of, SUBJECTS) if one in specs for name in specs[one].names)}
    return any(name not in known for name in names(where))


def _of_subjects(clauses: list[str], specs: Mapping[str, DatasetSpec]) -> tuple[str, ...]:
    """The datasets of one record per subject, of conditions and sets, that have what the subject itself has not."""
    known = specs[SUBJECTS].names if SUBJECTS in specs else ()
    asked = [name for text in clauses for name in names(text) if name not in known]
    single = [one for one in specs.values() if one.intermediate and one.keys == ("STUDYID", "USUBJID")]
    made = [next((one.name for one in single if name in one.names), "") for name in asked]
    return tuple(dict.fromkeys(filter(None, made)))


def with_toxicities(specs: Mapping[str, DatasetSpec], listed: tuple[Toxicity, ...]) -> dict[str, DatasetSpec]:
    """The dataset specs, with the parameters and flags of the toxicities of interest."""
    found = dict(specs)
    if DATASET in specs:
        own = {one.code for one in specs[DATASET].parameters}
        made = tuple(_parameter(asked, one) for one in listed for asked in one.parameters if asked.code not in own)
        found[DATASET] = replace(specs[DATASET], parameters=(*specs[DATASET].parameters, *made))
    if DAILY in specs:
        graded = tuple(_graded_daily(one.name) for one in listed if one.days or one.name == ICANS)
        found[DAILY] = replace(specs[DAILY], parameters=graded)
    if EVENTS_OF in specs:
        found[EVENTS_OF] = _with_flags(specs[EVENTS_OF], specs.get("ae"), [one for one in listed if one.flag])
    return found


def _graded_daily(name: str) -> Parameter:
    said = f"Grade of {name} that follows from the components of the day, of several assessments of a day the highest."
    return Parameter(name, f"{name} Grade of the Day", said, "FA.FASTRESC, QS.QSSTRESC", "DAILY GRADE")


def _with_flags(spec: DatasetSpec, events: DatasetSpec | None, listed: list[Toxicity]) -> DatasetSpec:
    flags = [_flag(one, events.names if events else ()) for one in listed if one.flag not in spec.names]
    at = spec.names.index(BEFORE) if BEFORE in spec.names else len(spec.names)
    return replace(spec, variables=(*spec.variables[:at], *flags, *spec.variables[at:]))


def _flag(one: Toxicity, of_events: tuple[str, ...]) -> Variable:
    asked = [*(["AEDECOD"] if one.events.terms else []), *names(one.events.where)]
    source = [f"AE.{name}" if name in of_events else f"SUPPAE.QVAL[QNAM={name}]" for name in dict.fromkeys(asked)]
    return Variable(
        name=one.flag, label=f"{one.name} Flag", type="text", length="1", core="Cond", codelist="Y", origin="Derived",
        source=", ".join(source), derivation=f"Y when the event is {_told(one.events)}.",
    )  # fmt: skip


def _told(told: ToldBy) -> str:
    terms = " or ".join(told.terms)
    return " or meets ".join(filter(None, [terms, told.where])) if terms else f"one that meets {told.where}"


def _part(asked: AskedParameter) -> str:
    """Which of the records count, in words."""
    clause = " ".join(asked.told.where.split()) if asked.told else ""
    begun = f" that began before infusion {asked.begun_before} of the subject" if asked.begun_before else ""
    return begun + (f" that meet {clause}" if clause else "")


def _parameter(asked: AskedParameter, one: Toxicity) -> Parameter:
    window = asked.window or one.window
    gap = one.episodes.gap
    said = SAID[asked.what].format(
        window=_window(window), none=asked.none or "missing",
        part=_part(asked),
        name=one.name, of=(asked.told.of if asked.told else one.events.of).upper(), value=asked.value,
        episode="first episode" if one.episodes.onset == "first" else "episode with the worst grade",
        merged="" if gap is None else f", events up to {gap} days apart merged",
        order=", ".join(asked.order),
        event=" to a subject with an event" if asked.with_event else "",
    )  # fmt: skip
    return Parameter(asked.code, asked.label, said, asked.source or _source(asked, one), one.name)


def _window(window: ToxicityWindow) -> str:
    low, high = (f"day {day}" if day is not None else "" for day in (window.low, window.high))
    days = f"from {low or 'any day'} to {high}" if high else f"from {low} on" if low else "on any day"
    last = " after the last infusion" if window.high is not None and window.high_from == "last" else ""
    return days + last + (f" and before {', '.join(window.before)}" if window.before else "")


def _source(asked: AskedParameter, one: Toxicity) -> str:
    """The SDTM variables that the value comes from."""
    told = asked.told.of if asked.told else one.events.of
    domain = domain_of(told).upper()
    if told == EVENTS_OF:
        graded = dict.fromkeys(("maximum", "episode"), "AE.AETOXGR, AE.AEOUT")
        lasting = dict.fromkeys(("duration", "episodes"), "AE.AESTDTC, AE.AEENDTC")
        return (graded | lasting).get(asked.what, "AE.AESTDTC")
    variable = one.grade.variable if asked.what == "maximum" else asked.value
    return f"{domain}.{variable or ('STDTC' if len(domain) > 2 else domain + 'STDTC')}"
