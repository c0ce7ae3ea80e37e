"""Every record of SDTM with its place in its dataset, and every line behind it: the way of `trace` for a whole study.

One pass for each domain, in numbers: those of a large study are millions, and nothing else is held of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.engine.from_sdtm import keys_node
from pipeline.engine.node import KEYS
from pipeline.engine.runner import Build
from pipeline.engine.store import digest_of, sha256
from pipeline.why.range_lines import LABORATORY, range_lines

SUBJECT, IDVAR, IDVARVAL = "USUBJID", "IDVAR", "IDVARVAL"
SUPP = "SUPP"
LINE = ["FORM", "FILE", "LINE", "RECORD"]  # where a record was delivered
MANY = 2**32  # more records than a subject has in a domain


@dataclass(frozen=True)
class Domain:
    """The records of a domain by place: the number of its subject and its own number there; -1 where it has none.

    Places count from 0 through the dataset as it is published, then (from `published` on) through records that were
    delivered and are not in it.
    """

    whose: Any
    seq: Any
    published: int

    @property
    def is_numbered(self) -> bool:
        """Whether records have numbers: a domain without has one record of a subject."""
        return bool((self.seq >= 0).any())


@dataclass(frozen=True)
class Ledger:
    """What stands where: `domains` by name; `people` are the numbers of the subjects of whom there is a record."""

    people: Mapping[str, int]
    domains: Mapping[str, Domain]
    _sorted: dict[tuple[str, bool], tuple[Any, Any]] = field(default_factory=dict)

    @cached_property
    def names(self) -> Any:
        """The subjects by their number; nobody has none."""
        return np.array([*self.people, None], dtype="object")

    @cached_property
    def digest(self) -> str:
        """The hash of which records stand where."""
        told = [sha256(one.whose.tobytes() + one.seq.tobytes()) for one in self.domains.values()]
        return digest_of([[*self.people], [*self.domains], told])

    def standing(self, found: pd.DataFrame) -> Iterator[tuple[str, Any, Any]]:
        """Records by USUBJID, DOMAIN and SEQ as places: by dataset which of them stand there, each as often as it does.

        A record without a number stands for all of its subject in that domain; one that is in no dataset is left away.
        """
        codes, domains = pd.factorize(found["DOMAIN"], sort=True)
        whose = numbered(found[SUBJECT], self.people)
        seq = found["SEQ"].fillna(-1).to_numpy(dtype="int64")
        for code, domain in enumerate(domains):
            name = parent_of(str(domain))
            if name not in self.domains:
                continue
            own, by_number = (codes == code) & (whose >= 0), (seq >= 0) & self.domains[name].is_numbered
            for rows, by in ((np.flatnonzero(own & by_number), True), (np.flatnonzero(own & ~by_number), False)):
                if len(rows):
                    at, places = self.joined(name, whose[rows], seq[rows], by)
                    yield name, rows[at], places

    def joined(self, name: str, whose: Any, seq: Any, by_number: bool) -> tuple[Any, Any]:
        """Which of these records are in a domain, each as often as it is there, and their places there."""
        known, order = self._order(name, by_number)
        keys = _keys(whose, seq, by_number)
        first, last = (np.searchsorted(known, keys, side=side) for side in ("left", "right"))
        counts = last - first
        at = np.repeat(np.arange(len(keys)), counts)
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        places = np.repeat(first, counts) + within
        return at, places if order is None else order[places]

    def _order(self, name: str, by_number: bool) -> tuple[Any, Any]:
        """The keys of a domain in order, and the places they are of; None where its records stand in this order."""
        if (name, by_number) not in self._sorted:
            keys, order = _keys(self.domains[name].whose, self.domains[name].seq, by_number), None
            if (keys[1:] < keys[:-1]).any():
                order = np.argsort(keys, kind="stable")
                keys = keys[order]
            self._sorted[name, by_number] = keys, order
        return self._sorted[name, by_number]


def parent_of(domain: str) -> str:
    """The domain whose records qualifiers belong to, in lower case; of another its own name."""
    return domain.removeprefix(SUPP).lower()


def _keys(whose: Any, seq: Any, by_number: bool) -> Any:
    """One number for the subject (and the record's number, where asked) of each record."""
    return whose.astype("int64") * MANY + (seq + 1 if by_number else 0)


def numbered(names: pd.Series, known: Mapping[str, int]) -> Any:
    """The number of each name, each distinct one looked up once; -1 where it is missing or not known."""
    codes, distinct = pd.factorize(names)
    return np.array([*(known.get(str(name), -1) for name in distinct), -1], dtype="int64")[codes]


def ledger(build: Build, published: Callable[[str], pd.DataFrame | None]) -> Ledger:
    """The ledger of a build; `published` reads what names the records of a dataset of SDTM that people are handed."""
    people: dict[str, int] = {}
    known = [name for name, spec in build.specs.datasets.items() if spec.layer == "sdtm"]
    domains = {name: _domain(build, name, published(name), people) for name in known}
    return Ledger(people, {name: one for name, one in domains.items() if len(one.whose)})


def _domain(build: Build, name: str, dataset: pd.DataFrame | None, people: dict[str, int]) -> Domain:
    """The records of a domain: as it is published, then what else its keys know."""
    whose = seq = np.arange(0)
    if dataset is not None and SUBJECT in dataset:
        whose, seq = _told(dataset[SUBJECT], people), _whole(_numbers(name, dataset))
    published = len(whose)
    if keys_node(build.graph, name) in build.entries:
        keys = build.read(keys_node(build.graph, name), KEYS, [SUBJECT, "SEQ"])
        more, numbers = beyond(whose, seq, _told(keys[SUBJECT], people), _whole(keys["SEQ"].astype("float64")))
        whose, seq = np.append(whose, more), np.append(seq, numbers)
    return Domain(whose.astype("int32"), seq.astype("int32"), published)


def beyond(whose: Any, seq: Any, others: Any, numbers: Any) -> tuple[Any, Any]:
    """Which of other records a dataset does not have, each once; one without numbers has one record of a subject."""
    by_number = not len(whose) or bool((seq >= 0).any())
    each = np.sort(np.unique(_keys(others, numbers, True), return_index=True)[1])
    others, numbers = others[each], numbers[each]
    new = ~np.isin(_keys(others, numbers, by_number), _keys(whose, seq, by_number))
    return others[new], numbers[new]


def _told(names: pd.Series, people: dict[str, int]) -> Any:
    """The number of each subject; a new one is given the next."""
    for name in names.dropna().unique():
        people.setdefault(str(name), len(people))
    return numbered(names, people)


def _whole(numbers: pd.Series) -> Any:
    return numbers.fillna(-1).to_numpy(dtype="int64")


def _numbers(name: str, dataset: pd.DataFrame) -> pd.Series:
    """The number of each record in its domain, of a qualifier that of the record it points to; missing without one."""
    number = f"{name.upper()}SEQ"
    if number in dataset:
        return dataset[number].astype("float64")
    if IDVARVAL in dataset:
        pointing = dataset[IDVAR].fillna("").str.endswith("SEQ")
        return pd.to_numeric(dataset[IDVARVAL].where(pointing), errors="coerce").astype("float64")
    return pd.Series(float("nan"), index=dataset.index)


def lines_behind(build: Build, known: Ledger, name: str) -> pd.DataFrame:
    """The lines of delivered files behind the records of a domain, those of reference ranges too: PLACE and LINE."""
    parts = [_placed(known, name, told, True) for told in _ranges(build, known, name)]
    node = keys_node(build.graph, parent_of(name.upper()))
    if node in build.entries:
        keys = build.read(node, KEYS, [SUBJECT, "SEQ", *LINE])
        parts.append(_placed(known, name, keys, known.domains[name].is_numbered and bool(keys["SEQ"].notna().any())))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["PLACE", *LINE])


def _placed(known: Ledger, name: str, told: pd.DataFrame, by_number: bool) -> pd.DataFrame:
    at, places = known.joined(name, numbered(told[SUBJECT], known.people), _whole(told["SEQ"]), by_number)
    return told[LINE].iloc[at].assign(PLACE=places)


def _ranges(build: Build, known: Ledger, name: str) -> Sequence[pd.DataFrame]:
    """The lines of reference ranges behind the results of the laboratory."""
    if name.upper() != LABORATORY:
        return []
    own = known.domains[name]
    records = pd.DataFrame({SUBJECT: known.names[own.whose], "DOMAIN": LABORATORY, "SEQ": own.seq})
    told = range_lines(build, records[own.seq >= 0])
    return [told] if len(told) else []
