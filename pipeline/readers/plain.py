"""A separated text in which every line is one record: its cells as Arrow reads them.

Whatever asks for a second look (a quote that does not enclose its field, a field over several lines, a line with other
cells than the header, an empty line, a header that says a name twice) is left to the reader that goes line by line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from pipeline.readers.columns import Columns
from pipeline.readers.header import BLANKS
from pipeline.readers.quotes import MAX_FIELD

BLOCK = 1 << 26  # bytes that Arrow reads at once


def ends_alike(text: str) -> bool:
    """True for a text whose every line, the last one too, has an end, and whose returns all stand in line ends."""
    return text.endswith("\n") and text.count("\r") == text.count("\r\n")


def plain_columns(text: str, first: str, separator: str) -> tuple[list[str], Columns] | None:
    """Header and cells of such a text (`ends_alike`) with its first line; None where it asks for a second look."""
    if not separator.isascii() or not _encloses_always(text, separator):
        return None
    header = [name.strip(BLANKS) for name in next(csv.reader([first], delimiter=separator), [])]
    if len(header) < 2 or not all(header) or len(set(header)) < len(header):
        return None
    columns = _read(text, separator, len(header))
    if columns is None or len(columns) != text.count("\n") - 1 or not len(columns) or _too_long(columns):
        return None
    filled = all(value.strip() for value in columns.arrays[0].unique().to_pylist())
    return (header, columns) if filled else None


def _too_long(columns: Columns) -> bool:
    """True where a field may be longer than any is read."""
    return any(array.nbytes > MAX_FIELD and max(len(text) for text in array.unique().to_pylist()) > MAX_FIELD
               for array in columns.arrays)  # fmt: skip


def _encloses_always(text: str, separator: str) -> bool:
    """True where every quote opens a field, closes it on the same line, or is doubled within it."""
    sign, told = re.escape(separator), "\n".join(_lines_with_quotes(text)) + "\n"
    return '"' not in re.sub(rf'(?<![^{sign}\n])"[^"\r\n]*(?:""[^"\r\n]*)*"(?=[{sign}\r\n])', "", told)


def _lines_with_quotes(text: str) -> Iterator[str]:
    at = text.find('"')
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        yield text[start:end]
        at = text.find('"', end)


def _read(text: str, separator: str, width: int) -> Columns | None:
    """The cells below the first line; None where a line has another number of them."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(place) for place in range(width)]
    options = arrow.ReadOptions(use_threads=False, skip_rows=1, column_names=names, block_size=BLOCK)
    parse = arrow.ParseOptions(delimiter=separator, ignore_empty_lines=False)
    text_only = arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    try:
        table = arrow.read_csv(pa.BufferReader(text.encode("utf-8")), options, parse, text_only).combine_chunks()
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    whole = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    return Columns(tuple(whole))
