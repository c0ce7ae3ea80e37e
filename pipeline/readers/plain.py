"""A separated text in which every line is one record: its cells as Arrow reads them, a block of the file at a time.

Whatever asks for a second look (a quote that does not enclose its field, a field over several lines, a line with other
cells than the header, a line without a value, a header that says a name twice, another encoding than UTF-8) is left to
the reader that goes line by line. What is larger than a block is looked at once, and then read anew whenever it is
asked for, so that it is never held as a whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from pipeline.ground.beside import ahead
from pipeline.ground.faults import TrialError
from pipeline.readers.columns import Arrays, Columns, held
from pipeline.readers.header import BLANKS
from pipeline.readers.quotes import MAX_FIELD

BLOCK = 1 << 21  # bytes that are read at once
NEVER = (b"\0", b"\x1a")  # damage, and an old mark of the end
Source: TypeAlias = "Path | bytes"  # a file, or the content of one


def opened(source: Source) -> BinaryIO:
    """The bytes of a file, to be read."""
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def plain_columns(source: Source, first: str, separator: str) -> tuple[list[str], Columns] | None:
    """Header and cells of such a text with its first line; None where it asks for a second look."""
    if not separator.isascii():
        return None
    header = [name.strip(BLANKS) for name in next(csv.reader([first], delimiter=separator), [])]
    if len(header) < 2 or not all(header) or len(set(header)) < len(header):
        return None
    count = _lines(source, separator) - 1
    columns = _looked_at(source, separator, len(header)) if count > 0 else None
    return (header, columns) if columns is not None and len(columns) == count else None


def _lines(source: Source, separator: str) -> int:
    """How many lines there are; 0 where one of them asks for a second look."""
    count = 0
    with opened(source) as file:
        for block in _blocks(file):
            if not _is_plain(block, separator):
                return 0
            count += block.count(b"\n")
    return count


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, so many whole lines at a time; the last ones alone may be without an end."""
    rest = b""
    while read := file.read(BLOCK):
        whole, end, after = (rest + read).rpartition(b"\n")
        yield whole + end or after
        if not end:
            return  # a line longer than a block, which Arrow does not read
        rest = after
    if rest:
        yield rest


def _is_plain(block: bytes, separator: str) -> bool:
    """True for text of whole lines, whose returns all stand in line ends and whose quotes all enclose a field."""
    ends_alike = block.endswith(b"\n") and block.count(b"\r") == block.count(b"\r\n")
    if not ends_alike or any(mark in block for mark in NEVER):
        return False
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return '"' not in text or _encloses_plainly(block, separator) or _encloses_always(text, separator)


def _encloses_plainly(block: bytes, separator: str) -> bool:
    """True where quotes stand in pairs, each pair around a field of one line: most files have no others."""
    import numpy as np

    signs = np.frombuffer(b"\n" + block, dtype="uint8")
    quotes, ends = np.flatnonzero(signs == ord('"')), np.flatnonzero(signs == ord("\n"))
    before, after = signs[quotes[::2] - 1], signs[quotes[1::2] + 1]
    if len(before) != len(after) or not np.isin(before, [*separator.encode(), ord("\n")]).all():
        return False
    lines = np.searchsorted(ends, quotes)
    return bool((lines[::2] == lines[1::2]).all() and np.isin(after, [*separator.encode(), *b"\r\n"]).all())


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


def _looked_at(source: Source, separator: str, width: int) -> Columns | None:
    """The cells below the first line, held where they are of one block; None where a line asks for a second look."""
    import pyarrow as pa

    count, blocks, last = 0, 0, Columns(partial(_cells, source, separator, width), width, 0)
    try:
        for arrays in _cells(source, separator, width, range(width)):
            last = held(arrays)
            if _says_nothing(arrays) or _too_long(arrays):
                return None
            count, blocks = count + len(last), blocks + 1
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    return last if blocks == 1 else Columns(partial(_as_before, source, separator, width, count), width, count)


def _says_nothing(arrays: Arrays) -> bool:
    """True where a line has nothing in any cell."""
    import numpy as np

    empty = np.arange(len(arrays[0]))  # the lines in whose cells so far nothing stands
    for array in arrays:
        told = (array if len(empty) == len(array) else array.take(empty)).dictionary_encode()
        blank = np.array([not text.strip() for text in told.dictionary.to_pylist()], dtype=bool)
        empty = empty[blank[told.indices.to_numpy()]]
        if not len(empty):
            return False
    return True


def _too_long(arrays: Arrays) -> bool:
    """True where a field may be longer than any is read."""
    return any(array.nbytes > MAX_FIELD and max(len(text) for text in array.unique().to_pylist()) > MAX_FIELD
               for array in arrays)  # fmt: skip


def _cells(source: Source, separator: str, width: int, places: Sequence[int]) -> Iterator[Arrays]:
    """The cells of these columns below the first line, a block at a time."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(place) for place in range(width)]
    options = arrow.ReadOptions(use_threads=False, skip_rows=1, column_names=names, block_size=BLOCK)
    parse = arrow.ParseOptions(delimiter=separator, ignore_empty_lines=False)
    text_only: dict[str, Any] = {"column_types": dict.fromkeys(names, pa.string()), "strings_can_be_null": False}
    convert = arrow.ConvertOptions(**text_only, include_columns=[names[place] for place in places])
    file = pa.OSFile(str(source)) if isinstance(source, Path) else pa.BufferReader(source)
    with file, arrow.open_csv(file, options, parse, convert) as reader:
        for batch in reader:
            if batch.num_rows:
                yield tuple(batch.columns)


def _as_before(source: Source, separator: str, width: int, count: int, places: Sequence[int]) -> Iterator[Arrays]:
    """As `_cells`, of a text that was looked at. Raises TrialError when it has other lines now."""
    import pyarrow as pa

    found = 0
    try:
        for arrays in ahead(_cells(source, separator, width, places)):
            found += len(arrays[0])
            yield arrays
    except (pa.ArrowInvalid, OSError):
        found = -1
    if found != count:
        name = source.name if isinstance(source, Path) else "the archive"
        raise TrialError("A file of the extract was changed while it was read.", name, "run again")
