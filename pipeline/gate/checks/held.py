"""What is held of an extract's columns; of what is much, that goes which was asked for longest ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

Key: TypeAlias = "tuple[str, str, str]"  # kind, form, column
Told: TypeAlias = "pd.Series | pd.DataFrame"
RAW, PARSED, KEYED, DAYS = "raw", "parsed", "keyed", "days"
SHARE = 8  # of what was collected the eighth part is kept: it is soon read again


class HeldColumns:
    """Columns, and frames of keys, by kind, form and name; the one asked for last at the end."""

    def __init__(self) -> None:
        self._of: dict[Key, Told] = {}
        self._cells = {RAW: 0, PARSED: 0, DAYS: 0}  # how many texts, numbers and days they are

    def __contains__(self, key: Key) -> bool:
        return key in self._of

    def add(self, kind: str, form: str, made: Mapping[str, Told]) -> None:
        """Hold what was made, in place of what was held of the same name."""
        for name, one in made.items():
            self._drop((kind, form, name))
            self._of[kind, form, name] = one
            self._cells[_counted_as(kind, one)] += one.size

    def asked(self, kind: str, form: str, name: str) -> Any:
        """What is held, and was asked for last."""
        found = self._of[kind, form, name] = self._of.pop((kind, form, name))
        return found

    def let_go(self, most: int) -> int:
        """Let go what was asked for longest ago, so that so many texts and numbers are kept; how many went.

        Days, which are told of texts, stay.
        """
        gone = 0
        for counted, limit in ((RAW, most // SHARE), (PARSED, most)):
            own = [*self._of.items()] if self._cells[counted] > limit else []
            for key in [key for key, one in own if _counted_as(key[0], one) == counted]:
                if self._cells[counted] <= limit:
                    break
                gone += self._drop(key)
        return gone

    def _drop(self, key: Key) -> int:
        """Hold this no more; how many texts and numbers went."""
        one = self._of.pop(key, None)
        if one is None:
            return 0
        self._cells[_counted_as(key[0], one)] -= one.size
        return int(one.size)


def _counted_as(kind: str, one: Told) -> str:
    if kind == RAW:
        return RAW
    days = isinstance(one, pd.Series) and one.dtype.kind == "M"
    return DAYS if days else PARSED
