"""Tables of grades (`criteria/*.yaml`, `scale:`), and `days:` of toxicities: who grades them, and by which tests."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from pipeline.ground.clauses import named_in
from pipeline.ground.grammar import NotReadError, parsed
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem, read_document
from pipeline.study.specs import Specs
from pipeline.study.toxicities import FINDINGS_ABOUT, ListedToxicities, scale_of
from pipeline.study.yaml_text import Content

SCALES, CODED = "TOXSCALE", ("CRS", "ICANS")  # whose days the code grades where no table does
STUDY, GRADED, NEARLY = "study.yaml", ("crs", "icans", "toxicity"), 0.8
GRADES = ("0", "1", "2", "3", "4", "5")


def check_scales(root: Path, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the tables of grades and of the days that they grade, each where its word stands."""
    listed = specs.inputs["toxicities"].said
    yield from _named(specs, ct, root)
    for path in listed.tables:
        document = read_document(path, str(path.relative_to(root)))
        if isinstance(document, Document):
            yield from _table(document, ct)
    for name, said in listed.words.items():
        if said.get("days"):
            yield from _days(name, said, specs, ct, root)


def _named(specs: Specs, ct: pd.DataFrame, root: Path) -> Iterator[Problem]:
    """A scale that study.yaml names, for footnotes, is none that is nearly another's name."""
    document = read_document(specs.folder / STUDY, str((specs.folder / STUDY).relative_to(root)))
    scales = sorted(ct.loc[ct["codelist"] == SCALES, "submission"])
    for word in GRADED:
        name = specs.study.criteria.get(word, "")
        near = [] if name in scales else get_close_matches(name, scales, 1, NEARLY)
        if near and isinstance(document, Document):
            what = f"nobody knows the scale '{name}'"
            yield document.problem(("criteria", word), ERROR, what, f"did you mean {near[0]}?")


def _table(document: Document, ct: pd.DataFrame) -> Iterator[Problem]:
    """A table has a scale that is known, grades that are numbers, and clauses that can be read."""
    scale, scales = document.content["scale"], set(ct.loc[ct["codelist"] == SCALES, "submission"])
    if scale not in scales:
        cure = f"{did_you_mean(scale, scales)}; a study adds a scale of its own to codelists.csv, codelist {SCALES}"
        yield document.problem(("scale",), ERROR, f"nobody knows the scale '{scale}'", cure)
    for grade, clause in document.content["cases"].items():
        if grade not in GRADES:
            yield document.problem(("cases", grade), ERROR, f"'{grade}' is no grade", f"one of {', '.join(GRADES)}")
        try:
            parsed(clause) if clause.strip() else None
        except NotReadError as error:
            what = f"the condition {clause!r} cannot be read: {error.what}"
            yield document.problem(("cases", grade), ERROR, what, error.cure)


def _days(name: str, said: Content, specs: Specs, ct: pd.DataFrame, root: Path) -> Iterator[Problem]:
    """The records of days are of a findings domain, which has the tests that the scale's table asks."""
    listed: ListedToxicities = specs.inputs["toxicities"].said
    path, where = listed.origin((name, "days"))
    document, of = read_document(path, str(path.relative_to(root))), said["days"].get("of", FINDINGS_ABOUT)
    assert isinstance(document, Document)
    tests, scale = f"{of.upper()}TESTCD", scale_of(said, {d.lower(): one.value for d, one in specs.decisions.items()})
    if of not in specs.datasets or tests not in specs.datasets[of].names:
        known = [one for one, spec in specs.datasets.items() if f"{one.upper()}TESTCD" in spec.names]
        yield document.problem(where, ERROR, f"'{of}' is no findings domain", did_you_mean(of, known))
        return
    fields = values.of_spec(specs.datasets[of], ct)
    told = values.slips(said["days"].get("where", ""), fields, specs.decisions, of.upper())
    yield from (document.problem(where, ERROR, what, cure) for what, cure in told)
    if scale not in listed.scales and name not in CODED:
        cure = f"{did_you_mean(scale, listed.scales)}; a table of its own is criteria/x.yaml with `scale: {scale}`"
        yield document.problem(where, ERROR, f"nothing grades the days of {name} by {scale}", cure)
    terms = set(ct.loc[ct["codelist"] == tests, "submission"])
    asked = [test for clause in listed.scales.get(scale, {}).values() for test in named_in(clause)]
    for test in dict.fromkeys([*asked, *said["days"].get("blank", {}), *filter(None, [said["days"].get("grade")])]):
        if test not in terms:
            what = f"{tests} has no test {test}, which the days of {name} are graded by"
            yield document.problem(where, ERROR, what, did_you_mean(test, terms))
