"""The design of a trial as study.yaml says it: elements with what starts them, and the trial summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.clauses import named_in
from pipeline.ground.metadata import Element, ElementStart, StudySettings, SummaryValue
from pipeline.ground.named_clauses import in_full
from pipeline.study.decisions import Choice
from pipeline.study.declared import Declared
from pipeline.study.frozen import frozen
from pipeline.study.spec_input import SpecInput

ELEMENTS, STARTS = "elements", "element_starts"


def elements_of(said: list[Any]) -> tuple[Element, ...]:
    """The elements in their planned order."""
    return tuple(frozen(Element, words, starts=_starts(words["starts"])) for words in said)


def _starts(said: Any) -> tuple[ElementStart, ...]:
    return tuple(frozen(ElementStart, words) for words in (said if isinstance(said, list) else [said]))


def summary_of(said: Mapping[str, Any]) -> tuple[SummaryValue, ...]:
    """The parameters of the trial summary in the order of the file, one value each; a list gives several."""
    return tuple(
        SummaryValue(code, null=one["missing"]) if isinstance(one, dict) else SummaryValue(code, one)
        for code, words in said.items()
        for one in (words if isinstance(words, list) else [words])
    )


def load_elements(study: StudySettings, path: Path, declared: Declared) -> SpecInput:
    """What starts the elements of a study, clauses by name written out, with the mapped domains that it asks."""
    told = tuple(
        replace(one, starts=tuple(replace(s, where=in_full(s.where, declared.named)) for s in one.starts))
        for one in study.elements
    )
    starts = [start for one in told for start in one.starts]
    domains = tuple(dict.fromkeys(f"{start.of}_mapped" for start in starts))
    asked = [name for start in starts if named_in(start.where) for name in clauses.read(start.where).decisions]
    return SpecInput(told, filled, (path,), {STARTS: domains}, {STARTS: tuple(dict.fromkeys(asked))})


def filled(elements: tuple[Element, ...], decisions: Mapping[str, Choice]) -> tuple[Element, ...]:
    """The elements, with the value of each decision that their clauses name."""
    return tuple(
        replace(one, starts=tuple(replace(s, where=clauses.filled(s.where, decisions)) for s in one.starts))
        for one in elements
    )
