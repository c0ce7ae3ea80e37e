"""dlt.yaml: clauses over what they may name, dates and values that are there, reasons that put somebody in the set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.levels import with_study
from pipeline.lint.places import ERROR, Document, Problem, read_document
from pipeline.lint.values import ClauseField, Fields
from pipeline.study.dlt import DLT, FILE, NAMED
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Where

# What adam/toxicity/dlt.py adds to a subject before the reasons are asked for.
JUDGED = {
    **dict.fromkeys(("DLTLEN", "DLTOBS", "DLTN", "DLTSEQ"), "number"),
    **dict.fromkeys(("DLTSDT", "DLTEDT", "DLTOBEDT", "DLTASTDT"), "date"),
}
PART = "DLT_PART"
FLAGS = ("DLTMEDFL", "DLTSHRFL", "DLTIMPFL")


def check_dlt(root: Path, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the standard's dlt.yaml and of the study's."""
    if DLT not in specs.inputs or not {"adae", "subjects"} <= set(specs.datasets):
        return
    for path in (file for file in specs.inputs[DLT].files if file.name == FILE):
        document = read_document(path, str(path.relative_to(root)))
        if isinstance(document, Document):
            yield from _problems(document, specs, ct)
    yield from _of_no_part(root, specs)


def _of_no_part(root: Path, specs: Specs) -> Iterator[Problem]:
    """Dose levels of a study without parts, where dlt.yaml counts the DLTs of a part: nobody's would count."""
    study, path = specs.study, specs.folder / "study.yaml"
    document = read_document(path, str(path.relative_to(root)))
    asked = f"@{PART}" in specs.inputs[DLT].said.get("among", "")
    if study.levels and not study.parts and asked and isinstance(document, Document):
        part = specs.decisions[PART].value
        what = f"{PART} is {part}, but the study has no parts: nobody would be in the DLT Analysis Set"
        cure = "say in dlt.yaml whose DLTs count, `among:` and `reasons:` without a part (docs/specs/dlt.md)"
        yield document.problem(("levels",), ERROR, what, cure)


