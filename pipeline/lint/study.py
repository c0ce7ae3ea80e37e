"""study.yaml, decisions.yaml and the study's tables."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Headline, StudySettings
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, WARNING, Document, Grid, Problem
from pipeline.lint.shown import check_shell, statistics, statistics_of_kinds
from pipeline.study.contracts import Field
from pipeline.study.decisions import Decision, own_choices, typed_choice
from pipeline.study.settings import settings_of
from pipeline.study.yaml_text import Content, Where
from tlf.rows import kinds

REQUIRED = ("study", "subjects")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ROLES = ("conditioning", "cells")
DICTIONARIES = ("meddra", "whodrug")
PAPERS, STATUSES = ("Letter", "A4"), ("draft", "final")
VISIT_COLUMNS = ("VISITNUM", "VISIT", "FOLDER", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH", "RESPFL",
                 "AVISIT", "PREFL", "ALIAS")  # fmt: skip
ANCHORS = ("CONSENT", "CONDITIONING", "CELLS", "")
TERM_COLUMNS = ("codelist", "extensible", "collected", "submission", "code", "label")


def check_study(
    document: Document, fields: Mapping[str, Field | None], outputs: Mapping[str, Document]
) -> list[Problem]:
    """Problems of study.yaml; `fields` knows FORM and FORM.FIELD, `outputs` the outputs by number."""
    study, said = settings_of(document.content), document.content
    lost = [word for word in REQUIRED if word not in said and not (study.from_sdtm and word == "subjects")]
    found = [document.problem((), ERROR, f"study.yaml lacks `{word}:`", "add it") for word in lost]
    found += [*_places(document, study, fields), *_choices(document, study)]
    if study.cutoff not in ("", "none") and not DAY.fullmatch(study.cutoff):
        what = f"cutoff cannot be '{study.cutoff}'"
        found.append(document.problem(("cutoff",), ERROR, what, "none, or a day such as 2026-06-30"))
    for number, entry in enumerate(study.headline):
        found += _headline(document, ("headline", number), entry, outputs)
    return found


def _choices(document: Document, study: StudySettings) -> Iterator[Problem]:
    """Words that are one of few."""
    named: list[tuple[Where, str, str, tuple[str, ...]]]
    named = [(("treatments", role), "role", role, ROLES) for role in study.treatments]
    named += [(("dictionaries", word), "dictionary", word, DICTIONARIES) for word in study.dictionaries]
    known = (*statistics(), *statistics_of_kinds())
    named += [(("statistics", word), "statistic", word, known) for word in study.statistics]
    for where, thing, word, known in named:
        if word not in known:
            yield document.problem(where, ERROR, f"unknown {thing} '{word}'", did_you_mean(word, known))
    if not study.study_treatment:
        what = "study_treatment names no role, so nobody is treated"
        yield document.problem(("study_treatment",), ERROR, what, "name cells, or leave the line out")
    for word, told, choices in (("paper", study.paper, PAPERS), ("status", study.status, STATUSES)):
        if told not in choices:
            what = f"{word} is '{told}'; it must be {' or '.join(choices)}"
            yield document.problem((word,), ERROR, what, did_you_mean(told, choices))


def _headline(document: Document, where: Where, entry: Headline, outputs: Mapping[str, Document]) -> Iterator[Problem]:
    """A headline result is a column of an output, printed by a shell that can be read."""
    if entry.output not in outputs:
        yield document.problem(where, ERROR, f"unknown output '{entry.output}'", did_you_mean(entry.output, outputs))
        return
    for word, ids in _ids(entry, outputs[entry.output].content).items():
        if getattr(entry, word) not in ids:
            what = f"no {word} of {entry.output} has the id '{getattr(entry, word)}'"
            cure = did_you_mean(getattr(entry, word), ids) if ids else "give it one"
            yield document.problem((*where, word), ERROR, what, cure)
    for what, cure in check_shell(entry.show, _made(entry, outputs[entry.output].content)):
        yield document.problem((*where, "show"), ERROR, what, cure)


def _ids(entry: Headline, output: Content) -> dict[str, list[str]]:
    """The ids that a headline may name: those that stand in the shell, for labels may be reworded."""
    sets = [one for one in [*output.get("sets", []), output.get("population", {})] if "id" in one]
    within = [one for one in sets if one["id"] == entry.set] or [output]
    rows = [row for one in within for row in one.get("rows", output.get("rows", []))]
    levels = [level for row in rows if row.get("id") == entry.row for level in row.get("values", [])]
    known = {"set": sets, "row": rows, "level": levels, "column": output.get("columns", [])}
    asked = {word: items for word, items in known.items() if getattr(entry, word)}
    return {word: [name for item in items if (name := _id(item))] for word, items in asked.items()}


def _made(entry: Headline, output: Content) -> set[str]:
    """The statistics that the row of a headline makes."""
    rows = [row for one in [output, *output.get("sets", [])] for row in one.get("rows", [])]
    of_rows = [kinds.KINDS[next(iter(row))] for row in rows if row.get("id") == entry.row]
    return {name for kind in of_rows if issubclass(kind, kinds.Measured) for name in kind.made}


def _id(item: str | dict[str, str]) -> str:
    """The id of a set, row, level or column that was written; a level without one has its value."""
    return item if isinstance(item, str) else item.get("id", item.get("value", ""))


def _places(document: Document, study: StudySettings, fields: Mapping[str, Field | None]) -> list[Problem]:
    """FORM or FORM.FIELD references that lead nowhere; what the study can do without is only looked at."""
    found = []
    for word, places in study.places.items():
        for named in places if word in document.content else ():
            if named not in fields:
                what = f"{word} names {named}, which no raw contract has"
                found.append(document.problem((word,), ERROR, what, did_you_mean(named, fields)))
            elif (word == "subjects") == ("." in named):
                cure = "subjects: FORM" if word == "subjects" else f"{word}: FORM.FIELD"
                found.append(document.problem((word,), ERROR, f"{word} cannot be {named}", cure))
            elif (field := fields[named]) and field.type != "date":
                what = f"{word} names {named}, which is no date but {field.type}"
                found.append(document.problem((word,), ERROR, what, "name a field of type date"))
    if not study.death and not study.from_sdtm:
        found.append(
            document.problem((), WARNING, "study.yaml names no `death:` (FORM.FIELD); deaths after the cut stay")
        )
    return found


def check_products(document: Document, made: Collection[str], constants: Collection[str]) -> list[Problem]:
    """A product that no record of EX can have would leave everybody untreated; so would a constant misspelt.

    `made` are the treatments that records of EX can have, `constants` those that its sheet writes itself.
    """
    found = []
    treatments = settings_of(document.content).treatments
    products = [name for entry in treatments.values() for name in entry.products]
    for name in sorted({*constants} - {*products}):
        for near in difflib.get_close_matches(name, products, 1, 0.8):
            what = f"mapping/ex.csv gives the treatment '{name}', which is nobody's product"
            found.append(document.problem(("treatments",), ERROR, what, f"did you mean {near}?"))
    for role, entry in treatments.items():
        for number, name in enumerate(entry.products):
            if made and name not in made:
                what = f"no record of EX has the treatment '{name}'"
                where = ("treatments", role, "products", number)
                found.append(document.problem(where, ERROR, what, did_you_mean(name, made)))
    return found


def check_parts(document: Document, decisions: dict[str, Decision]) -> list[Problem]:
    """A decision that names a part of the study (`of: parts`) names one that study.yaml has."""
    parts = settings_of(document.content).parts
    named = [d for d in decisions.values() if d.of == "parts" and parts and d.value not in parts]
    found = []
    for decision in named:
        what = f"decision {decision.id} names the part {decision.value}, which study.yaml does not have"
        found.append(document.problem(("parts",), ERROR, what, did_you_mean(str(decision.value), parts)))
    return found


def check_decisions(document: Document, known: dict[str, Decision]) -> list[Problem]:
    """Decisions nobody asked for, and values that are no choice."""
    found = []
    for name, chosen, where in own_choices(document.content):
        if name not in known:
            found.append(document.problem(where, ERROR, f"unknown decision '{name}'", did_you_mean(name, known)))
            continue
        try:
            typed_choice(known[name], chosen)
        except TrialError as error:
            found.append(document.problem(where, ERROR, error.what.rstrip("."), error.cure))
    return found


def check_folders(document: Document, visits: Grid) -> list[Problem]:
    """A form stands in folders that visits.csv has; in another none of its records would be looked for."""
    known = {row["FOLDER"] for _, row in visits.rows if row.get("FOLDER")}
    said = document.content.get("folders") or []
    return [
        document.problem(("folders", n), ERROR, f"visits.csv has no folder {name}", did_you_mean(name, known))
        for n, name in enumerate(said) if known and name not in known
    ]  # fmt: skip


def check_visits(grid: Grid) -> list[Problem]:
    """Columns, windows that end before they begin, numbers and names that stand twice."""
    found = grid.lacks(*VISIT_COLUMNS)
    if found:
        return found
    seen: dict[str, int] = {}
    for line, row in grid.rows:
        limits = [pd.to_numeric(row[c] or None, errors="coerce") for c in ("WINDOW_LOW", "PLANNED_DAY", "WINDOW_HIGH")]
        if limits[0] > limits[2]:
            found.append(grid.problem(line, "WINDOW_LOW", ERROR, f"the window of {row['VISIT']} ends before it begins"))
        elif limits[1] < limits[0] or limits[1] > limits[2]:
            found.append(grid.problem(line, "PLANNED_DAY", WARNING, f"{row['VISIT']} is planned outside its window"))
        if row["ANCHOR"] not in ANCHORS:
            cure = did_you_mean(row["ANCHOR"], ANCHORS[:3])
            found.append(grid.problem(line, "ANCHOR", ERROR, f"unknown anchor '{row['ANCHOR']}'", cure))
        if row["VISITNUM"] and row["VISITNUM"] in seen:
            what = f"the visit number {row['VISITNUM']} stands on line {seen[row['VISITNUM']]} too"
            found.append(grid.problem(line, "VISITNUM", ERROR, what, "number each visit once"))
        seen.setdefault(row["VISITNUM"], line)
    return found


def check_terminology(grid: Grid) -> list[Problem]:
    """Columns, and a collected value that one list turns into two submission values."""
    found = grid.lacks(*TERM_COLUMNS)
    if found:
        return found
    seen: dict[tuple[str, str], str] = {}
    for line, row in grid.rows:
        key = (row["codelist"], row["collected"].upper())
        if row["collected"] and seen.get(key, row["submission"]) != row["submission"]:
            what = f"{row['collected']} of {row['codelist']} is {seen[key]} and {row['submission']}"
            found.append(grid.problem(line, "submission", ERROR, what, "keep one of them"))
        if not row["submission"]:
            found.append(grid.problem(line, "submission", ERROR, "a term needs a submission value"))
        seen.setdefault(key, row["submission"])
    return found
