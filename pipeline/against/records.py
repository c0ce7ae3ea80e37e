"""Which record of one version is which of the other: by the key of the dataset's spec, in whatever order they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.against.columns import alike

SUBJECT = "USUBJID"
STUDY_WIDE = ("STUDYID", SUBJECT)


@dataclass(frozen=True)
class Matched:
    """Places of the records that both have (`old`, `new`, one beside the other) and of those that one has alone.

    `repeated` are the places of records that do not have their key alone, in the old version and in the new.
    """

    old: np.ndarray
    new: np.ndarray
    went: np.ndarray
    came: np.ndarray
    repeated: tuple[np.ndarray, np.ndarray]


def match(old: pd.DataFrame, new: pd.DataFrame, keys: Sequence[str]) -> Matched:
    """The records of two versions by key; records that share a key are matched in the order of all that they say.

    A number within the subject (--SEQ) in a key is not what a record is: it is left out where the rest of the key tells
    records apart, for one record more would number all behind it anew. Records left over are matched by it.
    """
    number = next((key for key in reversed(keys) if key.endswith("SEQ")), "")
    natural = [key for key in keys if key != number]
    chosen = natural if number and set(natural) - set(STUDY_WIDE) else list(keys)
    codes = _codes(old, new, list(keys))
    repeated = tuple(np.flatnonzero(pd.Series(side).duplicated(keep=False).to_numpy()) for side in codes)
    was, now = codes if chosen == list(keys) else _codes(old, new, chosen)
    was, now = _told_apart(old, new, was, now)
    left, right, went, came = _places(was, now)
    if chosen != list(keys) and len(went) and len(came):
        subject = [name for name in (*STUDY_WIDE, number) if name in old and name in new]
        more, others, *_ = _places(*_codes(old.iloc[went], new.iloc[came], subject), once=True)
        left, right = np.append(left, went[more]), np.append(right, came[others])
        went, came = np.delete(went, more), np.delete(came, others)
    return Matched(left, right, went, came, (repeated[0], repeated[1]))


def _codes(old: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """A number for each record that records of one key share, and no others."""
    code, known = np.zeros(len(old) + len(new), dtype="int64"), 1
    for key in keys:
        was, now, _ = alike(old[key], new[key])
        more, values = pd.factorize(pd.concat([was, now], ignore_index=True), use_na_sentinel=False)
        code, known = code * len(values) + more, known * len(values)
        if known > 2**31:
            code, distinct = pd.factorize(code)
            known = len(distinct)
    return code[: len(old)], code[len(old) :]


def _told_apart(
    old: pd.DataFrame, new: pd.DataFrame, was: np.ndarray, now: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Codes under which records that share a key are numbered, in the order of what they say."""
    most = max((pd.Series(side).value_counts().max() for side in (was, now) if len(side)), default=1)
    if most == 1:
        return was, now
    common = [name for name in old.columns if name in new.columns]
    numbered = (_numbered(side, codes, common) for side, codes in ((old, was), (new, now)))
    first, second = numbered
    return was * int(most) + first, now * int(most) + second


def _numbered(side: pd.DataFrame, codes: np.ndarray, common: list[str]) -> np.ndarray:
    """The number of each record among those of its code."""
    from pipeline.against.columns import texts

    number, shared = np.zeros(len(side), dtype="int64"), pd.Series(codes).duplicated(keep=False).to_numpy()
    places = np.flatnonzero(shared)
    said = side.iloc[places][common].apply(texts).assign(_code=codes[places], _place=places)
    ordered = said.sort_values(["_code", *common, "_place"], kind="stable")
    number[ordered["_place"].to_numpy()] = ordered.groupby("_code").cumcount().to_numpy()
    return number


def _places(was: np.ndarray, now: np.ndarray, once: bool = False) -> tuple[np.ndarray, ...]:
    """The places of equal codes side by side, and the places of those that one side has alone.

    `once`: a code that a side has more than once is matched with nothing.
    """
    if len(was) == len(now) and not once and np.array_equal(was, now):
        every = np.arange(len(was))
        return every, every, every[:0], every[:0]
    if once:
        several = [pd.unique(pd.Series(side)[pd.Series(side).duplicated()]) for side in (was, now)]
        repeated = np.concatenate(several)
    found = pd.Index(now[~pd.Series(now).duplicated().to_numpy()])
    first = np.flatnonzero(~pd.Series(now).duplicated().to_numpy())
    at = found.get_indexer(was)
    held = at >= 0
    if once:
        held &= ~np.isin(was, repeated)
    left, right = np.flatnonzero(held), first[at[held]]
    return left, right, np.flatnonzero(~held), np.setdiff1d(np.arange(len(now)), right)
