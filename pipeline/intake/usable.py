"""Which raw records of a form are usable: those that stand, once for each key, of subjects that the study knows.

All of it is told of what tells records apart alone, so that nobody has to hold a large form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.queries import finding, for_rows, gather
from pipeline.intake.reading import FormReading
from pipeline.study.contracts import Contract

WHERE = ["_SUBJECT", "_RECORD", "_FORM", "_FILE", "_LINE"]


@dataclass(frozen=True)
class Usable:
    """The usable raw records of a form, how many, and what was found in reading it.

    `frames` goes over the records, some at a time; `held` says that they are in memory, as one.
    """

    frames: Callable[[], Iterator[pd.DataFrame]]
    count: int
    findings: pd.DataFrame
    held: bool = True

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
    unknown: pd.DataFrame


def judged(reading: FormReading, records: pd.DataFrame | None, roster: frozenset[str] | None) -> Judged:
    """Judge all records of a form: those given, or what the reading has. `roster` holds the known subjects (None: all).

    Of records that share a key but differ, the one updated last (else last) is kept.
    """
    contract = reading.contract
    looked = [_look(frame, contract, roster) for frame in ([records] if records is not None else reading.keyed())]
    stands, named, known = (np.concatenate([one[n] for one in looked]) for n in range(3))
    unknown = pd.concat([one.unknown for one in looked])
    keys = [one.keys for one in looked]
    del looked  # eight bytes a record are held once more, for their order
    doubled = stands & _doubled(keys, stands)
    repeated, found = np.zeros(len(stands), dtype=bool), None
    if doubled.any():
        chosen = pd.Series(doubled)
        again, found = _unrepeated(reading.those(chosen) if records is None else records[doubled], contract)
        repeated[again] = True
    stands_once = stands & ~repeated
    unknown = unknown[stands_once[unknown.index]]
    nobodys = 0 if (named & stands_once).any() else int(stands_once.sum())
    others = _others(unknown, contract.subject.column) if contract.subject.column else None
    return Judged(stands_once & known, _taken_back(stands, contract), found, others, nobodys)


def _look(records: pd.DataFrame, contract: Contract, roster: frozenset[str] | None) -> _Looked:
    rule, unique = contract.inactive, ["_SUBJECT", *contract.unique]
    stands = np.ones(len(records), dtype=bool)
    if rule and rule.column in records:
        stands = ~(records[rule.column] == rule.value).fillna(False).to_numpy(dtype=bool)
    named = records["_SUBJECT"].notna().to_numpy(dtype=bool)
    known = named if roster is None else records["_SUBJECT"].isin(roster).to_numpy(dtype=bool)
    if not contract.subject.column:
        known = np.ones(len(records), dtype=bool)
    keys = np.arange(0, dtype="uint64")
    if set(unique) <= set(records.columns):
        keys = pd.util.hash_pandas_object(records[unique], index=False).to_numpy()
    return _Looked(stands, named, known, keys, records.loc[stands & ~known, WHERE])


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
    return np.concatenate([np.isin(piece, twice) for piece in pieces])


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


def _others(records: pd.DataFrame, column: str) -> pd.DataFrame:
    """Records of subjects that nobody knows, each a finding; one without a number says where it stands."""
    blank = records["_SUBJECT"].isna()
    nobody = for_rows(records[blank], "RAW-SUBJECT", "critical", "_SUBJECT", "")
    place = records.loc[blank, "_FILE"] + ", line " + records.loc[blank, "_LINE"].astype("str")
    told = "The subject is blank in " + place + "; the record is left out. Enter the subject's number."
    message = (
        "The subject {value} is not in demographics; the record is left out. Correct the number, or enter the subject."
    )
    strangers = for_rows(records[~blank], "RAW-SUBJECT", "critical", "_SUBJECT", message)
    return gather([strangers, nobody.assign(message=told.to_numpy())]).assign(field=column)


def chosen(frames: Iterable[pd.DataFrame], kept: np.ndarray, of_nobody: bool) -> Iterator[pd.DataFrame]:
    """The usable ones of the records of a reading; without subject and site where their form has none."""
    for frame in frames:
        records = frame[kept[frame.index]].reset_index(drop=True)
        nobody = pd.Series(None, index=records.index, dtype="str")
        yield records.assign(_SUBJECT=nobody, _SITE=nobody) if of_nobody else records
