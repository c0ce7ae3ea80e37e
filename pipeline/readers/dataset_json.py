"""A CDISC Dataset-JSON 1.1 file (one data set; JSON, NDJSON, DSJC) as text cells; the first record counts as line 2.

Source: CDISC Dataset-JSON 1.1: the head names `columns` (with `dataType` and `displayFormat`) and says `records`; rows
stand in `rows`, in NDJSON one a line below the head; DSJC is NDJSON compressed by zlib.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet
from pipeline.readers.header import once_each

LINES, PACKED = ".ndjson", ".dsjc"
SUFFIXES = (".json", LINES, PACKED)
MAX_BYTES = 2_000_000_000
CURE = "ask for it as Dataset-JSON 1.1"
Json = Mapping[str, Any]


def read_dataset_json(path: Path) -> Sheet:
    """One data set as text cells, null as ''. Raises TrialError for what is no Dataset-JSON, or not whole."""
    head, rows = content_of(path)
    names = [str(column.get("name", "")) for column in columns_of(head, path)]
    header = once_each(names, f"{path.name}, its columns")
    broken = next((n for n, row in enumerate(rows, 1) if not isinstance(row, list) or len(row) != len(header)), 0)
    if broken:
        raise TrialError(f"Row {broken} does not hold a value for each of the columns.", path.name, CURE)
    lost = () if head.get("records") in (None, len(rows)) else (_counted(head["records"], len(rows)),)
    cells = [[_text(value) for value in row] for row in rows]
    return Sheet(path.name, header, cells, list(range(2, len(cells) + 2)), lost=lost)


def content_of(path: Path) -> tuple[Json, list[Any]]:
    """The head of the file and its rows."""
    from pipeline.readers.column import number

    def exact(text: str) -> str:  # a number as it is written, without a needless .0
        return number(float(text))

    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it has {path.stat().st_size:,} bytes")
        suffix = path.suffix.lower()
        text = (_unpacked(path) if suffix == PACKED else path.read_bytes()).decode("utf-8-sig")
        if suffix in (LINES, PACKED):
            head, *rows = [json.loads(line, parse_float=exact) for line in text.splitlines() if line.strip()]
        else:
            head = json.loads(text, parse_float=exact)
            rows = head.get("rows", []) if isinstance(head, dict) else []
    except (ValueError, RecursionError) as error:
        raise TrialError(f"This file cannot be read as Dataset-JSON: {error}.", path.name, CURE) from error
    if not isinstance(head, dict) or not isinstance(rows, list):
        raise TrialError("This file is JSON, but no Dataset-JSON.", path.name, CURE)
    return head, rows


def _unpacked(path: Path) -> bytes:
    """The content of a compressed file. Raises ValueError for one that is damaged, or larger than is read."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(path.read_bytes(), MAX_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ValueError("it is not whole, or too large")
    return content


def columns_of(head: Json, path: Path) -> list[Json]:
    """What the head says of each column. Raises TrialError where it says nothing."""
    columns = head.get("columns")
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns) or not columns:
        raise TrialError("This file is JSON, but no Dataset-JSON: it names no columns.", path.name, CURE)
    return columns


def _counted(said: Any, found: int) -> str:
    return f"the file says it holds {said} records, and {found:,} could be read"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)
