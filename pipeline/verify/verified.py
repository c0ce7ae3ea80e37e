"""What a verification comes to, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.against.accepted import Register
from pipeline.verify.comparison import Verdict
from pipeline.verify.printed import CountedAgain


@dataclass(frozen=True)
class Verified:
    """A run derived twice: verdicts by endpoint, numbers counted again, the register, and what is not of the run."""

    study: str
    verdicts: tuple[Verdict, ...]
    counted: CountedAgain
    register: Register
    doubts: tuple[str, ...] = ()

    @property
    def open(self) -> int:
        """Differences that nobody has accepted, of values and of printed numbers."""
        return sum(one.open for one in self.verdicts) + self.counted.open
