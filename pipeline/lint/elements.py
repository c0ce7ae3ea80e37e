"""Elements of the trial design: codes, epochs and durations that cannot be, starts that ask for what is not there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.ground.metadata import Element, ElementStart
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Where

CODE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
DURATION = re.compile(r"P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?")
EPOCH, LIST_OF = "EPOCH", "SUPP"


def check_elements(document: Document, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the elements of study.yaml, each where it stands."""
    elements = specs.study.elements
    for number, one in enumerate(elements):
        where: Where = ("elements", number)
        own = (*_coded(one, elements[:number]), *_ruled(one), *_of_arms(one, specs), *_named(one, ct))
        for word, what, cure in own:
            yield document.problem((*where, word), ERROR, what, cure)
        several = isinstance(document.content["elements"][number]["starts"], list)
        for at, start in enumerate(one.starts):
            for word, what, cure in _start(start, specs, ct):
                yield document.problem((*where, "starts", *((at,) if several else ()), word), ERROR, what, cure)


def _coded(one: Element, before: tuple[Element, ...]) -> Iterator[tuple[str, str, str]]:
    if not CODE.fullmatch(one.code):
        yield "code", f"'{one.code}' is no code of an element", "one to eight capitals and figures, a letter first"
    if one.code in {other.code for other in before}:
        yield "code", f"the element {one.code} stands twice", "give one of them another code"


def _ruled(one: Element) -> Iterator[tuple[str, str, str]]:
    """What ends an element is a rule or a duration (SDTMIG 3.4, 7.2.2 TE)."""
    if not one.end_rule and not one.duration:
        yield "code", f"the element {one.code} has neither `end_rule:` nor `duration:`", "say what ends it"
    if one.duration and not DURATION.fullmatch(one.duration):
        yield "duration", f"'{one.duration}' is no duration of ISO 8601", "write P100D for 100 days, P2W for two weeks"


def _of_arms(one: Element, specs: Specs) -> Iterator[tuple[str, str, str]]:
    known = [arm.code for arm in specs.study.all_arms]
    for code in one.arms:
        if code not in known:
            yield "arms", f"no arm of the study has the code {code}", did_you_mean(code, known)


def _named(one: Element, ct: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """An epoch may be the sponsor's own, but not one of the list misspelt."""
    terms = [*ct.loc[ct["codelist"] == EPOCH, "submission"]]
    near = difflib.get_close_matches(one.epoch.upper(), terms, 1, 0.85)
    if one.epoch not in terms and near:
        yield "epoch", f"the codelist {EPOCH} has no '{one.epoch}'", f"did you mean {near[0]}?"


def _start(start: ElementStart, specs: Specs, ct: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """What starts an element: a date and a clause of a domain that is mapped."""
    mapped = [name for name in specs.datasets if name in specs.mappings]
    if start.of not in mapped:
        yield "of", f"no domain '{start.of}' is mapped", did_you_mean(start.of, mapped)
        return
    fields = _fields(start.of, specs, ct)
    for what, cure in values.slips(start.where, fields, specs.decisions, start.of.upper()):
        yield "where", what, cure
    dates = [name for name in fields if name.endswith("DTC")]
    if start.date not in dates:
        yield "date", f"{start.of.upper()} has no date {start.date}", did_you_mean(start.date, dates)


def _fields(domain: str, specs: Specs, ct: pd.DataFrame) -> Mapping[str, values.ClauseField]:
    """The variables of a domain as mapped, and the qualifiers that terminology knows for it."""
    qualifiers = ct.loc[ct["codelist"] == f"{LIST_OF}{domain.upper()}", "submission"]
    return {name: values.ClauseField() for name in qualifiers} | values.of_spec(specs.datasets[domain], ct)
