"""What is expected of a prepared column, as `pipeline/gate/expectations.py` is asked it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Expectation:
    """What one prepared column must be; `kind` is filled, listed, equal, between or like, and says which word counts.

    `regex` of like (with the `agreed` form of a date), `values` of listed (with the message for a text whose code is
    lost, and whether they are units), `limits` of between, `other` (a column) of equal.
    """

    check: str
    severity: str
    field: str
    column: str
    kind: str
    message: str
    regex: str = ""
    agreed: str = ""
    values: tuple[str, ...] = ()
    lost: str = ""
    units: bool = False
    limits: tuple[float, ...] = ()
    other: str = ""

    def told(self) -> str:
        """The expectation in words, for reports."""
        if self.kind == "between":
            return f"between {self.limits[0]:g} and {self.limits[1]:g}"
        if self.kind == "listed":
            return "one of " + ", ".join(self.values)
        return {"filled": "filled in", "equal": "text and code say the same"}.get(self.kind, f"written as {self.regex}")


Prepared = tuple[Expectation, dict[str, pd.Series]]


@dataclass(frozen=True)
class Asked:
    """One expectation of one form with the prepared columns it looks at."""

    form: str
    wanted: Expectation
    frame: pd.DataFrame

    @property
    def column(self) -> pd.Series:
        """The values it looks at."""
        return self.frame[self.wanted.column]

    @property
    def other(self) -> pd.Series | None:
        """The values that must be equal to them, if any."""
        return self.frame[self.wanted.other] if self.wanted.kind == "equal" else None
