"""What specs say of a subject's course: parameters of exposure and values at baseline that cannot be made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.ground.course import BY_LEVEL, BY_ROLE
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.course import SUBJECTS
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content

CODE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
PLANS, AREA, SAMPLES = ("planned", "percent_of_planned"), "area", "adpc"


def check_doses(document: Document, specs: Specs, fields: Mapping[str, values.ClauseField]) -> Iterator[Problem]:
    """Problems of doses.yaml; `fields` is what clauses over EX may name."""
    for code, words in document.content.items():
        if not CODE.fullmatch(code):
            what, cure = f"'{code}' is no parameter code", "one to eight capitals and figures, a letter first"
            yield document.problem((code,), ERROR, what, cure)
        for what, cure in values.slips(words.get("where", ""), fields, specs.decisions, "EX") if words else ():
            yield document.problem((code, "where"), ERROR, what, cure)
        for word, what, cure in _named(words, specs, fields) if words else ():
            yield document.problem((code, word), ERROR, what, cure)


def _named(
    words: Content, specs: Specs, fields: Mapping[str, values.ClauseField]
) -> Iterator[tuple[str, str, str]]:
    """The weight and the planned dose that an entry names: word, what is wrong, cure."""
    weights = [v.name for v in specs.datasets["baseline"].variables if v.type == "number"]
    if words.get("weight", "") not in ("", *weights):
        yield "weight", f"no weight is called {words['weight']}", did_you_mean(words["weight"], weights)
    planned, known = words.get("planned", ""), [*fields, *specs.datasets["subjects"].names]
    if planned == BY_ROLE:
        treatment = specs.study.treatments.get(words["role"])
        if treatment is None or not treatment.planned.get("dose"):
            what = f"study.yaml plans no dose for the role {words['role']}"
            yield "planned", what, f"say treatments: {{{words['role']}: {{planned: {{dose: …}}}}}} there"
    elif planned == BY_LEVEL:
        yield from _by_level(words, specs)
    elif planned and planned not in known:
        words_too = [BY_ROLE, BY_LEVEL, *known]
        yield "planned", f"neither EX nor SUBJECTS has a variable {planned}", did_you_mean(planned, words_too)
    if (words["measure"] in PLANS) != bool(planned):
        said = "needs `planned:`" if not planned else "says `planned:`, which only planned and percent_of_planned read"
        cure = "the variable with the planned dose, or the word role or level"
        yield "measure", f"this {words['measure']} {said}", cure


def _by_level(words: Content, specs: Specs) -> Iterator[tuple[str, str, str]]:
    """What stands against the planned dose of levels: a level without one, per kg and not."""
    lacking = [name for name, level in specs.study.levels.items() if level.dose is None]
    if lacking or not specs.study.levels:
        what = f"level {lacking[0]} has no planned dose" if lacking else "the study has no dose levels"
        yield "planned", what, "say levels: {1: {label: …, dose: …, unit: …}} in study.yaml"
    per_kg = {level.unit.endswith("/kg") for level in specs.study.levels.values()}
    if per_kg == {True} and not words.get("weight"):
        yield "planned", "the levels are planned per kg", "say `weight:`, the variable by which doses are divided"
    if per_kg == {False} and words.get("weight"):
        yield "weight", "the levels are not planned per kg", "take `weight:` away"


def check_kinetics(document: Document, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of kinetics.yaml: codes, clauses on ADPC, areas without an end, a study without samples."""
    if SAMPLES not in specs.datasets:
        cure = "map the samples to PC, or take the file away"
        yield document.problem((), ERROR, "the study collects no samples: it has no kinetics", cure)
        return
    fields = values.of_spec(specs.datasets[SAMPLES], ct)
    for code, words in document.content.items():
        if not CODE.fullmatch(code):
            what, cure = f"'{code}' is no parameter code", "one to eight capitals and figures, a letter first"
            yield document.problem((code,), ERROR, what, cure)
        for what, cure in values.slips(words.get("where", ""), fields, specs.decisions, "ADPC") if words else ():
            yield document.problem((code, "where"), ERROR, what, cure)
        if words and (words["measure"] == AREA) != ("to" in words):
            said = "needs `to:`" if words["measure"] == AREA else "says `to:`, which only area reads"
            cure = "the day on which an area ends"
            yield document.problem((code, "measure"), ERROR, f"this {words['measure']} {said}", cure)


def check_baselines(document: Document, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of baseline.yaml: datasets, variables and clauses that are not there, variables without a label."""
    for name, words in document.content.items():
        if not CODE.fullmatch(name):
            what, cure = f"'{name}' is no name of a variable", "one to eight capitals and figures, a letter first"
            yield document.problem((name,), ERROR, what, cure)
        others = enumerate(words.get("else", [])) if words else ()
        sources = [((name,), words), *(((name, "else", n), one) for n, one in others)]
        for where, source in sources if words else ():
            for word, what, cure in _source(source, words, specs, ct):
                yield document.problem((*where, word), ERROR, what, cure)
        own = specs.datasets[SUBJECTS].by_name.get(name)
        if words and (own is None or not own.label):
            what = f"{name} is a new variable of ADSL and has no label"
            yield document.problem((name,), ERROR, what, "add `label:`")


def _source(source: Content, words: Content, specs: Specs, ct: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """One source of a value at baseline: word, what is wrong, cure."""
    if source["of"] not in specs.datasets:
        yield "of", f"unknown dataset '{source['of']}'", did_you_mean(source["of"], specs.datasets)
        return
    own = values.of_spec(specs.datasets[source["of"]], ct)
    beside = values.of_spec(specs.datasets["exposure"], ct)
    seen, thing = values.as_seen(own, beside), source["of"].upper()
    for what, cure in values.slips(source.get("where", ""), seen, specs.decisions, thing):
        yield "where", what, cure
    if source["value"] not in specs.datasets[source["of"]].names:
        what = f"{source['of'].upper()} has no variable {source['value']}"
        yield "value", what, did_you_mean(source["value"], own)
    elif source.get("take", "last") in ("highest", "lowest") and words.get("type", "number") != "number":
        yield "take", f"a text has no {source['take']}", "first or last"


def check_alive(document: Document, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of alive.yaml: domains, dates, clauses and decisions that are not there."""
    flags = [name for name, decision in specs.decisions.items() if decision.type == "flag"]
    qualifiers = set(ct.loc[ct["codelist"].str.startswith("SUPP"), "submission"])
    for name, words in document.content.items():
        domain = words.get("of", "") if words else ""
        if words and domain not in specs.datasets:
            cure = did_you_mean(domain, specs.datasets)
            yield document.problem((name, "of"), ERROR, f"unknown dataset '{domain}'", cure)
            continue
        own = values.of_spec(specs.datasets[domain], ct) if words else {}
        for what, cure in values.slips(words.get("where", ""), own, specs.decisions, domain.upper()) if words else ():
            yield document.problem((name, "where"), ERROR, what, cure)
        if words and words["date"] not in {*own, *qualifiers}:
            what = f"{domain.upper()} has no variable or qualifier {words['date']}"
            yield document.problem((name, "date"), ERROR, what, did_you_mean(words["date"], {*own, *qualifiers}))
        if words and words.get("decision", "") not in ("", *flags):
            what = f"unknown decision '{words['decision']}' of Y or N"
            yield document.problem((name, "decision"), ERROR, what, did_you_mean(words["decision"], flags))
