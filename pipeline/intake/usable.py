"""Which raw records of a form are usable: those that stand, once for each key, of subjects that the study knows.

All of it is told of what tells records apart alone, so that nobody has to hold a large form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.distinct import among
from pipeline.ground.queries import finding, for_rows, gather
from pipeline.intake.reading import FormReading
from pipeline.intake.tables import frame_of, of_no_subject
from pipeline.study.contracts import Contract

if TYPE_CHECKING:
    import pyarrow as pa

WHERE = ["_SUBJECT", "_RECORD", "_FORM", "_FILE", "_LINE"]


@dataclass(frozen=True)
class Usable:
    """The usable raw records of a form, how many, and what was found in reading it.

    `pieces` goes over the records, some at a time; `held` says that they are in memory, as one frame.
    """

    pieces: Callable[[], Iterator[pd.DataFrame | pa.Table]]
    count: int
    findings: pd.DataFrame
    held: bool = True

    def frames(self) -> Iterator[pd.DataFrame]:
        """The records, some at a time."""
        return (one if isinstance(one, pd.DataFrame) else frame_of(one) for one in self.pieces())

    def whole(self) -> pd.DataFrame:
        """All records as one frame."""
        frames = list(self.frames())
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def held(records: pd.DataFrame, findings: pd.DataFrame) -> Usable:
    """Records that are in memory."""
    return Usable(lambda: iter([records]), len(records), findings)


class Judged(NamedTuple):
    """Of every record whether it is usable, and what was found; `nobodys`: how many stand, where none has a subject."""

    kept: np.ndarray
    taken_back: pd.DataFrame | None
    repeated: pd.DataFrame | None
    others: pd.DataFrame | None
    nobodys: int


class _Looked(NamedTuple):
    """Of some records: which stand, which have a subject and one that is known, a hash of their keys, the unknown."""

    stands: np.ndarray
    named: np.ndarray
    known: np.ndarray
    keys: np.ndarray
    unknown: pd.DataFrame | None


def judged(reading: FormReading, records: pd.DataFrame | None, roster: frozenset[str] | None) -> Judged:
    """Judge all records of a form: those given, or what the reading has. `roster` holds the known subjects (None: all).

    Of records that share a key but differ, the one updated last (else last) is kept.
    """
    contract = reading.contract
    looked = (
        _looks(reading, roster) if records is None else [_look(records, contract, roster, partial(_rows_of, records))]
    )
    stands, named, known = (np.concatenate([one[n] for one in looked]) for n in range(3))
    unknown = [one.unknown for one in looked if one.unknown is not None]
    keys = [one.keys for one in looked]
    del looked  # eight bytes a record are held once more, for their order
    doubled = stands & _doubled(keys, stands)
    repeated, found = np.zeros(len(stands), dtype=bool), None
    if doubled.any():
        again, found = _unrepeated(reading.those(doubled) if records is None else records[doubled], contract)
        repeated[again] = True
    stands_once = stands & ~repeated
    nobodys = 0 if (named & stands_once).any() else int(stands_once.sum())
    others = _others(pd.concat(unknown), stands_once, contract.subject.column) if unknown else None
    return Judged(stands_once & known, _taken_back(stands, contract), found, others, nobodys)


def _looks(reading: FormReading, roster: frozenset[str] | None) -> list[_Looked]:
    """What is to be seen of all records of a reading, by columns of which each distinct text stands once."""
    contract, looked, first = reading.contract, list[_Looked](), 0
    taken_back = [contract.inactive.column] if contract.inactive else []
    for table in reading.keyed():
        keys = dict.fromkeys(["_SUBJECT", *contract.unique, *taken_back])
        asked = [name for name in keys if name in table.schema.names]
        seen = table.select(asked).to_pandas(categories=asked)
        looked.append(_look(seen, contract, roster, partial(_rows, table, first)))
        first += len(table)
    return looked


def _rows_of(records: pd.DataFrame, chosen: np.ndarray) -> pd.DataFrame:
    """Where the chosen records stand."""
    return records.loc[chosen, WHERE]


def _rows(table: pa.Table, first: int, chosen: np.ndarray) -> pd.DataFrame:
    """Where the chosen of some records stand, which follow so many others."""
    return frame_of(table.select(WHERE).filter(chosen)).set_axis(first + np.flatnonzero(chosen), axis=0)


def _look(
    records: pd.DataFrame, contract: Contract, roster: frozenset[str] | None, rows: Callable[[np.ndarray], pd.DataFrame]
) -> _Looked:
    """What is to be seen of records that have the columns of keys; `rows` has where the chosen of them stand."""
    rule, unique = contract.inactive, ["_SUBJECT", *contract.unique]
    stands = np.ones(len(records), dtype=bool)
    if rule and rule.column in records:
        stands = ~(records[rule.column] == rule.value).fillna(False).to_numpy(dtype=bool)
    named = records["_SUBJECT"].notna().to_numpy(dtype=bool)
    known = named if roster is None else among(records["_SUBJECT"], roster)
    if not contract.subject.column:
        known = np.ones(len(records), dtype=bool)
    keys = np.arange(0, dtype="uint64")
    if set(unique) <= set(records.columns):
        keys = pd.util.hash_pandas_object(records[unique], index=False).to_numpy()
    unknown = stands & ~known
    return _Looked(stands, named, known, keys, rows(unknown) if unknown.any() else None)


def _doubled(pieces: list[np.ndarray], stands: np.ndarray) -> np.ndarray:
    """The records that may share their key with another that stands; none where a form has no such key."""
    ordered = np.concatenate(pieces)
    if not len(ordered):
        return np.zeros(len(stands), dtype=bool)
    ordered = ordered if stands.all() else ordered[stands]
    ordered.sort()
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return np.zeros(len(stands), dtype=bool)
    return np.concatenate([twice[np.searchsorted(twice[:-1], piece)] == piece for piece in pieces])


def _taken_back(stands: np.ndarray, contract: Contract) -> pd.DataFrame | None:
    """The inactivated records, counted in one finding of severity info."""
    form, count = contract.form, int((~stands).sum())
    if not count:
        return None
    message = f"{count} inactivated record{'s are' if count > 1 else ' is'} left out of {form}, as the database says."
    return finding("RAW-INACTIVE", "info", message, form=form, value=str(count))


def _unrepeated(records: pd.DataFrame, contract: Contract) -> tuple[pd.Index, pd.DataFrame | None]:
    """Those of the records, by their index, that another with their key and subject stands for.

    A key that two subjects share (one sample number) names two records: both stay, and the checks name both subjects.
    """
    names = list(contract.unique)
    order = records.sort_values("UPDATED", kind="stable") if "UPDATED" in records else records
    keyed = order.index.isin(order.dropna(subset=names).index)
    repeated = (order.duplicated(["_SUBJECT", *names], keep="last") & keyed).reindex(records.index)
    if not repeated.any():
        return records.index[:0], None
    cells = [c for c in records.columns if not c.startswith("_")]
    exact = records.duplicated(cells, keep=False)
    message = "The record with this key stands more than once; the {} is used. Ask for one record per key."
    same = for_rows(records[repeated & exact], "RAW-DUPLICATE", "major", "_RECORD", message.format("one copy"))
    differ = for_rows(records[repeated & ~exact], "RAW-DUPLICATE", "critical", "_RECORD", message.format("last update"))
    return records.index[repeated], gather([same, differ]).assign(field=",".join(names))


def _others(records: pd.DataFrame, stands_once: np.ndarray, column: str) -> pd.DataFrame:
    """Usable records but of subjects that nobody knows, each a finding; one without a number says where it stands."""
    records = records[stands_once[records.index]]
    blank = records["_SUBJECT"].isna()
    nobody = for_rows(records[blank], "RAW-SUBJECT", "critical", "_SUBJECT", "")
    place = records.loc[blank, "_FILE"] + ", line " + records.loc[blank, "_LINE"].astype("str")
    told = "The subject is blank in " + place + "; the record is left out. Enter the subject's number."
    message = (
        "The subject {value} is not in demographics; the record is left out. Correct the number, or enter the subject."
    )
    strangers = for_rows(records[~blank], "RAW-SUBJECT", "critical", "_SUBJECT", message)
    return gather([strangers, nobody.assign(message=told.to_numpy())]).assign(field=column)


def chosen(records: pd.DataFrame, kept: np.ndarray, of_nobody: bool) -> pd.DataFrame:
    """The usable ones of all records of a form; without subject and site where the form has none."""
    usable = records[kept].reset_index(drop=True)
    nobody = pd.Series(None, index=usable.index, dtype="str")
    return usable.assign(_SUBJECT=nobody, _SITE=nobody) if of_nobody else usable


def chosen_of(tables: Iterable[pa.Table], kept: np.ndarray, of_nobody: bool) -> Iterator[pa.Table]:
    """The same of records that are gone over some at a time."""
    first = 0
    for table in tables:
        usable, first = table.filter(kept[first : first + len(table)]), first + len(table)
        yield of_no_subject(usable) if of_nobody else usable
