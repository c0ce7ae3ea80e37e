"""What a verification comes to, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.against.accepted import Register
from pipeline.verify.comparison import Verdict
from pipeline.verify.printed import CountedAgain


@dataclass(frozen=True)
class Verified:
    """A run derived twice: the verdict of each endpoint, the numbers counted again, and the register of the study."""

    study: str
    verdicts: tuple[Verdict, ...]
    counted: CountedAgain
    register: Register

    @property
    def open(self) -> int:
        """Differences that nobody has accepted, of values and of printed numbers."""
        return sum(one.open for one in self.verdicts) + self.counted.open
