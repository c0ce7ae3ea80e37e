"""Decisions in the sentences of an output: their values filled in, as words where the output has some.

It imports nothing heavy, since an unchanged run tells its pages by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.ground.words import choice_text
from tlf.shells import Shell

Decisions = Mapping[str, Any]  # the value of each by lower-case name
DECISION = re.compile(r"@(\w+)")
FEWER = re.compile(r"(?:^|(?<=[.;] ))[^.;]*\bfewer than @(\w+)[^.;]*[.;]\s*")


def with_decisions(text: str, decisions: Decisions) -> str:
    """`@CRS_GAP` in a sentence replaced by the decision's value.

    Raises TrialError naming a decision the output does not list.
    """
    return DECISION.sub(lambda match: choice_text(value_of(match[1], decisions)), text)


def value_of(name: str, decisions: Decisions) -> Any:
    """The value of a decision. Raises TrialError for one that the output does not list."""
    if name.lower() not in decisions:
        what = f"The decision {name.upper()} is not known here."
        raise TrialError(what, "", "list it under `decisions:` of the output")
    return decisions[name.lower()]


def worded(shell: Shell, decisions: Decisions) -> Decisions:
    """The decisions as a reader knows them: the word that `words:` of the output gives for a value, else the value."""
    words = shell.words
    return {name: words.get(name.upper(), {}).get(choice_text(value), value) for name, value in decisions.items()}


def footnotes(said: Sequence[str], decisions: Decisions) -> tuple[str, ...]:
    """The footnotes with the decisions filled in; nobody is fewer than 0, so that a clause on so few is left out."""
    standing = (FEWER.sub(lambda clause: "" if _is_none(clause[1], decisions) else clause[0], note) for note in said)
    return tuple(with_decisions(re.sub(r";\s*$", ".", note).rstrip(), decisions) for note in standing if note)


def _is_none(name: str, decisions: Decisions) -> bool:
    return str(decisions.get(name.lower(), "")) == "0"
