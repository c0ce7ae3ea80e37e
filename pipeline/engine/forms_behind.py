"""The raw forms whose records are the data behind an output: what its lineage leads to, not all that its datasets need.

Every dataset needs every subject, and subjects are made of nearly all forms. So the way back goes from dataset to
dataset to the domains of SDTM and their forms, but past datasets of one record per subject: of these count the sources
(ADSL's spec) of the columns that an output can read (`columns_read.py`), or that a recipe on the way names; a derived
one that names no source may come from any form. Of times to event count the sources of the endpoints that the output
names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipeline.engine.columns_read import NAME, columns_read
from pipeline.engine.mapping_sheets import domain_forms
from pipeline.engine.node import Graph, Node
from pipeline.engine.spec_hashes import text_of
from pipeline.ground import source
from pipeline.ground.endpoints import Endpoints, Source
from pipeline.study.declared import ADSL
from pipeline.study.specs import Specs

DOMAIN = re.compile(r"\b([A-Z][A-Z0-9]{1,7})\.[A-Z][A-Z0-9]*")
SUBJECT = {"STUDYID", "USUBJID"}
ENDPOINTS = "endpoints"  # the setting of a recipe that makes times to event


def forms_behind(node: Node, specs: Specs, graph: Graph) -> frozenset[str]:
    """The raw forms behind an output, that of the subjects always among them."""
    named = {*NAME.findall(text_of(specs.outputs[node.name].shell.measured))}
    columns = {*columns_read(node, specs, specs.datasets[ADSL].names)} if ADSL in node.needs else set()
    todo, seen, domains = [need for need in node.needs if need != ADSL], set[str](), set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if specs.datasets[name].layer == "sdtm":
            domains.add(name)
        elif name in node.needs or not of_subjects(name, specs):
            one = graph[name]
            columns |= _named_in(one.module)
            needs, read = _needs(one, specs, named)
            columns |= read
            todo += [need for need in needs if need in specs.datasets]
    of_subjects_read = [one for one in specs.datasets[ADSL].variables if one.name in columns]
    if any(one.origin == "Derived" and not one.source for one in of_subjects_read):
        return frozenset(specs.raw)  # what says no source may come from any
    domains |= {word.lower() for one in of_subjects_read for word in DOMAIN.findall(one.source)}
    forms = {form for domain in domains for form in domain_forms(specs, domain.removeprefix("supp"))}
    return frozenset({*forms, specs.study.subjects} & {*specs.raw})


def of_subjects(name: str, specs: Specs) -> bool:
    """True for a dataset of one record per subject."""
    return {*specs.datasets[name].keys} <= SUBJECT


def _needs(node: Node, specs: Specs, named: set[str]) -> tuple[Iterable[str], set[str]]:
    """The datasets that a recipe is made of, and columns that specs name for it.

    Of times to event these are those of the endpoints that are named, of all where none is.
    """
    if ENDPOINTS not in node.settings:
        return node.given, set()
    endpoints: Endpoints = specs.inputs[ENDPOINTS].value(specs.decisions)
    asked = [one for one in endpoints.made if one.code in named] or endpoints.made
    words = {*NAME.findall(text_of(asked))}
    while further := {*NAME.findall(text_of(*_named_of(endpoints, words)))} - words:
        words |= further
    return {one.of for one in _named_of(endpoints, words)}, words


def _named_of(endpoints: Endpoints, words: set[str]) -> list[Source]:
    return [one for name, one in endpoints.sources.items() if name in words]


@cache
def _named_in(module: str) -> frozenset[str]:
    """What may be the name of a column in a module."""
    path = source.module_path(module)
    return frozenset(NAME.findall(path.read_text(encoding="utf-8")) if path else ())
