"""Records with some of their columns: who asks for another of these is told so, never that there is none."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import pandas as pd


class NotHandedError(Exception):
    """A column was asked of records that were made of those handed, and was not handed."""


class Made(pd.DataFrame):
    """Records made of those handed: of a column of these that was not handed nothing can be said."""

    _internal_names = [*pd.DataFrame._internal_names, "_known"]  # noqa: RUF012 (as pandas has it)
    _internal_names_set = set(_internal_names)  # noqa: RUF012

    def __init__(self, *given: Any, known: Collection[str] = (), **further: Any):
        super().__init__(*given, **further)
        self._known = known

    @property
    def _constructor(self) -> Callable[..., Made]:  # type: ignore[override]
        return partial(Made, known=self._known)

    def _constructor_from_mgr(self, mgr: Any, axes: Any) -> Made:
        """As the constructor, without another look at the blocks: nearly all frames are made so."""
        made = Made._from_mgr(mgr, axes=axes)
        made._known = self._known
        return made

    def __getitem__(self, key: Any) -> Any:
        for name in [key] if isinstance(key, str) else key if isinstance(key, list) else ():
            if isinstance(name, str) and name in self._known and name not in self.columns:
                self._lack(name)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        if key in self.columns:
            return True
        if key in self._known:
            self._lack(str(key))
        return False

    def _lack(self, name: str) -> None:
        raise NotHandedError(name)
