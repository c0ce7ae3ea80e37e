"""A CSV file as text cells."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet

MAX_FIELD = 1_000_000


def read_csv(path: Path) -> Sheet:
    """One CSV file as text cells. Raises TrialError when it is no CSV at all."""
    return parse_csv(path.read_bytes(), path.name)


def parse_csv(content: bytes, name: str) -> Sheet:
    """The content of a CSV file as text cells. Raises TrialError when it is no CSV at all."""
    text, encoding = decode(content)
    if not text.strip():
        return Sheet(name, [], [], [], encoding)
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    rows, lines, before = [], [], 0
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        where = f"{name}, line {before + 1}"
        raise TrialError(f"This file cannot be read as CSV: {error}.", where, "ask for the file again") from error
    return Sheet(name, once_each(rows[0], f"{name}, line 1"), rows[1:], lines[1:], encoding)


def once_each(names: list[str], where: str) -> list[str]:
    """The names of a header, stripped. Raises TrialError when one stands twice."""
    header = [name.strip() for name in names]
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        what = f"The column {repeated[0]} stands twice in the header."
        raise TrialError(what, where, "ask for the file again")
    return header


def decode(content: bytes) -> tuple[str, str]:
    """Text and the encoding it was in: UTF-8 as agreed, else UTF-16 by its mark, else Windows-1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace").replace("\0", ""), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"
