"""What spec files tell recipes by name: a value, and the datasets and decisions that it names.

A recipe takes the value as a parameter (`endpoints`), and with `**named` the datasets. Decisions are named as
`@NAME`; their values stand in the value that the recipe is handed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.study.decisions import Choice, Decision


@dataclass(frozen=True)
class SpecInput:
    """What the files of one kind say, the files, and by recipe the datasets and decisions that they name for it.

    `read` makes of what they say, and of the decisions by lower-case name, the value that a recipe is handed. It is a
    function of a module, since builds are handed to other processes.
    """

    said: Any
    read: Callable[[Any, Mapping[str, Choice]], Any]
    files: tuple[Path, ...] = ()
    datasets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def value(self, decisions: Mapping[str, Decision]) -> Any:
        """What a recipe is handed, with the choices in force."""
        return self.read(self.said, {decision.id.lower(): decision.value for decision in decisions.values()})