def _problems(document: Document, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    def of(name: str) -> dict[str, ClauseField]:
        return with_study(values.of_spec(specs.datasets[name], ct), specs.study)

    subjects = of("subjects")
    events = values.as_seen(of("adae"), subjects)
    judged = subjects | {name: ClauseField(kind) for name, kind in JUDGED.items()}
    judged |= dict.fromkeys(FLAGS, ClauseField("text", frozenset({"Y", "N"}), "NY"))
    said, whole = document.content, specs.inputs[DLT].said
    told_by = whole.get("of", "adae")
    if told_by not in specs.datasets:
        yield document.problem(("of",), ERROR, f"unknown dataset '{told_by}'", did_you_mean(told_by, specs.datasets))
        return
    told = values.as_seen(of(told_by), subjects)
    if not whole.get("events", "").strip():
        cure = "say which are: a tick, or a rule"
        yield document.problem(("events",), ERROR, "`events:` is empty: every event would be a DLT", cure)
    yield from _values(document, specs, subjects, of)
    for name, one in whole.get("values", {}).items():
        known = values.as_seen(of(one["from"]), subjects) if one["from"] in specs.datasets else {}
        judged[name] = known.get(one["value"], ClauseField())
    for word, fields, thing in (("events", told, told_by.upper()), ("worsened", events, "ADAE"),
                                ("among", subjects, "SUBJECTS"), ("blank", judged, "the DLT evaluation")):  # fmt: skip
        yield from _clause(document, (word,), said.get(word, ""), fields, specs, thing)
    for number, one in enumerate(said.get("days", [])):
        yield from _clause(document, ("days", number, "where"), one["where"], subjects, specs, "SUBJECTS")
    yield from _dates(document, subjects, events)
    yield from _reasons(document, judged, specs)


def _clause(
    document: Document, where: Where, text: str, fields: Fields, specs: Specs, thing: str
) -> Iterator[Problem]:
    for what, cure in values.slips(text, fields, specs.decisions, thing):
        yield document.problem(where, ERROR, what, cure)


def _values(document: Document, specs: Specs, subjects: Fields, of: Callable[[str], Fields]) -> Iterator[Problem]:
    """The dataset, the clause and the variable of each value; its name is no variable of the subject."""
    for name, one in document.content.get("values", {}).items():
        where: Where = ("values", name)
        if name in subjects or name in JUDGED:
            yield document.problem(where, ERROR, f"{name} is a variable of the subject already", "give it another name")
        if one["from"] not in specs.datasets:
            cure = did_you_mean(one["from"], specs.datasets)
            yield document.problem((*where, "from"), ERROR, f"unknown dataset '{one['from']}'", cure)
            continue
        fields = values.as_seen(of(one["from"]), subjects)
        yield from _clause(document, (*where, "where"), one.get("where", ""), fields, specs, one["from"].upper())
        if one["value"] not in fields or fields[one["value"]].asks:
            what, cure = f"{one['from'].upper()} has no variable {one['value']}", did_you_mean(one["value"], fields)
            yield document.problem((*where, "value"), ERROR, what, cure)


def _dates(document: Document, subjects: Fields, events: Fields) -> Iterator[Problem]:
    """Dates that end the observation, and those between which an allowable event lasts."""
    observed, lasts = document.content.get("observed", {}), document.content.get("allowable", {})
    dates = [name for name, one in subjects.items() if one.kind == "date"]
    for word in ("until", "before", "needed"):
        named = observed.get(word, [])
        for number, name in enumerate([named] if isinstance(named, str) else named):
            if name and name not in dates:
                where = ("observed", word, *(() if isinstance(named, str) else (number,)))
                yield document.problem(where, ERROR, f"a subject has no date {name}", did_you_mean(name, dates))
    for word in ("begins", "ends"):
        for number, name in enumerate(lasts.get(word, [])):
            if name not in events:
                where, texts = ("allowable", word, number), [one for one in events if one.endswith("DTC")]
                yield document.problem(where, ERROR, f"ADAE has no variable {name}", did_you_mean(name, texts))


def _reasons(document: Document, judged: Fields, specs: Specs) -> Iterator[Problem]:
    """Each reason stands once, its clause can be read, and one of them puts subjects in the set."""
    reasons = document.content.get("reasons", [])
    if not specs.inputs[DLT].said.get("reasons"):
        what = "dlt.yaml gives no reasons: nobody is in the set"
        yield document.problem(("reasons",), ERROR, what, "take the word away: the standard's reasons hold")
    for number, one in enumerate(reasons):
        where: Where = ("reasons", number)
        if one["reason"] in [earlier["reason"] for earlier in reasons[:number]]:
            what = f"the reason '{one['reason']}' stands twice"
            yield document.problem(where, ERROR, what, "join their clauses by or")
        for name in NAMED.findall(one["reason"]):
            if name not in specs.decisions:
                cure = did_you_mean(name, specs.decisions)
                yield document.problem((*where, "reason"), ERROR, f"unknown decision '{name}'", cure)
        yield from _clause(document, (*where, "where"), one.get("where", ""), judged, specs, "the DLT evaluation")
        if not one.get("where") and number + 1 < len(reasons):
            what = f"no reason after '{one['reason']}' is ever given: it has no `where:`"
            yield document.problem(where, ERROR, what, "let it stand last, or say when it holds")
        if one.get("in") == "true" and one.get("replaced") == "true":
            what = f"who is in the set for '{one['reason']}' is not replaced"
            yield document.problem(where, ERROR, what, "keep one of both words")
    if reasons and not any(one.get("in") == "true" for one in reasons):
        yield document.problem(("reasons",), ERROR, "no reason puts a subject in the DLT set", "say `in: true` of some")
