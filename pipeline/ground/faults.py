"""What is said when something cannot go on: the rule, where it was broken, and the cure.

A slip of a spec, a delivery or a command (`TrialError`) is the user's to mend and never called the program's fault;
what only code can break (`DefectError`) is the program's. Both are faults; neither is ever shown as a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EXIT_FINDINGS = 1
EXIT_USER = 2
EXIT_DEFECT = 3
PART = "part_of_spec"


class FaultError(Exception):
    """A message in words, never a traceback: what, where, and what to do; `exit_code` ends the process."""

    def __init__(self, what: str, where: str = "", cure: str = "", exit_code: int = EXIT_USER):
        self.what, self.where, self.cure, self.exit_code = what, where, cure, exit_code
        super().__init__(self.text())

    def text(self) -> str:
        """The message as printed: one line each for what, where and cure."""
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.cure:
            lines.append(f"  cure:  {self.cure}")
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows (IPython asks for it): the message alone."""
        return self.text().splitlines()


class TrialError(FaultError):
    """A slip of a spec, a delivery or a command: the user mends it."""


class ColumnError(TrialError):
    """A column of the delivery that cannot be read: what rests on it is not made, all else is."""


class DefectError(FaultError):
    """What only the program can break: those who maintain it mend it."""

    def __init__(self, what: str, where: str = "", cure: str = ""):
        super().__init__(what, where, cure, EXIT_DEFECT)


@contextmanager
def told_of(part: tuple[Any, ...], name: str) -> Iterator[None]:
    """What goes wrong within is told of this part of a spec (its path in the file), called so; the innermost counts."""
    try:
        yield
    except Exception as error:
        vars(error).setdefault(PART, (part, name))
        raise


def part_of(error: Exception) -> tuple[tuple[Any, ...], str]:
    """The part of a spec that an error is told of, and its name."""
    part, name = vars(error).get(PART, ((), ""))
    return part, name
