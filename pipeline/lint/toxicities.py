"""What toxicities.yaml says of datasets: they and their variables are there, clauses can hold, scales are known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.toxicities import domain_of
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem, read_document
from pipeline.study.decisions import Decision
from pipeline.study.specs import Specs
from pipeline.study.toxicities import (
    DATASET,
    DECISION,
    EVENTS_OF,
    ListedToxicities,
    load_toxicities,
    slips,
)
from pipeline.study.yaml_text import Content, Where

SCALES, SUBJECTS, TERM = "TOXSCALE", "subjects", "AEDECOD"
SUBJECT_KEYS = ("STUDYID", "USUBJID")


@dataclass(frozen=True)
class KnownSpecs:
    """What the words of toxicities are held against: the study's specs and terminology, and the files that say them."""

    specs: Specs
    ct: pd.DataFrame
    listed: ListedToxicities
    documents: Mapping[Path, Document]

    def problem(self, where: Where, what: str, cure: str) -> Problem:
        """A problem of a word, in the file that says it."""
        path, place = self.listed.origin(where)
        return self.documents[path].problem(place, ERROR, what, cure)

    @cached_property
    def subject(self) -> dict[str, values.ClauseField]:
        """The variables of a subject."""
        return values.of_spec(self.specs.datasets[SUBJECTS], self.ct)

    @cached_property
    def declared(self) -> dict[str, values.ClauseField]:
        """What is known of a subject, conditions and sets among it."""
        single = [one for one in self.specs.datasets.values() if one.intermediate and one.keys == SUBJECT_KEYS]
        found = [values.of_spec(one, self.ct) for one in single]
        return {name: field for fields in reversed(found) for name, field in fields.items()} | self.subject

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions that a clause may quote."""
        return self.specs.decisions

    def fields(self, dataset: str) -> dict[str, values.ClauseField]:
        """What a clause over a dataset's records as seen may name, supplemental qualifiers among it."""
        own = values.of_spec(self.specs.datasets[dataset], self.ct)
        supp = self.ct.loc[self.ct["codelist"] == f"SUPP{domain_of(dataset).upper()}", "submission"]
        return {name: values.ClauseField() for name in supp} | values.as_seen(own, self.subject)


def check_words(root: Path, folder: Path, decisions: Collection[str]) -> Iterator[Problem]:
    """Problems of the words by themselves, which keep the specs from being read."""
    with suppress(TrialError):  # what is not of its shape is told of the file
        listed = load_toxicities(root / "specs" / "standard", folder)
        for slip in slips(listed, decisions):
            path, where = listed.origin(slip.where)
            document = read_document(path, str(path.relative_to(root)))
            assert isinstance(document, Document)
            yield document.problem(where, ERROR, slip.what, slip.cure)


def check_toxicities(root: Path, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the toxicities in use, each where its word stands: the study's file, else the standard's."""
    listed = specs.inputs["toxicities"].said
    read = {path: read_document(path, str(path.relative_to(root))) for path in listed.files}
    known = KnownSpecs(specs, ct, listed, {path: one for path, one in read.items() if isinstance(one, Document)})
    for name, said in listed.words.items():
        yield from _scale(said["scale"], (name, "scale"), known)
        yield from _flag(said.get("flag", ""), said["events"].get("of", EVENTS_OF), (name, "flag"), known)
        yield from _records(said["events"], (name, "events"), known, EVENTS_OF)
        yield from _window(said["window"], (name, "window"), known)
        for asked, words in said["parameters"].items():
            where = (name, "parameters", asked)
            yield from _records(words, where, known, said["events"].get("of", EVENTS_OF))
            yield from _window(words.get("window", {}), (*where, "window"), known)
            told = values.slips(words.get("among", ""), known.declared, known.decisions, "The subject")
            yield from (known.problem((*where, "among"), what, cure) for what, cure in told)
        told = values.slips(said.get("capd", ""), known.declared, known.decisions, "The subject")
        yield from (known.problem((name, "capd"), what, cure) for what, cure in told)


def _scale(text: str, where: Where, known: KnownSpecs) -> Iterator[Problem]:
    scales = set(known.ct.loc[known.ct["codelist"] == SCALES, "submission"])
    if not DECISION.fullmatch(text) and text not in scales:
        cure = f"{did_you_mean(text, scales)}; a study adds a scale of its own to codelists.csv, codelist {SCALES}"
        yield known.problem(where, f"nobody knows the scale '{text}'", cure)


def _flag(flag: str, of: str, where: Where, known: KnownSpecs) -> Iterator[Problem]:
    """A flag is a variable of ADAE that its recipe does not make already."""
    if flag and of != EVENTS_OF:
        yield known.problem(where, f"{flag} is to flag records of {of}", f"only events of {EVENTS_OF} have a flag")
    said = known.specs.datasets[EVENTS_OF].said.get("variables", [])
    if flag in [one["name"] if isinstance(one, dict) else one for one in said]:
        yield known.problem(where, f"ADAE has the variable {flag} already", "give the flag another name")


def _records(words: Content, where: Where, known: KnownSpecs, of: str) -> Iterator[Problem]:
    """The dataset, its variables and the clause of what tells records."""
    dataset = words.get("of", of)
    if dataset not in known.specs.datasets or dataset == DATASET:
        cure = did_you_mean(dataset, [name for name in known.specs.datasets if name != DATASET])
        yield known.problem((*where, "of"), f"unknown dataset '{dataset}'", cure)
        return
    fields, thing = known.fields(dataset), known.specs.datasets[dataset].dataset
    for word in [word for word in ("grade", "value") if words.get(word) and words[word] not in fields]:
        cure = did_you_mean(words[word], fields)
        yield known.problem((*where, word), f"{thing} has no variable {words[word]}", cure)
    if words.get("terms") and TERM not in fields:
        what = f"{thing} has no {TERM}, by which terms are told"
        yield known.problem((*where, "terms"), what, "say `where:` instead")
    for what, cure in values.slips(words.get("where", ""), fields, known.decisions, thing):
        yield known.problem((*where, "where"), what, cure)


def _window(words: Content, where: Where, known: KnownSpecs) -> Iterator[Problem]:
    dates = [name for name, field in known.subject.items() if field.kind == "date"]
    for number, name in enumerate(words.get("before", [])):
        if name not in dates:
            what = f"the subject has no date {name} that could end a window"
            yield known.problem((*where, "before", number), what, did_you_mean(name, dates))
