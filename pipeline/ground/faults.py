"""What the user is told when something cannot go on: the rule, where it was broken, and the cure."""

from __future__ import annotations

EXIT_FINDINGS = 1
EXIT_USER = 2
EXIT_DEFECT = 3


class TrialError(Exception):
    """A message for the user, never a traceback: what, where, and what to do; `exit_code` ends the process."""

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
