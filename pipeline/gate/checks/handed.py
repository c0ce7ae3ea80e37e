"""The records of an extract as one part of the gate is handed them, column by column; what it was handed is noted.

A part (one check on one form, the fields of one form) sees no value that it was not handed, so that what it finds is
told by these columns alone: while they are as they were, it need not be made anew (`pipeline/gate/parts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import pandas as pd

from pipeline.gate.checks.held import KEYED, PARSED, RAW, HeldColumns
from pipeline.gate.checks.parsed import parsed_field, parsed_names, read_for
from pipeline.ground.withheld import Made
from pipeline.study.contracts import Contract

# What rules and queries ask of the records of any form: whose they are, where they stand, of which visit, since when.
KEYS = ("_SUBJECT", "_SITE", "_RECORD", "_FORM", "_LINE", "FOLDER", "FOLDERSEQ", "VISIT", "TIMEPOINT", "CREATED")
WHICH = ("_SUBJECT", "_RECORD", "_FORM", "_LINE")
WHOSE = ("_SUBJECT", "_FORM")  # without any column a frame would be empty, whatever records it has
CODE = "_STD"  # ends the column of a field's coded value
PIECE = 131_072  # records of a form that are looked at all at once
KEPT = 8 * 1024 * 1024  # values of columns that are kept from one part of the gate to the next


class RecordColumns(Protocol):
    """The raw records of every form, of which each column can be had alone, and known by its hash."""

    @property
    def forms(self) -> Sequence[str]:
        """The forms in the order in which they are looked at."""

    def names(self, form: str) -> Sequence[str]:
        """The columns of a form, in their order."""

    def count(self, form: str) -> int:
        """How many records a form has."""

    def read(self, form: str, names: Sequence[str]) -> pd.DataFrame:
        """Some columns, on the index from 0."""

    def pieces(self, form: str) -> Iterator[pd.DataFrame]:
        """All columns, some records at a time in their order."""

    def digest(self, form: str, name: str) -> str:
        """The hash of a column: as long as it is the same, so is each of its values."""


class Read(NamedTuple):
    """A column that somebody was handed; of no name: the names of the form's columns."""

    form: str
    name: str = ""


class Handed(Made):
    """Records with the columns that were asked for; a further one is handed when it is asked for."""

    _internal_names = [*Made._internal_names, "_more"]  # noqa: RUF012
    _internal_names_set = set(_internal_names)  # noqa: RUF012

    def __init__(self, begun: pd.DataFrame, known: Collection[str], more: Callable[[str], pd.Series]):
        super().__init__(begun, known=known)
        self._more = more

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def _lack(self, name: str) -> None:
        super().__setitem__(name, self._more(name))


