"""Forms and values by name, of which it is known what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import pandas as pd

Value = TypeVar("Value")


class Frames(Mapping[str, pd.DataFrame]):
    """Forms by name, each of which is handed when it is asked for."""

    def __init__(self, forms: Sequence[str], hand: Callable[[str], pd.DataFrame]):
        self._forms, self._hand = dict.fromkeys(forms), hand

    def __getitem__(self, form: str) -> pd.DataFrame:
        if form not in self._forms:
            raise KeyError(form)
        return self._hand(form)

    def __contains__(self, form: object) -> bool:
        return form in self._forms

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)


class Noted(Mapping[str, Value]):
    """Values by name; which of them were asked for is noted."""

    def __init__(self, values: Mapping[str, Value]):
        self._values, self.noted = values, set[str]()

    def __getitem__(self, name: str) -> Value:
        self.noted.add(name)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        self.noted.add(str(name))
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        self.noted.update(self._values)
        return iter(self._values)

    def __len__(self) -> int:
        self.noted.update(self._values)
        return len(self._values)
