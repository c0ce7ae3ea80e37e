"""Every record of SDTM with its place in its dataset, and every line behind it: the way of `trace` for a whole study.

One pass for all; the records and lines of one number are read off it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.engine.from_sdtm import keys_node
from pipeline.engine.node import KEYS
from pipeline.engine.runner import Build
from pipeline.why.lineage import ecrf_lines

KEY = ["USUBJID", "SEQ"]
SUPP = "SUPP"
MANY = 2**32  # more records than a subject has in a domain


@dataclass(frozen=True)
class Ledger:
    """What stands where: `records` of each domain (USUBJID, SEQ, PLACE), `lines` of them (PLACE and where they stand).

    PLACE counts from 0 through the dataset as it is published, then through records that were delivered and are not in
    it.
    """

    records: Mapping[str, pd.DataFrame]
    lines: pd.DataFrame
    _sorted: dict[tuple[str, tuple[str, ...]], tuple[Any, Any]] = field(default_factory=dict)

    def places(self, found: pd.DataFrame) -> pd.DataFrame:
        """Records by USUBJID, DOMAIN and SEQ as places: DOMAIN (a dataset) and PLACE, beside what else is said of them.

        A record without a number stands for all of its subject in that domain; one that is in no dataset is left away.
        """
        parts = [found.drop(columns="SEQ").iloc[which].assign(DOMAIN=name, PLACE=places)
                 for name, which, places in self.standing(found)]  # fmt: skip
        columns = [name for name in [*found.columns, "PLACE"] if name != "SEQ"]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)

    def standing(self, found: pd.DataFrame) -> Iterator[tuple[str, Any, Any]]:
        """The same by dataset: which of the records stand there, each as often as it does, and their places."""
        codes, domains = pd.factorize(found["DOMAIN"], sort=True)
        whose = numbered(found["USUBJID"], self._people)
        told, numbers = found["SEQ"].notna().to_numpy(), found["SEQ"].fillna(-1).to_numpy(dtype="int64")
        for code, domain in enumerate(domains):
            name = str(domain).removeprefix(SUPP).lower()
            if name not in self.records:
                continue
            own, by_number = codes == code, told & self.records[name]["SEQ"].notna().any()
            for rows, by in ((np.flatnonzero(own & by_number), KEY), (np.flatnonzero(own & ~by_number), KEY[:1])):
                if len(rows):
                    at, places = self._found(_keys(whose[rows], numbers[rows], tuple(by)), name, tuple(by))
                    yield name, rows[at], places

    def _found(self, keys: Any, name: str, by: tuple[str, ...]) -> tuple[Any, Any]:
        """Which of the records asked for are in a domain, each as often as it is there, and their places there."""
        if (name, by) not in self._sorted:
            records = self.records[name]
            seq = records["SEQ"].fillna(-1).to_numpy(dtype="int64")
            known = _keys(numbered(records["USUBJID"], self._people), seq, by)
            order = np.argsort(known, kind="stable")
            self._sorted[name, by] = known[order], records["PLACE"].to_numpy()[order]
        known, places = self._sorted[name, by]
        first, last = (np.searchsorted(known, keys, side=side) for side in ("left", "right"))
        counts = np.where(keys < 0, 0, last - first)
        at = np.repeat(np.arange(len(keys)), counts)
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        return at, places[np.repeat(first, counts) + within]

    @cached_property
    def _people(self) -> dict[str, int]:
        """The number of every subject of whom there is a record."""
        told = [name for known in self.records.values() for name in known["USUBJID"].dropna().unique()]
        return {str(name): number for number, name in enumerate(dict.fromkeys(told))}


def _keys(whose: Any, numbers: Any, by: tuple[str, ...]) -> Any:
    """One number for the subject (and the record's number, where asked) of each record; negative for a stranger."""
    return whose if len(by) == 1 else np.where(whose < 0, -1, whose * MANY + numbers)


def numbered(names: pd.Series, known: Mapping[str, int]) -> Any:
    """The number of each name, each distinct one looked up once; -1 where it is missing or not known."""
    codes, distinct = pd.factorize(names)
    return np.array([*(known.get(str(name), -1) for name in distinct), -1], dtype="int64")[codes]


def ledger(build: Build, published: Mapping[str, pd.DataFrame]) -> Ledger:
    """The ledger of a build; `published` are the datasets of SDTM that people are handed, by name."""
    known = [name for name, spec in build.specs.datasets.items() if spec.layer == "sdtm"]
    records = {name: _records(build, name, published.get(name)) for name in known}
    records = {name: told for name, told in records.items() if len(told)}
    asked = [told.assign(DOMAIN=name.upper(), NAME=name) for name, told in records.items()]
    whole = pd.concat(asked, ignore_index=True) if asked else pd.DataFrame(columns=[*KEY, "PLACE", "DOMAIN", "NAME"])
    lines = ecrf_lines(build, whole)
    lines = lines.assign(DOMAIN=lines["NAME"])
    return Ledger(
        records, lines[["DOMAIN", "PLACE", "FORM", "FILE", "LINE", "RECORD"]].drop_duplicates(ignore_index=True)
    )


def _records(build: Build, name: str, dataset: pd.DataFrame | None) -> pd.DataFrame:
    """USUBJID, SEQ and PLACE of a domain: as it is published, then what else its keys know."""
    parts = []
    if dataset is not None and "USUBJID" in dataset:
        parts.append(pd.DataFrame({"USUBJID": dataset["USUBJID"], "SEQ": _numbers(name, dataset)}))
    if keys_node(build.graph, name) in build.entries:
        keys = build.frame(keys_node(build.graph, name), KEYS)
        parts.append(keys[KEY].astype({"SEQ": "float64"}).drop_duplicates())
    if not parts:
        return pd.DataFrame(columns=[*KEY, "PLACE"])
    own = parts[0].assign(PLACE=range(len(parts[0])))
    if len(parts) == 1:
        return own
    more = parts[1].merge(own.drop_duplicates(KEY), on=KEY, how="left")
    by_subject = own["SEQ"].isna().all()  # a domain without numbers has one record of a subject
    beyond = more[~more["USUBJID"].isin(own["USUBJID"])] if by_subject else more[more["PLACE"].isna()]
    return pd.concat([own, beyond[KEY].assign(PLACE=range(len(own), len(own) + len(beyond)))], ignore_index=True)


def _numbers(name: str, dataset: pd.DataFrame) -> pd.Series:
    """The number of each record in its domain, of a qualifier that of the record it points to; missing without one."""
    number = f"{name.upper()}SEQ"
    if number in dataset:
        return dataset[number].astype("float64")
    if "IDVARVAL" in dataset:
        pointing = dataset["IDVAR"].fillna("").str.endswith("SEQ")
        return pd.to_numeric(dataset["IDVARVAL"].where(pointing), errors="coerce").astype("float64")
    return pd.Series(float("nan"), index=dataset.index)