class ColumnsOnce:
    """All columns of an extract, raw and as rules read them, each made when it is first asked for.

    It is made once, but for what was let go: of a large extract, the columns that were asked for longest ago.
    """

    def __init__(self, columns: RecordColumns, contracts: Mapping[str, Contract], codelists: pd.DataFrame):
        self.columns, self.contracts, self.codelists = columns, contracts, codelists
        self._held = HeldColumns()
        self._names: dict[str, dict[str, str]] = {}
        self._of_keys: dict[str, frozenset[Read]] = {}
        self._index: dict[str, pd.RangeIndex] = {}
        self._behind: dict[tuple[str, str, bool], tuple[Read, ...]] = {}

    def of(self, columns: RecordColumns) -> ColumnsOnce:
        """The same of other records."""
        return ColumnsOnce(columns, self.contracts, self.codelists)

    def read(self, form: str, names: Iterable[str]) -> None:
        """Have these raw columns read, all that were not yet at once; one that several are made of is named often."""
        asked = [name for name in dict.fromkeys(names) if (RAW, form, name) not in self._held]
        if asked:
            found = self.columns.read(form, asked)
            self._held.add(RAW, form, {name: self._on_index(form, found[name]) for name in asked})

    def raw(self, form: str, name: str) -> pd.Series:
        """A column as it was collected."""
        self.read(form, [name])
        return self._held.asked(RAW, form, name)

    def parsed(self, form: str, name: str) -> pd.Series:
        """A column as rules read it."""
        if (PARSED, form, name) not in self._held:
            behind = self.behind(form, name)
            self.read(form, [read.name for read in behind])
            own = {read.name: self._held.asked(RAW, form, read.name) for read in behind}
            records = pd.DataFrame(own, index=self.index(form), copy=False)
            made = parsed_field(records, self.fields(form)[name], self.contracts[form], self.codelists)
            self._held.add(PARSED, form, {one: self._on_index(form, column) for one, column in made.items()})
        return self._held.asked(PARSED, form, name)

    def let_go(self, most: int = KEPT) -> int:
        """Let go columns that were asked for longest ago, as `HeldColumns` does; how many texts and numbers went."""
        return self._held.let_go(most)

    def fields(self, form: str) -> dict[str, str]:
        """The columns that rules read, each with the field that it is of."""
        if form not in self._names:
            self._names[form] = parsed_names(self.columns.names(form), self.contracts[form])
        return self._names[form]

    def keyed(self, form: str) -> pd.DataFrame:
        """The records of a form with `KEYS` alone, in few blocks: most parts begin with them."""
        if (KEYED, form, "") not in self._held:
            names = self._keys(form)
            self.read(form, [one.name for name in names for one in self.behind(form, name)])
            begun = {name: self.parsed(form, name) for name in names}
            self._held.add(KEYED, form, {"": pd.DataFrame(begun, index=self.index(form)).copy()})
        return self._held.asked(KEYED, form, "")

    def _keys(self, form: str) -> list[str]:
        return [name for name in self.fields(form) if name in KEYS]

    def read_of_keys(self, form: str) -> frozenset[Read]:
        """What is read with `keyed`."""
        if form not in self._of_keys:
            behind = (read for name in self._keys(form) for read in self.behind(form, name))
            self._of_keys[form] = frozenset((Read(form), *behind))
        return self._of_keys[form]

    def index(self, form: str) -> pd.RangeIndex:
        """The index of all records of a form, one for all its columns: those of one index need not be aligned."""
        if form not in self._index:
            self._index[form] = pd.RangeIndex(self.columns.count(form))
        return self._index[form]

    def _on_index(self, form: str, column: pd.Series) -> pd.Series:
        column.index = self.index(form)
        return column

    def behind(self, form: str, name: str, raw: bool = False) -> tuple[Read, ...]:
        """The raw columns that a column is made of."""
        at = (form, name, raw)
        if at not in self._behind:
            known = set(self.columns.names(form))
            read = [name] if raw else read_for(self.fields(form)[name], self.contracts[form])
            self._behind[at] = tuple(Read(form, one) for one in read if one in known)
        return self._behind[at]


