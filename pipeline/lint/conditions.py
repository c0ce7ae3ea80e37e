"""The clauses of sets.yaml and conditions.yaml: what they name is there, and can be what they compare it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from pipeline.ground.conditions import VALUE, Condition, SubjectSet
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem, read_document
from pipeline.study.conditions import CHANGES, SEEN, subject_variables
from pipeline.study.declared import ADSL, Declaration
from pipeline.study.naming import RECORDS
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content, Where

EMPTY = "leave `where:` away where everybody is meant; else say the clause"


def check_conditions(root: Path, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of every clause, where it stands."""
    known = specs.declared.said
    documents: dict[Path, Document | Problem] = {}
    subjects = values.of_dataset(subject_variables(specs.datasets, specs.declared).values(), ct)
    subjects = values.named_fields(specs.datasets[ADSL].clauses if ADSL in specs.datasets else ()) | subjects
    for name, (path, _) in specs.declared.places.items():
        document = documents.setdefault(path, read_document(path, str(path.relative_to(root))))
        assert isinstance(document, Document)
        words, one = document.content[name], known[name]
        yield from (document.problem((name, *where), ERROR, what, cure)
                    for where, what, cure in _slips(words, one, subjects, specs, ct))  # fmt: skip


def _slips(
    words: Content, one: Declaration, subjects: values.Fields, specs: Specs, ct: pd.DataFrame
) -> Iterator[tuple[Where, str, str]]:
    """What is wrong with the clauses of one set or condition, each with its path."""
    records = _records(one, subjects, specs, ct)
    thing = (one.source or getattr(one, "of", ADSL) or ADSL).upper()
    beside = records if isinstance(one, Condition) and not one.source else subjects
    if words.get("where") == "":
        yield ("where",), "an empty clause is met by everybody", EMPTY
    for where, clause, fields in (
        (("where",), words.get("where", ""), records), (("among",), words.get("among", ""), beside),
        *((("reasons", text), clause, subjects) for text, clause in words.get("reasons", {}).items()),
        *((("cases", text), clause, records) for text, clause in words.get("cases", {}).items()),
    ):  # fmt: skip
        for what, cure in values.slips(clause, fields, specs.decisions, thing):
            yield where, what, cure
    for text in words.get("reasons", {}):
        for name in [name for name in VALUE.findall(text) if name not in subjects]:
            yield ("reasons", text), f"the reason names the unknown variable {name}", did_you_mean(name, subjects)


def _records(one: Declaration, subjects: values.Fields, specs: Specs, ct: pd.DataFrame) -> values.Fields:
    """What a clause on records may name: what they have, what they have as seen, and what is known of the subject."""
    name = one.source or (ADSL if isinstance(one, SubjectSet) else one.of)
    if name == ADSL:
        return subjects
    own: Mapping[str, values.ClauseField] = {} if name == RECORDS else values.of_spec(specs.datasets[name], ct)
    beside = (*SEEN, *(CHANGES if isinstance(one, Condition) and one.base else ()))
    return {**subjects, **values.of_dataset(beside, ct), **own}
