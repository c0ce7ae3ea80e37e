"""What specs say of a subject's course: parameters of exposure that cannot be measured, or that nobody could name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.ground.course import BY_ROLE
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content

CODE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
PERCENT = "percent_of_planned"


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
    elif planned and planned not in known:
        yield "planned", f"neither EX nor SUBJECTS has a variable {planned}", did_you_mean(planned, [BY_ROLE, *known])
    if (words["measure"] == PERCENT) != bool(planned):
        said = "needs `planned:`" if not planned else "says `planned:`, which only percent_of_planned reads"
        yield "measure", f"this {words['measure']} {said}", "the variable with the planned dose, or the word role"
