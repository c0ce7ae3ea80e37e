"""profile.yaml: datasets, variables, clauses and scales that the page of a subject names and that are not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.folder import Folder
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.profile import CLAUSES, FILE, PARTS, PROFILE, SUBJECTS
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content

NAMES = {"lanes": ("start", "end", "rows", "colour"), "tables": ("date", "value"),
         "charts": ("value", "date", "unit", "text", "limit", "low", "high", "by")}  # fmt: skip
LISTS = {"lanes": "text", "tables": "columns", "charts": ""}
HEAD = ("head", "origins")


def check_profiles(folder: Folder, specs: Specs, ct: pd.DataFrame) -> list[Problem]:
    """Problems of the standard's profile.yaml and the study's; none of a study without pages of subjects."""
    if PROFILE not in specs.inputs:
        return []
    said = specs.inputs[PROFILE].said
    left = {name for one in folder.documents(f"adam/{SUBJECTS}.yaml") for name in one.content.get("without") or ()}
    standard = [problem for one in folder.documents(f"../standard/{FILE}")
                for problem in check_profile(one, specs, said, ct, left)]  # fmt: skip
    return standard + [problem for one in folder.documents(FILE) for problem in check_profile(one, specs, said, ct)]


def check_profile(
    document: Document, specs: Specs, said: Content, ct: pd.DataFrame, left: Collection[str] = ()
) -> Iterator[Problem]:
    """Problems of a profile.yaml; `said` are its entries together with what the standard says of them.

    `left` are variables of the standard that the study leaves out of ADSL: the page of a subject does without.
    """
    known = {*specs.datasets[SUBJECTS].names, *left}
    for part, names in ((part, document.content.get(part) or {}) for part in HEAD):
        for name in [name for name in names if name not in known]:
            yield document.problem((part, name), ERROR, f"ADSL has no variable {name}", did_you_mean(name, known))
    for part in PARTS:
        for name in document.content.get(part) or {}:
            if name in said[part]:
                for word, what, cure in _entry(part, said[part][name], said, specs, ct):
                    yield document.problem((part, name, word), ERROR, what, cure)


def _entry(part: str, words: Content, said: Content, specs: Specs, ct: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """What one lane, chart or table names that is not there: word, what is wrong, cure."""
    if words["of"] not in specs.datasets:
        yield "of", f"unknown dataset '{words['of']}'", did_you_mean(words["of"], specs.datasets)
        return
    thing, fields = words["of"].upper(), values.of_spec(specs.datasets[words["of"]], ct)
    named = [(word, words[word]) for word in NAMES[part] if words.get(word)]
    named += [(LISTS[part], name) for name in words.get(LISTS[part], ())]
    for word, name in named:
        if name not in fields:
            yield word, f"{thing} has no variable {name}", did_you_mean(name, fields)
    lent = values.of_spec(specs.datasets[SUBJECTS], ct)
    for word in CLAUSES:
        for what, cure in values.slips(words.get(word, ""), {**lent, **fields}, specs.decisions, thing):
            yield word, what, cure
    if words.get("scale", "") not in ("", *said["scales"]):
        yield "scale", f"unknown scale '{words['scale']}'", did_you_mean(words["scale"], said["scales"])
    if words.get("scale") and not words.get("colour"):
        yield "scale", "a scale colours nothing here", "say `colour:`, the variable whose values are coloured"
