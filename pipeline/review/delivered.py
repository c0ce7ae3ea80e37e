"""The delivered files of the site, and the lines of each that stand behind records of SDTM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.engine.runner import Build
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import digest_of, sha256
from pipeline.readers import Sheet
from pipeline.readers.columns import Columns, text_frame
from pipeline.review.script import Facts
from pipeline.review.shown import RAW, Shown
from pipeline.study.contracts import Contract
from pipeline.why.ledger import Ledger, lines_behind
from pipeline.why.trace import OF_THE_SYSTEM

LINE, RECORD = "LINE", "RECORD"
Lines: TypeAlias = "tuple[tuple[int, Any, Any], ...]"  # number of a file; places of records, places of lines in it


@dataclass
class _File:
    """What records of SDTM say of a delivered file."""

    form: str
    said: list[pd.DataFrame] = field(default_factory=list)  # LINE and RECORD
    behind: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # places of records, lines; by dataset

    @property
    def records(self) -> pd.DataFrame:
        """The record that each line is of, by line."""
        told = pd.concat(self.said, ignore_index=True).drop_duplicates(LINE)
        return told.sort_values(LINE, ignore_index=True)


def delivered(build: Build, known: Ledger, first: int) -> tuple[list[Shown], Mapping[str, Lines]]:
    """Each delivered file that a record of SDTM comes from, numbered from `first`; its lines behind each dataset."""
    found, shown, lines = _told(build, known), list[Shown](), dict[str, Lines]()
    for number, file in enumerate(sorted(found), start=first):
        one, numbers = _shown(build, file, found[file])
        shown.append(one)
        for name, (places, told) in found.pop(file).behind.items():
            at = places_of(told, numbers)
            there = at >= 0
            lines[name] = (*lines.get(name, ()), (number, places[there], at[there].astype("int32")))
    return shown, lines


def _told(build: Build, known: Ledger) -> dict[str, _File]:
    """What each domain says of the files that its records come from."""
    found: dict[str, _File] = {}
    for name in sorted(known.domains):
        for file, own in lines_behind(build, known, name).groupby("FILE", sort=False):
            one, own = found.setdefault(str(file), _File(str(own["FORM"].iloc[0]))), own.dropna(subset=LINE)
            one.said.append(own[[LINE, RECORD]].drop_duplicates(LINE))
            one.behind[name] = own["PLACE"].to_numpy(dtype="int32"), own[LINE].to_numpy(dtype="int32")
    return found


def _shown(build: Build, file: str, found: _File) -> tuple[Shown, Any]:
    """A delivered file, and the number of each of its lines."""
    contract = build.specs.contracts.get(found.form)
    sheet = build.delivery.read(file, contract)
    numbers, header = _numbered(build, sheet), [str(name) for name in sheet.header]
    labels = {one.column or name: one.label for name, one in (contract.fields.items() if contract else ())}
    variables: list[Facts] = [
        {"name": LINE, "label": "Line of the file", "type": "integer"},
        {"name": RECORD, "label": "Record"},
    ]
    variables += [{"name": name, "label": labels.get(name, ""), "type": "text", "system": name in OF_THE_SYSTEM}
                  for name in header]  # fmt: skip
    more = {"form": found.form, "hash": build.delivery.hashes.get(file, "")}
    records, count = found.records, len(numbers)
    told = sha256(pd.util.hash_pandas_object(records, index=False).to_numpy().tobytes())
    content = digest_of([more["hash"], hash_of(build.delivery.written(file, contract), contract), told])
    read = partial(_file_records, build, file, contract, pa.Table.from_pandas(records, preserve_index=False))
    label = contract.label if contract else ""
    return Shown(file, RAW, label, read, count, tuple(variables), more, count, content), numbers


def _numbered(build: Build, sheet: Sheet) -> Any:
    """The number of each row of a file: its line, of a dataset its place."""
    count = len(sheet.rows)
    return np.arange(1, count + 1) if build.specs.study.from_sdtm else np.array(sheet.lines, dtype="int64")


def _file_records(
    build: Build, file: str, contract: Contract | None, records: pa.Table, columns: Sequence[str] | None = None
) -> Iterator[pd.DataFrame]:  # fmt: skip
    """The rows of a delivered file with their lines, and the record that each is of; its columns by their numbers."""
    sheet = build.delivery.read(file, contract)
    numbers, width, start = _numbered(build, sheet), len(sheet.header), 0
    at = places_of(numbers, records[LINE].to_numpy())
    names = records[RECORD].combine_chunks()
    for rows in _pieces(sheet, width):
        cells = text_frame(rows, [str(place) for place in range(width)])
        chosen = slice(start, start + len(cells))
        record = names.take(pa.array(at[chosen], mask=at[chosen] < 0)).to_pandas()
        yield pd.concat(
            [pd.DataFrame({LINE: numbers[chosen], RECORD: record}), cells.where(cells != "")], axis="columns"
        )
        start = chosen.stop


def _pieces(sheet: Sheet, width: int) -> Iterator[Sequence[list[str]]]:
    """The rows of a sheet, each with a cell in every column; those of a large one some at a time."""
    if isinstance(sheet.rows, Columns) and len(sheet.rows):
        return iter(sheet.rows.pieces())
    return iter([[(row + [""] * width)[:width] for row in sheet.rows]])


def places_of(asked: Any, numbers: Any) -> Any:
    """Where lines stand among the numbers of a file's rows, counted from 0; -1 for one that is none of them."""
    if not len(numbers):
        return np.full(len(asked), -1)
    order = np.argsort(numbers, kind="stable")
    at = np.searchsorted(numbers, asked, side="right", sorter=order) - 1
    found = order[np.maximum(at, 0)]
    return np.where((at >= 0) & (numbers[found] == asked), found, -1)
