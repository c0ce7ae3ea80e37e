"""The datasets of the site in one order (ADaM, SDTM, delivered files): each is known to all others by its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pipeline.engine.core import handed
from pipeline.engine.node import DATA
from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import digest_of, sha256
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.products import datasets_of
from pipeline.readers import Sheet
from pipeline.readers.columns import Columns, text_frame
from pipeline.review.script import Facts, safe
from pipeline.study.contracts import Contract
from pipeline.why.ledger import Ledger, ledger
from pipeline.why.trace import OF_THE_SYSTEM

RAW, SDTM, ADAM = "raw", "sdtm", "adam"
SUBJECT, OF_KEYS = "USUBJID", ("IDVAR", "IDVARVAL")
LINE, RECORD = "LINE", "RECORD"


@dataclass(frozen=True)
class Shown:
    """One dataset: how it is called, its metadata, and what reads its `rows`, of which `published` are handed out.

    In a ledger there are records beyond these. They are read when they are asked for, and nobody keeps them: those of a
    large study need more room than a machine has. `content` is the hash of all that they are read from.
    """

    name: str
    layer: str
    label: str
    read: Callable[[Sequence[str] | None], pd.DataFrame]  # these columns, else all
    published: int
    variables: tuple[Facts, ...]
    more: Facts
    rows: int
    content: str

    @property
    def path(self) -> str:
        """The name of its data in the site, and its address."""
        return f"{self.layer}/{safe(self.name)}"

    @property
    def subjects(self) -> list[str]:
        """The subjects that its records are of, in their order; none of a delivered file."""
        return [str(name) for name in self.read([SUBJECT])[SUBJECT].dropna().unique()] if self.has_subjects else []

    @property
    def has_subjects(self) -> bool:
        """Whether each record names its subject, as those of a delivered file do not."""
        return self.layer != RAW and any(one["name"] == SUBJECT for one in self.variables)


@dataclass(frozen=True)
class Library:
    """All datasets of the site, and the ledger that leads from one to the next."""

    shown: tuple[Shown, ...]
    ledger: Ledger
    lines: pd.DataFrame  # OF, PLACE (a record of SDTM), TO, AT (a line of a delivered file)

    @cached_property
    def number(self) -> dict[tuple[str, str], int]:
        """The number of each dataset by layer and name."""
        return {(one.layer, one.name): number for number, one in enumerate(self.shown)}


def library(build: Build) -> Library:
    """What the site shows as datasets."""
    layers = datasets_of(build)
    columns = {name: _columns(build, handed(name, build.graph)) for name in layers}
    sdtm = [name for name in layers if layers[name] == SDTM]
    known = ledger(build, {name: _keyed(build, name, columns[name]) for name in sdtm})
    told = [_made(build, name, columns[name], known if name in sdtm else None)
            for name in sorted(layers, key=lambda one: layers[one] == SDTM)]  # fmt: skip
    raw = [] if build.specs.study.pooled else _files(build, known.lines)
    shown = (*told, *(one for one, _ in raw))
    lines = _lines(known.lines, shown, [places for _, places in raw])
    return Library(shown, replace(known, lines=known.lines.iloc[:0]), lines)


def _columns(build: Build, node: str) -> list[str]:
    """The columns of a dataset, which is not read for it."""
    return list(pq.read_schema(build.cache.vouched(node, build.entries[node], DATA)).names)


def _keyed(build: Build, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """A dataset of SDTM by what names its records."""
    asked = [one for one in columns if one in (SUBJECT, f"{name.upper()}SEQ", *OF_KEYS)]
    return build.read(handed(name, build.graph), DATA, asked or columns[:1])


def _made(build: Build, name: str, columns: Sequence[str], known: Ledger | None) -> Shown:
    """A dataset that was made; of SDTM with its records beyond the published ones."""
    node = handed(name, build.graph)
    published = build.entries[node].records
    beyond = known.records[name].iloc[published:][[SUBJECT]] if known and name in known.records else None
    read = partial(_records, build, node, beyond if beyond is not None and len(beyond) else None)
    further = [] if beyond is None else beyond[SUBJECT].fillna("").tolist()
    content = digest_of([build.entries[node].files[DATA], further])
    return dataset_shown(build.specs.datasets[name], columns, read, (published, published + len(further)), content)


def _records(
    build: Build, node: str, beyond: pd.DataFrame | None, columns: Sequence[str] | None = None
) -> pd.DataFrame:  # fmt: skip
    """The records of a dataset and, below them, whose records are delivered and stand in no published one."""
    published = build.read(node, DATA, columns)
    return published if beyond is None else pd.concat([published, beyond], ignore_index=True)


def dataset_shown(
    spec: DatasetSpec, columns: Sequence[str], read: Callable[[Sequence[str] | None], pd.DataFrame],
    counts: tuple[int, int], content: str = "",
) -> Shown:  # fmt: skip
    """A dataset with the metadata of the columns that it has, in their order; `counts` are published and all rows."""
    variables = tuple(
        {"name": one.name, "label": one.label, "type": one.type, "derivation": one.derivation, "origin": one.origin,
         "source": one.source, "codelist": one.codelist, "core": one.core}
        for one in (spec.by_name.get(str(name), Variable(str(name))) for name in columns)
    )  # fmt: skip
    more: Facts = {"structure": spec.structure, "keys": list(spec.keys),
            "parameters": {one.code: [one.label, one.derivation] for one in spec.parameters}}  # fmt: skip
    return Shown(spec.name, spec.layer, spec.label, read, counts[0], variables, more, counts[1], content)


def _files(build: Build, lines: pd.DataFrame) -> list[tuple[Shown, Any]]:
    """Each delivered file that a record of SDTM comes from, with the number of each of its lines."""
    found = []
    for file, own in lines.groupby("FILE", sort=True, observed=True):
        form = str(own["FORM"].iloc[0])
        contract = build.specs.contracts.get(form)
        sheet = build.delivery.read(str(file), contract)
        numbers = _numbered(build, sheet)
        header = [str(name) for name in sheet.header]
        labels = {one.column or name: one.label for name, one in (contract.fields.items() if contract else ())}
        variables: list[Facts] = [
            {"name": LINE, "label": "Line of the file", "type": "integer"},
            {"name": RECORD, "label": "Record"},
        ]
        variables += [{"name": name, "label": labels.get(name, ""), "type": "text", "system": name in OF_THE_SYSTEM}
                      for name in header]  # fmt: skip
        more = {"form": form, "hash": build.delivery.hashes.get(str(file), "")}
        label = contract.label if contract else ""
        records, count = own[["LINE", "RECORD"]].drop_duplicates("LINE"), len(numbers)
        read = partial(_file_records, build, str(file), contract, records)
        told = sha256(pd.util.hash_pandas_object(records, index=False).to_numpy().tobytes())
        content = digest_of([more["hash"], hash_of(build.delivery.written(str(file), contract), contract), told])
        found.append((Shown(str(file), RAW, label, read, count, tuple(variables), more, count, content), numbers))
    return found


def _numbered(build: Build, sheet: Sheet) -> Any:
    """The number of each row of a file: its line, of a dataset its place."""
    count = len(sheet.rows)
    return np.arange(1, count + 1) if build.specs.study.from_sdtm else np.array(sheet.lines, dtype="int64")


def _file_records(
    build: Build, file: str, contract: Contract | None, records: pd.DataFrame, columns: Sequence[str] | None = None
) -> pd.DataFrame:  # fmt: skip
    """The rows of a delivered file with their lines, and the record that each is of; its columns by their numbers."""
    sheet = build.delivery.read(file, contract)
    numbers, width = _numbered(build, sheet), len(sheet.header)
    rows = sheet.rows
    if not isinstance(rows, Columns):
        rows = [(row + [""] * width)[:width] for row in rows]
    cells = text_frame(rows, [str(at) for at in range(width)])
    cells = cells.where(cells != "")
    known = dict(zip(records["LINE"], records["RECORD"], strict=True))
    told = pd.DataFrame({LINE: numbers, RECORD: [known.get(number) for number in numbers.tolist()]})
    return pd.concat([told, cells], axis="columns")


def _lines(lines: pd.DataFrame, shown: tuple[Shown, ...], places: list[Any]) -> pd.DataFrame:
    """The way from records of SDTM to lines, by the numbers of datasets and the places of records."""
    of = {one.name: number for number, one in enumerate(shown) if one.layer == SDTM}
    files = [number for number, one in enumerate(shown) if one.layer == RAW]
    to = {shown[number].name: number for number in files}
    at = {shown[number].name: known for number, known in zip(files, places, strict=True)}
    told = lines[lines["DOMAIN"].isin(of) & lines["LINE"].notna()]
    found = pd.DataFrame({"OF": told["DOMAIN"].map(of), "PLACE": told["PLACE"], "TO": told["FILE"].map(to)})
    parts = [_places(rows["LINE"], at[str(file)]) for file, rows in told.groupby("FILE", sort=False, observed=True)]
    found["AT"] = pd.concat(parts) if parts else pd.Series(dtype="float64")
    return found.dropna().astype("int64").drop_duplicates(ignore_index=True)


def _places(lines: pd.Series, numbers: Any) -> pd.Series:
    """Where lines stand among the numbers of a file's rows, counted from 0; missing for one that is none of them."""
    asked, order = lines.to_numpy(dtype="int64"), np.argsort(numbers, kind="stable")
    at = np.searchsorted(numbers, asked, side="right", sorter=order) - 1
    found = order[np.maximum(at, 0)] if len(order) else np.zeros(len(asked), dtype="int64")
    there = (at >= 0) & (numbers[found] == asked) if len(order) else np.zeros(len(asked), dtype=bool)
    return pd.Series(np.where(there, found, np.nan), index=lines.index)
