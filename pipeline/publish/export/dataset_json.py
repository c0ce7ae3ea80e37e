"""A dataset as CDISC Dataset-JSON 1.1: JSON, NDJSON (a record a line) and DSJC (NDJSON compressed by zlib).

Numbers are written so that reading gives the same double; a missing value is null. Dates of ADaM are ISO texts that
stand for SAS's numbers (`targetDataType`). Source: CDISC Dataset-JSON 1.1.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import pandas as pd

from pipeline.ground.metadata import Variable
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.oids import group_oid, item_oid, metadata_oid, study_oid
from pipeline.publish.export.types import define_type

Head: TypeAlias = "dict[str, str | int | list[dict[str, str | int]] | dict[str, str]]"
RECORDS_AT_ONCE = 20_000
SHOWN = {"date": "E8601DA.", "datetime": "E8601DT."}
AS_SAID = {"integer", "float", "date", "datetime"}


@dataclass(frozen=True)
class Provenance:
    """Where datasets come from: the study, who made them, by which program, and the stamp of the data."""

    study: str
    originator: str
    program: str
    version: str
    stamp: datetime


def head(one: Exported, origin: Provenance) -> Head:
    """What stands before the records."""
    stamp = f"{origin.stamp:%Y-%m-%dT%H:%M:%S}"
    said: Head = {
        "datasetJSONCreationDateTime": stamp,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{study_oid(origin.study)}.{one.name}",
        "dbLastModifiedDateTime": stamp,
        "originator": origin.originator,
        "sourceSystem": {"name": origin.program, "version": origin.version},
        "studyOID": study_oid(origin.study),
        "metaDataVersionOID": metadata_oid(origin.study, one.spec.layer),
        "metaDataRef": "define.xml",
        "itemGroupOID": group_oid(one.name),
        "records": len(one.data),
        "name": one.name,
        "label": one.spec.label,
        "columns": [_column(one, variable) for variable in one.spec.variables],
    }
    return {word: value for word, value in said.items() if value != ""}


def _column(one: Exported, variable: Variable) -> dict[str, str | int]:
    """What the head says of a variable."""
    values, kind = one.data[variable.name], define_type(variable, one.data[variable.name])
    told: dict[str, str | int] = {
        "itemOID": item_oid(one.name, variable.name), "name": variable.name, "label": variable.label,
    }  # fmt: skip
    if variable.type in SHOWN:
        told |= {"dataType": variable.type, "targetDataType": "integer", "displayFormat": SHOWN[variable.type]}
    else:
        told["dataType"] = kind if kind in AS_SAID else "string"
    if variable.type == "text":
        told["length"] = int(values.str.len().max()) if values.notna().any() else 1
    if variable.name in one.spec.keys:
        told["keySequence"] = one.spec.keys.index(variable.name) + 1
    return told


def json_file(one: Exported, origin: Provenance) -> Iterator[bytes]:
    """The file as one JSON object, a record a line for people and programs that compare lines."""
    yield _text(head(one, origin))[:-1] + b',"rows":['
    between = b"\n"
    for record in _records(one):
        yield between + record
        between = b",\n"
    yield b"\n]}\n"


def ndjson_file(one: Exported, origin: Provenance) -> Iterator[bytes]:
    """The file as lines: the head, then each record."""
    yield _text(head(one, origin)) + b"\n"
    for record in _records(one):
        yield record + b"\n"


def dsjc_file(one: Exported, origin: Provenance) -> Iterator[bytes]:
    """The lines of NDJSON, compressed (zlib, RFC 1950)."""
    packer = zlib.compressobj(9)
    for line in ndjson_file(one, origin):
        if packed := packer.compress(line):
            yield packed
    yield packer.flush()


def _records(one: Exported) -> Iterator[bytes]:
    """The records, each a JSON array."""
    for start in range(0, len(one.data), RECORDS_AT_ONCE):
        part = one.data.iloc[start : start + RECORDS_AT_ONCE]
        columns = [_values(part[variable.name], one.data[variable.name], variable) for variable in one.spec.variables]
        for record in zip(*columns, strict=True):
            yield _text(record)


def _values(part: pd.Series, whole: pd.Series, variable: Variable) -> list[object]:
    """The values of some records as JSON has them."""
    if variable.type in SHOWN:
        form = "%Y-%m-%d" if variable.type == "date" else "%Y-%m-%dT%H:%M:%S"
        part = part.dt.strftime(form)
    elif variable.type != "text" and define_type(variable, whole) == "integer":
        part = part.astype("Int64")
    return part.astype(object).where(part.notna(), None).tolist()


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