class View:
    """The forms as one part is handed them: `noted` is all it was handed.

    `beforehand` says which parsed columns of a form it is given at once, `more` those of any form that an attempt
    lacked; `whole` gives everything, where nobody can tell what was lacking.
    """

    def __init__(
        self, shelf: ColumnsOnce, beforehand: Iterable[tuple[str, str]] = (), more: frozenset[str] = frozenset(),
        whole: bool = False,
    ):  # fmt: skip
        self.shelf, self.beforehand, self.more, self.whole = shelf, tuple(beforehand), more, whole
        self.noted: set[Read] = set()
        self._frames: dict[tuple[bool, str], Handed] = {}

    def again(self, lacking: Iterable[str]) -> View:
        """The view for another attempt, which lacked these columns (or, none named, nobody knows which)."""
        more = self.more | frozenset(lacking)
        return View(self.shelf, self.beforehand, more, whole=more == self.more)

    def apart(self) -> View:
        """A view whose notes are its own, of what several parts look up once."""
        return View(self.shelf, (), self.more, self.whole)

    def let_go(self) -> None:
        """Let go the frames that were handed: they know this view, and would stay with it until somebody looks."""
        self._frames.clear()

    def known(self) -> set[str]:
        """The names of all columns that it could be handed, of the forms that it asked for."""
        return {name for raw, form in self._frames for name in self._names(form, raw)}

    def raw(self, form: str) -> pd.DataFrame:
        """The records of a form as collected."""
        return self._frame(form, True)

    def parsed(self, form: str) -> pd.DataFrame:
        """The records of a form as rules read them."""
        return self._frame(form, False)

    def all_of(self, form: str) -> pd.DataFrame:
        """All columns of a form as collected, as a plain frame."""
        return self._of(form, self.shelf.columns.names(form), True)

    def fields_of(self, form: str, fields: Collection[str]) -> pd.DataFrame:
        """As `all_of`, the columns of some fields, and those that say which the records are, and whose."""
        names = self.shelf.columns.names(form)
        return self._of(form, [name for name in names if name in WHICH or name.removesuffix(CODE) in fields], True)

    def pieces(self, form: str) -> Iterator[pd.DataFrame]:
        """As `all_of`, of a form of many records some of them at a time, each on an index from 0."""
        if self.shelf.columns.count(form) <= PIECE:
            yield self.all_of(form)
            return
        self.noted.update((Read(form), *(Read(form, name) for name in self.shelf.columns.names(form))))
        yield from self.shelf.columns.pieces(form)

    def _frame(self, form: str, raw: bool) -> Handed:
        if (raw, form) not in self._frames:
            self._frames[raw, form] = Handed(*self._begun(form, raw), partial(self._hand, form, raw=raw))
        return self._frames[raw, form]

    def _begun(self, form: str, raw: bool) -> tuple[pd.DataFrame, Collection[str]]:
        """The columns that are handed at once, and the names of all."""
        names, asked = self._names(form, raw), {*self.more, *(name for of, name in self.beforehand if of == form)}
        if self.whole or raw:
            return self._of(form, names if self.whole else (), raw), names
        if self._beside(form):
            return self._of(form, [name for name in names if name in WHOSE or _field(name) in self.more], raw), names
        further = [name for name in names if _field(name) in asked and name not in KEYS] if asked else []
        keyed = self.shelf.keyed(form)
        self.noted.update(self.shelf.read_of_keys(form))
        if not further:
            return keyed, names
        self.shelf.read(form, [one.name for name in further for one in self.shelf.behind(form, name)])
        begun = {name: self.shelf.parsed(form, name) for name in keyed.columns}
        begun |= {name: self._hand(form, name, raw) for name in further}
        return pd.DataFrame(begun, index=self.shelf.index(form), copy=False).copy(), names

    def _beside(self, form: str) -> bool:
        """True for many records that are not those looked at: of them hardly anything is handed that is not asked."""
        return self.shelf.columns.count(form) > PIECE and form not in {of for of, _ in self.beforehand}

    def _of(self, form: str, names: Collection[str], raw: bool) -> pd.DataFrame:
        """Some columns as a frame of all records."""
        self.noted.add(Read(form))
        self.shelf.read(form, [one.name for name in names for one in self.shelf.behind(form, name, raw)])
        begun = {name: self._hand(form, name, raw) for name in names}
        return pd.DataFrame(begun, index=self.shelf.index(form), copy=False)

    def _names(self, form: str, raw: bool) -> Collection[str]:
        return self.shelf.columns.names(form) if raw else self.shelf.fields(form)

    def _hand(self, form: str, name: str, raw: bool) -> pd.Series:
        self.noted.update(self.shelf.behind(form, name, raw))
        return self.shelf.raw(form, name) if raw else self.shelf.parsed(form, name)


def _field(name: str) -> str:
    return name.partition(":")[0]
