"""How sets, response, toxicities and times to event are derived: sentences of the specs, and what tests hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.documentation.sources import rules
from pipeline.ground.metadata import DatasetSpec
from pipeline.manual.markdown import code, folded, table
from pipeline.study.specs import Specs

CHAPTERS = {
    "Analysis sets": ("adsl", ("test_analysis_sets.py", "test_efficacy_set.py", "test_dlt_set.py")),
    "Response": ("adrs", ("test_responses.py", "test_derived_response.py")),
    "CRS, ICANS and other toxicities of interest": ("adcrs", ("test_crs_and_icans.py",)),
    "Dose-limiting toxicity": ("addlt", ("test_dlt_by_rule.py",)),
    "Times to event": ("adtte", ("test_progression_free_survival.py", "test_other_endpoints.py")),
}


def of_chapter(root: Path, specs: Specs, title: str) -> Iterator[str]:
    """A chapter: what the specs say of its dataset, the decisions they name, and the rules that stories hold."""
    name, stories = CHAPTERS[title]
    spec = specs.datasets[name]
    if name == "adsl":
        yield _sets(specs)
    elif spec.parameters:
        lines = [(code(one.code), one.label, one.derivation) for one in spec.parameters]
        yield table(("PARAMCD", "Parameter", "How it is derived"), lines)
    else:
        yield _variables(spec)
    yield _decisions(specs, spec)
    yield "What tests hold, each with its worked example: open a line to see what is given and what is expected."
    for story in stories:
        yield f"`tests/stories/{story}`"
        yield from (folded(rule, test) for rule, test in rules(root / "tests" / "stories" / story))


def _sets(specs: Specs) -> str:
    """The sets with who is in them, in the words of the variable that holds each."""
    made = {one.name: one.derivation or one.source for one in specs.datasets["adsl"].variables}
    lines = []
    for one in specs.declared.sets:
        who = made.get(one.flag, "") or (code(one.where) if one.where else "Everybody in demographics.")
        lines.append((code(one.id), one.label, code(one.flag), who))
    return table(("Set", "Label", "Variable", "Who is in it"), lines)


def _variables(spec: DatasetSpec) -> str:
    lines = [(code(one.name), one.label, one.derivation) for one in spec.variables if one.derivation]
    return table(("Variable", "Label", "How it is derived"), lines)


def _decisions(specs: Specs, spec: DatasetSpec) -> str:
    """The decisions that these sentences name, as the standard takes them."""
    said = " ".join([*(one.derivation for one in spec.variables), *(one.derivation for one in spec.parameters)])
    named = [one for name, one in specs.decisions.items() if name in said]
    lines = [(code(one.id), one.question, str(one.value), one.why) for one in named]
    if not lines:
        return "These sentences name no decision of the plan."
    told = table(("Decision", "Question", "Here", "Why"), lines)
    return f"Decisions of the plan that these sentences name:\n\n{told}"
