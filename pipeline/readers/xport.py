"""The members of a SAS transport file (XPT of version 5 or 8), each as a file of its own, and how many records it has.

The layout is counted from the file's own headers, apart from the library that reads the values, so that records read
and records there can be held against each other. Source: SAS technical note TS-140; "Record layout of a SAS version 8
or 9 data set in SAS transport format".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

CARD = 80  # bytes
LIBRARY = 3 * CARD
MEMBER = re.compile(rb"HEADER RECORD\*{7}(?:MEMBER  |MEMBV8  )HEADER RECORD!{7}")
NAMES = re.compile(rb"HEADER RECORD\*{7}(?:NAMESTR |NAMSTV8 )HEADER RECORD!{7}(\d+)")
RECORDS = re.compile(rb"HEADER RECORD\*{7}(?:OBS     |OBSV8   )HEADER RECORD!{7}")
NAMESTR = 140
SPECIAL = b"_ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Member:
    """One data set of the file: its name and the bytes of a file that holds it alone."""

    name: str
    content: bytes


def members(content: bytes) -> list[Member]:
    """The data sets of a transport file in its order; one without headers is left to the library to judge."""
    starts = [found.start() for found in MEMBER.finditer(content) if found.start() % CARD == 0]
    if not starts:
        return [Member("", content)]
    ends = [*starts[1:], len(content)]
    return [
        Member(_name(content[start:end]), content[:LIBRARY] + content[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]


def _name(chunk: bytes) -> str:
    """The name stands in the card after the two headers; eight bytes in version 5, 32 in version 8."""
    card = chunk[2 * CARD : 3 * CARD]
    width = 32 if chunk[20:28] == b"MEMBV8  " else 8
    return card[8 : 8 + width].decode("ascii", errors="replace").strip(" \0")


def columns(content: bytes) -> list[tuple[str, bool, int, int]]:
    """Name, whether it is a number, place in the record and length of every variable."""
    header = NAMES.search(content)
    if not header:
        return []
    count, at = int(header[1][4:10] if len(header[1]) >= 10 else header[1]), header.start() + CARD
    parts = [content[at + i * NAMESTR : at + (i + 1) * NAMESTR] for i in range(count)]
    return [
        (
            part[8:16].decode("latin-1").strip(" \0"),
            int.from_bytes(part[0:2], "big") == 1,
            int.from_bytes(part[84:88], "big"),
            int.from_bytes(part[4:6], "big"),
        )
        for part in parts
        if len(part) == NAMESTR
    ]


def records(content: bytes) -> tuple[int, str]:
    """How many records a file of one member holds at least, and how its end is broken ('' where it is whole)."""
    header, width = RECORDS.search(content), sum(length for *_, length in columns(content))
    if not header or not width:
        return 0, ""
    data = content[header.start() + CARD :]
    filled = data.rstrip(b" ")
    count = -(-len(filled) // width)
    padded = -(-count * width // CARD) * CARD
    if len(content) % CARD or len(data) != padded:
        return count, "the records do not fill the file as its headers say, as if it ended in the middle of one"
    return count, ""


def special_missing(content: bytes, count: int) -> dict[str, int]:
    """How many values of each variable are .A to .Z or ._ : missing, with a reason that text cannot hold."""
    told = {}
    for name, is_number, cells in _cells(content, count):
        if is_number:
            special = np.isin(cells[:, 0], np.frombuffer(SPECIAL, dtype="uint8")) & (cells[:, 1:] == 0).all(axis=1)
            told[name] = int(special.sum())
    return {name: number for name, number in told.items() if number}


def cut_texts(content: bytes, count: int) -> dict[str, int]:
    """How many texts of each variable go on behind a zero byte, where the library ends them."""
    told = {}
    for name, is_number, cells in _cells(content, count):
        if not is_number:
            ended = np.logical_or.accumulate(cells == 0, axis=1)
            told[name] = int((ended & (cells != 0) & (cells != ord(" "))).any(axis=1).sum())
    return {name: number for name, number in told.items() if number}


def _cells(content: bytes, count: int) -> Iterator[tuple[str, bool, np.ndarray]]:
    """The bytes of every variable, a row for each record; what the headers do not lay out is left away."""
    header, layout = RECORDS.search(content), columns(content)
    width = sum(length for *_, length in layout)
    if not header or not width:
        return
    start = header.start() + CARD
    data = content[start : start + count * width]
    records = np.frombuffer(data[: len(data) // width * width], dtype="uint8").reshape(-1, width)
    for name, is_number, at, length in layout:
        if length > 0 and at + length <= width:
            yield name, is_number, records[:, at : at + length]
