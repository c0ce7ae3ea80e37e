"""The bytes of a SAS transport file of version 5 that holds one dataset, from columns at a time.

Source: SAS technical note TS-140. The stamps are given: the same data make the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from pipeline.publish.export.ibm import ibm_bytes

CARD = 80
NAMESTR = 140
RECORDS_AT_ONCE = 50_000
SAS, SYSTEM = b"9.4", b"LINUX"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
HEAD = "HEADER RECORD*******{:<8}HEADER RECORD!!!!!!!{}"


@dataclass(frozen=True)
class StoredColumn:
    """A variable: texts are distinct values, filled up with spaces, and a code per record; numbers stand alone.

    The code -1 is the last of the values: a missing text.
    """

    name: str
    label: str
    length: int
    sas_format: str
    values: np.ndarray
    codes: np.ndarray | None = None

    def part(self, start: int, stop: int) -> np.ndarray:
        """The bytes of some records, a row each."""
        if self.codes is None:
            return ibm_bytes(self.values[start:stop])
        return self.values[self.codes[start:stop]].view("u1").reshape(-1, self.length)

    @property
    def records(self) -> int:
        """How many records it has."""
        return len(self.values if self.codes is None else self.codes)


def size(columns: Sequence[StoredColumn]) -> int:
    """Bytes of one record."""
    return sum(column.length for column in columns)


def head_size(columns: Sequence[StoredColumn]) -> int:
    """Bytes before the first record, and what the last card may be filled with."""
    return 8 * CARD + _filled(NAMESTR * len(columns)) + 2 * CARD


def transport_file(
    name: str, label: str, columns: Sequence[StoredColumn], stamp: datetime, records: tuple[int, int] | None = None
) -> Iterator[bytes]:
    """The file piece by piece, of all records or of those from one to another (which not counted)."""
    start, stop = records or (0, columns[0].records)
    yield _head(name, label, len(columns), stamp)
    yield _names(columns)
    yield _card("OBS", "0" * 30)
    for first in range(start, stop, RECORDS_AT_ONCE):
        last = min(first + RECORDS_AT_ONCE, stop)
        yield np.hstack([column.part(first, last) for column in columns]).tobytes()
    written = (stop - start) * size(columns)
    yield b" " * (_filled(written) - written)


def _head(name: str, label: str, count: int, stamp: datetime) -> bytes:
    """The headers of the library and of its one member."""
    at = f"{stamp:%d}{MONTHS[stamp.month - 1]}{stamp:%y:%H:%M:%S}".encode()
    said = SAS.ljust(8) + SYSTEM.ljust(8)
    return b"".join((
        _card("LIBRARY", "0" * 30),
        _field(b"SAS     SAS     SASLIB  " + said + b" " * 24 + at),
        _field(at),
        _card("MEMBER", "000000000000000001600000000140"),
        _card("DSCRPTR", "0" * 30),
        _field(b"SAS     " + name.encode().ljust(8) + b"SASDATA " + said + b" " * 24 + at),
        _field(at + b" " * 16 + label.encode("ascii").ljust(40)),
        _card("NAMESTR", f"000000{count:04d}00000000000000000000"),
    ))  # fmt: skip


def _names(columns: Sequence[StoredColumn]) -> bytes:
    """What the file says of its variables."""
    told, place = b"", 0
    for number, column in enumerate(columns, start=1):
        text = column.codes is not None
        word, width = column.sas_format.rstrip("0123456789."), column.sas_format.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ.")
        told += struct.pack(
            ">hhhh8s40s8shhh2s8shhl52s", 2 if text else 1, 0, column.length, number, column.name.encode().ljust(8),
            column.label.encode("ascii").ljust(40), word.encode().ljust(8), int(width or 0), 0, 0, b"\0\0", b" " * 8,
            0, 0, place, b"\0" * 52,
        )  # fmt: skip
        place += column.length
    return told.ljust(_filled(len(told)))


def _card(kind: str, numbers: str) -> bytes:
    return _field(HEAD.format(kind, numbers).encode())


def _field(content: bytes) -> bytes:
    return content.ljust(CARD)


def _filled(length: int) -> int:
    """The length in whole cards."""
    return -(-length // CARD) * CARD
