"""Decisions chosen otherwise: one at a time, or several together as a study names them in scenarios.yaml."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study import shapes
from pipeline.study.decisions import typed_choice
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import place

FILE = "scenarios.yaml"


@dataclass(frozen=True)
class Scenario:
    """Decisions chosen otherwise than in force."""

    name: str
    label: str
    choices: Mapping[str, str]


def other_choice(specs: Specs, name: str, value: str) -> Specs:
    """The specs with one decision chosen otherwise. Raises TrialError."""
    if name.upper() not in specs.decisions:
        raise TrialError(f"Unknown decision '{name}'.", "", did_you_mean(name.upper(), specs.decisions))
    decision = specs.decisions[name.upper()]
    changed = dataclasses.replace(decision, value=typed_choice(decision, value, "--to"), set_in="tried")
    return dataclasses.replace(specs, decisions={**specs.decisions, decision.id: changed})


def named(specs: Specs, path: Path) -> Iterator[Scenario]:
    """The scenarios of a file, if it is there. Raises TrialError naming the line of an unknown decision or choice."""
    for name, words in (shapes.load(path, shapes.SCENARIOS) or {}).items() if path.exists() else ():
        for decision, choice in words["decisions"].items():
            try:
                other_choice(specs, decision, choice)
            except TrialError as error:
                raise TrialError(error.what, place(path, (name, "decisions", decision)), error.cure) from error
        yield Scenario(name, words["label"], words["decisions"])
