"""What a response parameter of ADRS can be, Y and N or one of an order, and rows and clauses that ask for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Clause
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem, read_document
from pipeline.lint.ungiven_values import NOT_CLAUSES, texts_in, texts_of
from pipeline.study.responses import LISTED, YES_NO
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content, Where

CODE, ANSWER, YES = "PARAMCD", "AVALC", "Y"
Answers = Mapping[str, frozenset[str]]


def check_answers(specs: Specs) -> Iterator[Problem]:
    """Clauses of a study's files, and levels of rows, that ask a response for what it never is."""
    known = answers(specs.inputs["responses"].said["made"] if "responses" in specs.inputs else [])
    for path in sorted(specs.folder.rglob("*.yaml")):
        document = read_document(path, str(path.relative_to(specs.root)))
        if path.parent.name not in NOT_CLAUSES and isinstance(document, Document):
            for where, text in texts_in(document.content):
                for code, one in _asked(text, known):
                    asked = [value for part in one.comparisons if part.left.id == ANSWER for value in texts_of(part)]
                    yield from _never(document, [(where, value) for value in sorted(asked)], code, known[code])
            for where, row in _levels(document.content):
                for code, _ in _asked(str(row.get("where", "")), known):
                    values = enumerate(row["values"])
                    listed = [((*where, "values", n), one["value"] if isinstance(one, dict) else one)
                              for n, one in values if not isinstance(one, dict) or "value" in one]  # fmt: skip
                    yield from _never(document, listed, code, known[code])


def answers(made: list[Content]) -> Answers:
    """By code the values of each response that is asked for yes or for the best of an order."""
    found = {}
    for one in made:
        empty = str(one.get("missing", LISTED if "best" in one else YES_NO))
        if "best" in one:
            found[one["response"]] = frozenset({*one["best"], *one.get("recode", {}).values(), empty})
        elif "yes" in one:
            found[one["response"]] = frozenset({YES, YES_NO, empty})
    return found


def _asked(text: str, known: Answers) -> Iterator[tuple[str, Clause]]:
    """The response that a clause is about, where it is about one."""
    try:
        clause = clauses.read(text) if CODE in text else None
    except TrialError:
        return  # no clause, or one that is told where it is read
    codes = [one.right for one in clause.comparisons if one.left.id == CODE and one.how == "=="] if clause else []
    if clause and len(codes) == 1 and codes[0] in known:
        yield str(codes[0]), clause


def _levels(content: Any, where: Where = ()) -> Iterator[tuple[Where, Content]]:
    """The rows that list the levels of a response."""
    if isinstance(content, dict) and content.get("variable") == ANSWER and isinstance(content.get("values"), list):
        yield where, content
    if isinstance(content, dict | list):
        for key, part in content.items() if isinstance(content, dict) else enumerate(content):
            yield from _levels(part, (*where, key))


def _never(
    document: Document, asked: list[tuple[Where, str]], code: str, known: frozenset[str]
) -> Iterator[Problem]:
    for where, value in asked:
        if value not in known:
            what = f"{ANSWER} of {code} never is {clauses.quoted(value)}"
            yield document.problem(where, ERROR, what, did_you_mean(value, known))
