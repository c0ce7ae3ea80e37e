"""What is expected of a column of a form, and the prepared columns that are asked about it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Expectation:
    """What one prepared column must be; `kind` is filled, listed, equal, between or like."""

    check: str
    severity: str
    field: str
    column: str
    kind: str
    message: str
    arguments: dict[str, Any] = dataclasses.field(default_factory=dict)

    def told(self) -> str:
        """The expectation in words, for reports."""
        if self.kind == "between":
            return f"between {self.arguments['min_value']:g} and {self.arguments['max_value']:g}"
        if self.kind == "listed":
            return "one of " + ", ".join(self.arguments["value_set"])
        return {"filled": "filled in", "equal": "text and code say the same"}.get(
            self.kind, f"written as {self.arguments.get('regex', '')}"
        )


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
        return self.frame[self.wanted.arguments["other"]] if self.wanted.kind == "equal" else None
