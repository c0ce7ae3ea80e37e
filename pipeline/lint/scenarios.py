"""Scenarios of a study: decisions that there are, each with a choice that it has."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.faults import TrialError
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.scenarios import other_choice
from pipeline.study.specs import Specs


def check_scenarios(document: Document, specs: Specs) -> Iterator[Problem]:
    """An unknown decision or choice, where it stands."""
    for name, words in document.content.items():
        for decision, choice in words.get("decisions", {}).items():
            try:
                other_choice(specs, decision, choice)
            except TrialError as error:
                yield document.problem((name, "decisions", decision), ERROR, error.what.rstrip("."), error.cure)
