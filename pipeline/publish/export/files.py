"""The files of each kind of export, piece by piece: path below the folder of the kind, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pandas as pd

from pipeline.engine.store import bytes_of, parquet_bytes
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.plain_csv import csv_text
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.dataset_json import Provenance, dsjc_file, json_file, ndjson_file
from pipeline.publish.export.long_text import SUPP
from pipeline.publish.export.transport import NO_SIGNS, Transportable, carry, columns, lengths
from pipeline.publish.export.xport import StoredColumn, head_size, size, transport_file

Files: TypeAlias = "Iterator[tuple[str, Iterable[bytes]]]"
MOST = 5_000_000_000  # bytes of a file (FDA Study Data Technical Conformance Guide, 3.3.3)
LISTING, TO_TRANSLATE = "values.csv", "to_translate.csv"
LINES = {"json": json_file, "ndjson": ndjson_file, "dsjc": dsjc_file}


@dataclass(frozen=True)
class Wanted:
    """What is to be written: all datasets of the study, the names of those asked for, and what they come from.

    `model` is the spec of any SUPP--, `english` what texts are in English.
    """

    datasets: Mapping[str, Exported]
    names: tuple[str, ...]
    origin: Provenance
    model: DatasetSpec
    encoding: str = "ascii"
    english: Mapping[str, str] = field(default_factory=dict)

    @property
    def each(self) -> Iterator[tuple[str, Exported]]:
        """The datasets asked for, each with its path but for the ending."""
        return ((f"{self.datasets[name].spec.layer}/{name}", self.datasets[name]) for name in self.names)


def carried(wanted: Wanted) -> Transportable:
    """All datasets as transport files carry them: lengths of keys rest on all of them."""
    return carry(wanted.datasets, wanted.model, wanted.encoding, wanted.english)


def transport_files(wanted: Wanted, held: Transportable, most: int = MOST) -> Files:
    """XPT files, and the list of values that they hold otherwise or not at all; one above the limit also in parts."""
    whole = [one for name, one in held.datasets.items() if name not in held.refused]
    sizes = lengths(whole, wanted.encoding)
    for name in _asked(wanted, held):
        one = held.datasets[name]
        told = columns(one, sizes, wanted.encoding)
        yield f"{one.spec.layer}/{name}.xpt", transport_file(one.name, one.spec.label, told, wanted.origin.stamp)
        for part, records in parts_of(one.name, told, most):
            content = transport_file(part, one.spec.label, told, wanted.origin.stamp, records)
            yield f"{one.spec.layer}/split/{part.lower()}.xpt", content
    shown = held.listing[held.listing["DATASET"].isin([held.datasets[name].name for name in _meant(wanted, held)])]
    yield LISTING, [bytes_of(csv_text(shown))]
    foreign = shown.loc[shown["HOW"] == NO_SIGNS, "VALUE"].drop_duplicates()
    if len(foreign):
        yield TO_TRANSLATE, [bytes_of(csv_text(pd.DataFrame({"TEXT": foreign, "ENGLISH": ""})))]


def _meant(wanted: Wanted, held: Transportable) -> list[str]:
    """The datasets asked for, and their SUPP-- where long texts go on in it."""
    grown = [name for name in held.datasets if name.startswith(SUPP) and name.removeprefix(SUPP) in wanted.names
             and (name not in wanted.datasets or len(held.datasets[name].data) > len(wanted.datasets[name].data))]
    return list(dict.fromkeys([*wanted.names, *grown]))


def _asked(wanted: Wanted, held: Transportable) -> list[str]:
    return [name for name in _meant(wanted, held) if name not in held.refused]


def parts_of(name: str, told: list[StoredColumn], most: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The parts of a file that is too large, by order of records: name (LB1, LB2) and records."""
    room, records = (most - head_size(told)) // size(told), told[0].records
    for number, start in enumerate(range(0, records, room) if records > room else (), start=1):
        yield f"{name[: 8 - len(str(number))]}{number}", (start, min(start + room, records))


def json_files(wanted: Wanted, ending: str) -> Files:
    """Dataset-JSON in one of its three forms."""
    for path, one in wanted.each:
        yield f"{path}.{ending}", LINES[ending](one, wanted.origin)


def parquet_files(wanted: Wanted) -> Files:
    """Parquet, types as they are."""
    for path, one in wanted.each:
        yield f"{path}.parquet", [parquet_bytes(one.data)]


def csv_files(wanted: Wanted) -> Files:
    """CSV in UTF-8, no cell of which a spreadsheet computes."""
    for path, one in wanted.each:
        yield f"{path}.csv", [bytes_of(csv_text(one.data))]
