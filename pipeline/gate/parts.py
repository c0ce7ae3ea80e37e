"""What the gate finds, made in parts: each is kept under the hash of what it was handed, and made anew only then.

A part is told by its name, by what was said to it (its check, the findings it words) and by what holds for all parts
(`common`: code, contracts, days). What it finds rests further on the columns, decisions and records left aside that it
was handed and on nothing else, for it sees nothing else (`pipeline/gate/checks/handed.py`). They are noted beside what
it found; as long as all of them are as they were, that stands.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from pipeline.gate.checks.asked_for import Frames, Noted
from pipeline.gate.checks.handed import ColumnsOnce, Read, View
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.running import FAULTS
from pipeline.ground.faults import TrialError
from pipeline.ground.machine import give_back
from pipeline.ground.withheld import NotHandedError

Decided: TypeAlias = "str | int | float | bool | None"
LIST = "parts.json"
MUCH = 4 * 1024 * 1024  # values that were let go
WORD = re.compile(r"[\w:]+")
Files = Mapping[str, Callable[[], Any]]  # of an earlier run: the list as it was read, and each table as a frame


class Notes(NamedTuple):
    """All that a part was handed: columns, decisions, and forms of whose records some were left aside."""

    columns: tuple[Read, ...] = ()
    decisions: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeptPart:
    """One part: its key, what it was handed, the hash of that, and what it found."""

    key: str
    notes: Notes
    seen: str
    rows: Callable[[], pd.DataFrame]


class Parts:
    """The parts of one run. `made_now` are the names of those that nothing earlier answered for."""

    def __init__(
        self, shelf: ColumnsOnce, common: str, decisions: Mapping[str, Decided], aside: Mapping[str, pd.DataFrame],
        earlier: Iterable[Files] = (),
    ):  # fmt: skip
        self.shelf, self.common, self.decisions, self.aside = shelf, common, decisions, aside
        self.made_now: list[str] = []
        self._kept: dict[str, list[KeptPart]] = {}
        for files in earlier:
            for part in _read(files):
                self._kept.setdefault(part.key, []).append(part)
        self._now: dict[str, KeptPart] = {}
        self._places: dict[Any, tuple[Any, Notes]] = {}
        self._hashes: dict[Any, str] = {}
        self._gone = 0

    def of_subjects(self, shelf: ColumnsOnce, part: str) -> Parts:
        """Parts of the same run over the records of some subjects, of which nothing that was left aside is known."""
        self.shelf.let_go(0)
        give_back()
        own = Parts(shelf, hash_of(self.common, part), self.decisions, {})
        own._kept, own._now, own.made_now = self._kept, self._now, self.made_now
        return own

    def of_raw(self, name: str, said: str, make: Callable[[View], pd.DataFrame]) -> pd.DataFrame:
        """What a part finds in raw records."""
        return self._part(name, said, lambda view: (make(view), Notes(tuple(sorted(view.noted)))), ())

    def of_forms(
        self, forms: Forms, name: str, said: str, make: Callable[[Forms], pd.DataFrame],
        beforehand: Iterable[tuple[str, str]] = (),
    ) -> pd.DataFrame:  # fmt: skip
        """What a part finds in the records as rules read them; `beforehand` are columns that it reads for certain."""
        return self._part(name, said, lambda view: self._with_forms(forms, view, make), beforehand)

    def files(self) -> dict[str, str | pd.DataFrame]:
        """What a later run needs: the list of the parts, and what they found in tables of one set of columns each."""
        tables: dict[tuple[str, ...], list[pd.DataFrame]] = {}
        sizes: dict[tuple[str, ...], int] = {}
        listed = []
        for key in sorted(self._now):
            part, rows = self._now[key], self._now[key].rows()
            shape = tuple(rows.columns)
            tables.setdefault(shape, [])
            first = sizes.get(shape, 0)
            sizes[shape] = first + len(rows)
            tables[shape] += [rows] if len(rows) else []
            listed.append({"key": key, "columns": _by_form(part.notes.columns), "decisions": part.notes.decisions,
                           "aside": part.notes.aside, "seen": part.seen, "rows": [[*tables].index(shape), first,
                           len(rows)]})  # fmt: skip
        shapes = [[*shape] for shape in tables]
        text = json.dumps({"shapes": shapes, "parts": listed}, sort_keys=True, ensure_ascii=False)
        frames = {_table(number): pd.concat(found, ignore_index=True) for number, found in enumerate(tables.values())
                  if found}  # fmt: skip
        return {LIST: text, **frames}

    def _part(
        self, name: str, said: str, make: Callable[[View], tuple[pd.DataFrame, Notes]],
        beforehand: Iterable[tuple[str, str]],
    ) -> pd.DataFrame:  # fmt: skip
        key = hash_of(self.common, name, said)
        standing = self._now.get(key) or next(
            (part for part in self._kept.get(key, ()) if self._seen(part.notes) == part.seen), None)  # fmt: skip
        if standing is None:
            self.made_now.append(name)
            rows, notes = self._made(make, View(self.shelf, beforehand))
            standing = KeptPart(key, notes, self._seen(notes), lambda: rows)
            self._let_go()
        self._now[key] = standing
        return standing.rows()

    def _let_go(self) -> None:
        """Let go columns that are many; what they took is given back once it is much."""
        self._gone += self.shelf.let_go()
        if self._gone > MUCH:
            self._gone = 0
            give_back()

    def _made(
        self, make: Callable[[View], tuple[pd.DataFrame, Notes]], view: View
    ) -> tuple[pd.DataFrame, Notes]:  # fmt: skip
        """What a part finds, and what it was handed: more, where the attempt before failed for want of it."""
        while True:
            try:
                rows, notes = make(view)
                return _plain(rows), notes
            except (NotHandedError, TrialError, *FAULTS) as error:
                if view.whole:
                    raise
                further = view.again(_lacking(error, view))
            finally:
                view.let_go()
            view = further

    def _with_forms(
        self, forms: Forms, view: View, make: Callable[[Forms], pd.DataFrame]
    ) -> tuple[pd.DataFrame, Notes]:  # fmt: skip
        seen, noted = self._seen_by(forms, view)
        return make(seen), noted()

    def _seen_by(self, forms: Forms, view: View) -> tuple[Forms, Callable[[], Notes]]:
        """The forms as a view hands them, and what tells all that was asked of them, looked up together or alone."""
        decisions, aside, known = Noted(self.decisions), Noted(self.aside), [*forms.raw]
        looked = list[Notes]()

        def looked_up(key: Any, look: Callable[[Forms], Any]) -> Any:
            if key not in self._places:
                apart = view.apart()
                own, noted = self._seen_by(forms, apart)
                self._places[key] = look(own), noted()
                apart.let_go()
            found, notes = self._places[key]
            looked.append(notes)
            return found

        def noted() -> Notes:
            own = Notes(tuple(view.noted), tuple(decisions.noted), tuple(aside.noted))
            return Notes(*(tuple(sorted({*chain(*kind)})) for kind in zip(own, *looked, strict=True)))

        raw, parsed = Frames(known, view.raw), Frames(known, view.parsed)
        return replace(forms, raw=raw, parsed=parsed, decisions=decisions, set_aside=aside, places={},
                       looked_up=looked_up), noted  # fmt: skip

    def _seen(self, notes: Notes) -> str:
        """The hash of all that a part was handed, as it is now."""
        columns = [f"{read.form}.{read.name}={self._of_column(read)}" for read in notes.columns]
        decisions = [f"{name}={self.decisions.get(name)!r}" for name in notes.decisions]
        return hash_of(*columns, *decisions, *(f"{form}={self._of_aside(form)}" for form in notes.aside))

    def _of_column(self, read: Read) -> str:
        if read not in self._hashes:
            columns = self.shelf.columns
            if read.form not in columns.forms:
                told = ""
            elif not read.name:
                told = hash_of(*columns.names(read.form))
            else:
                told = columns.digest(*read) if read.name in columns.names(read.form) else ""
            self._hashes[read] = told
        return self._hashes[read]

    def _of_aside(self, form: str) -> str:
        if ("aside", form) not in self._hashes:
            there = self.aside.get(form)
            self._hashes["aside", form] = "" if there is None else hash_of_rows(there)
        return self._hashes["aside", form]


def hash_of(*texts: str) -> str:
    """The hash of some texts, in their order."""
    digest = hashlib.sha256()
    for text in texts:
        content = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()[:32]


def hash_of_rows(rows: pd.DataFrame) -> str:
    """The hash of what records say, by column."""
    return hash_of(*(repr((name, rows[name].tolist())) for name in rows))


def _lacking(error: Exception, view: View) -> set[str]:
    """The fields that an attempt lacked: as the error says, or those among its words that the view could hand."""
    words = WORD.findall(str(error))
    known = words if isinstance(error, NotHandedError) else view.known()
    return {word.partition(":")[0] for word in words if word in known}


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """What was found, as it is read again: on the index from 0, text as text."""
    if rows.empty:
        return rows
    texts = [name for name, kind in rows.dtypes.items() if kind == "object"]
    whole = rows.astype(dict.fromkeys(texts, "str")) if texts else rows
    return whole.reset_index(drop=True)


def _by_form(columns: Iterable[Read]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for form, name in columns:
        told.setdefault(form, []).append(name)
    return told


def _table(number: int) -> str:
    return f"parts-{number}.parquet"


def _read(files: Files) -> Iterable[KeptPart]:
    """The parts of an earlier run; none where it kept none."""
    if LIST not in files:
        return
    content = json.loads(files[LIST]())
    tables = _Tables(files, content["shapes"])
    for one in content["parts"]:
        columns = tuple(sorted(Read(form, name) for form, names in one["columns"].items() for name in names))
        notes = Notes(columns, tuple(one["decisions"]), tuple(one["aside"]))
        yield KeptPart(one["key"], notes, one["seen"], cache(partial(tables.rows, *one["rows"])))


class _Tables:
    """The tables of an earlier run, each read when the first of its rows is asked for."""

    def __init__(self, files: Files, shapes: list[list[str]]):
        self.files, self.shapes = files, shapes
        self._frames: dict[tuple[int, bool], pd.DataFrame] = {}

    def rows(self, number: int, first: int, count: int) -> pd.DataFrame:
        """So many rows of a table, numbered from 0."""
        if (number, count > 0) not in self._frames:
            empty = pd.DataFrame(columns=self.shapes[number], dtype="str")
            self._frames[number, count > 0] = self.files[_table(number)]() if count else empty
        whole = self._frames[number, count > 0]
        return whole.iloc[first : first + count].reset_index(drop=True) if count else whole
