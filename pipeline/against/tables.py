"""Two versions of one dataset: records by key, variables by value, and what is said of them, with counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.against.columns import TOLERANCE, differ, kind_of, texts
from pipeline.against.records import STUDY_WIDE, SUBJECT, Matched, match

MOST = 10_000  # differences of one kind and variable that are written out; all are counted
CAME, WENT, REPEATED, VALUE, ATTRIBUTE = "record came", "record went", "repeated key", "value", "attribute"
VARIABLE_CAME, VARIABLE_WENT = "variable came", "variable went"
OPEN, ACCEPTED = "open", "accepted"
FOUND = ("DATASET", "WHAT", "VARIABLE", "SUBJECT", "RECORD", "OLD", "NEW", "STATUS")
COUNTED = ("DATASET", "WHAT", "VARIABLE", "DIFFERENCES", "ACCEPTED", "SUBJECTS")
Judge = Callable[[pd.DataFrame, str, str], np.ndarray]  # records, what, variable: which of them are accepted


@dataclass(frozen=True)
class Dataset:
    """One version of a dataset: its records, and what its file says of variables (label, type, format, length).

    `typed` is false for a file that knows no types (CSV).
    """

    records: pd.DataFrame
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    typed: bool = True


@dataclass(frozen=True)
class Compared:
    """What differs between two versions: differences (FOUND), counts (COUNTED), differences by subject, records."""

    found: pd.DataFrame
    counts: pd.DataFrame
    subjects: pd.Series
    records: tuple[int, int] = (0, 0)


def nothing_accepted(records: pd.DataFrame, what: str, variable: str) -> np.ndarray:
    """No difference is accepted."""
    return np.zeros(len(records), dtype=bool)


class Tally:
    """Differences as they are met: the first of each kind written out, all counted, by subject too."""

    def __init__(self, name: str, keys: Sequence[str], subject: str, judge: Judge):
        self.name, self.judge, self.keys, self.subject = name, judge, list(keys), subject
        self.found: list[pd.DataFrame] = []
        self.counts: list[tuple[object, ...]] = []
        self.subjects: list[pd.Series] = []

    def add(self, what: str, variable: str, records: pd.DataFrame, values: tuple[pd.Series, pd.Series]) -> None:
        """Differences of one kind: the records that have them, and old and new values where there are any."""
        if len(records) == 0:
            return
        accepted = self.judge(records, what, variable)
        whose = texts(records[self.subject]) if self.subject in records else pd.Series("", index=records.index)
        told = (self.name, what, variable, len(records), int(accepted.sum()), int(whose[whose.ne("")].nunique()))
        self.counts.append(told)
        self.subjects.append(whose[whose.ne("") & ~accepted].value_counts())
        shown = records.head(MOST)
        status = np.where(accepted[: len(shown)], ACCEPTED, OPEN)
        old, new = (texts(side.head(MOST)).to_numpy() for side in values)
        self.found.append(pd.DataFrame({
            "DATASET": self.name, "WHAT": what, "VARIABLE": variable, "SUBJECT": whose.head(MOST).to_numpy(),
            "RECORD": self.named(shown).to_numpy(), "OLD": old, "NEW": new, "STATUS": status,
        }))  # fmt: skip

    def note(self, what: str, variable: str, old: str, new: str) -> None:
        """A difference of no record."""
        one = pd.DataFrame(index=[0])
        self.add(what, variable, one, (pd.Series([old], dtype="str"), pd.Series([new], dtype="str")))

    def named(self, records: pd.DataFrame) -> pd.Series:
        """Each record by its key, without what is the same in all."""
        said = pd.Series("", index=records.index, dtype="str")
        for key in [k for k in self.keys if k in records and k not in (*STUDY_WIDE, self.subject)]:
            value = texts(records[key])
            said = said + (f"{key}=" + value + " ").where(value.ne(""), "")
        return said.str.strip()

    def told(self, records: tuple[int, int]) -> Compared:
        """All that was met."""
        none = pd.DataFrame(columns=list(FOUND), dtype="str")
        found = pd.concat(self.found, ignore_index=True) if self.found else none
        counts = pd.DataFrame(self.counts, columns=list(COUNTED))
        whose = pd.concat(self.subjects) if self.subjects else pd.Series(dtype="int64")
        subjects = whose.groupby(level=0).sum().sort_values(ascending=False, kind="stable")
        return Compared(found, counts, subjects, records)


def compare(
    name: str, old: Dataset, new: Dataset, keys: Sequence[str], tolerance: float = TOLERANCE,
    judge: Judge = nothing_accepted, subject: str = SUBJECT,
) -> Compared:  # fmt: skip
    """What differs between two versions of a dataset; without keys, records are the same by all that both say."""
    common = [column for column in old.records if column in new.records]
    known = [key for key in keys if key in common]
    chosen = known or common
    tally = Tally(name, chosen, subject, judge)
    _variables(tally, old, new, common)
    if common:
        matched = match(old.records, new.records, chosen)
        _records(tally, old.records, new.records, matched, bool(known))
        _values(tally, (old, new), matched, common, tolerance)
    return tally.told((len(old.records), len(new.records)))


def _variables(tally: Tally, old: Dataset, new: Dataset, common: list[str]) -> None:
    """Variables that one version has alone and has values of, and what is said otherwise of those both have."""
    for what, one, other in ((VARIABLE_WENT, old, new), (VARIABLE_CAME, new, old)):
        for column in [c for c in one.records if c not in other.records]:
            values = int(texts(one.records[column]).ne("").sum())
            said = (f"{values:,} values", "")
            if values:
                tally.note(what, column, *(said if one is old else said[::-1]))
    for column in ("", *common):
        was, now = (_said(side, column) for side in (old, new))
        for word in [word for word in was if word in now and was[word] != now[word]]:
            tally.note(ATTRIBUTE, f"{column}:{word}", was[word], now[word])


def _said(side: Dataset, column: str) -> dict[str, str]:
    """The attributes of a variable ("": of the dataset): as its file says, and its type as it is stored.

    Without a type are variables without any value, which are stored as any, and files that know no types.
    """
    told = side.typed and column and side.records[column].notna().any()
    known = {"type": kind_of(side.records[column])} if told else {}
    return {word: said for word, said in (known | dict(side.attributes.get(column, {}))).items() if said}


def _records(tally: Tally, old: pd.DataFrame, new: pd.DataFrame, matched: Matched, keyed: bool) -> None:
    """Records that came or went, and where there is a key, those that do not have theirs alone."""
    for what, side, places in ((WENT, old, matched.went), (CAME, new, matched.came)):
        records = side.iloc[places]
        blank = pd.Series("", index=records.index, dtype="str")
        tally.add(what, "", records, (blank, blank))
    for version, side, places in zip(("old", "new"), (old, new), matched.repeated if keyed else (), strict=False):
        records = side.iloc[places]
        said = pd.Series(f"in the {version} version", index=records.index, dtype="str")
        blank = pd.Series("", index=records.index, dtype="str")
        tally.add(REPEATED, "", records, (said, blank) if version == "old" else (blank, said))


def _values(
    tally: Tally, sides: tuple[Dataset, Dataset], matched: Matched, common: list[str], tolerance: float
) -> None:
    """Values that differ between records that both versions have, variable by variable."""
    old, new = (_at(side.records, places) for side, places in zip(sides, (matched.old, matched.new), strict=True))
    untyped = not sides[0].typed and not sides[1].typed
    for column in common:
        was, now = old(column), new(column)
        apart = differ(was, now, tolerance, untyped)
        if apart.any():
            records = sides[1].records.iloc[matched.new[apart]]
            tally.add(VALUE, column, records, (was[apart], now[apart]))


def _at(records: pd.DataFrame, places: np.ndarray) -> Callable[[str], pd.Series]:
    """Columns of the records at these places, in their order."""
    whole = len(places) == len(records) and np.array_equal(places, np.arange(len(records)))
    if whole:
        return lambda column: records[column].reset_index(drop=True)
    return lambda column: records[column].iloc[places].reset_index(drop=True)
