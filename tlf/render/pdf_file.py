"""A PDF written piece by piece, never held as a whole: objects by number, packed in streams, and where each lies.

Source: ISO 32000-1, 7.5.7 (object streams) and 7.5.8 (cross-reference streams). The same objects give the same bytes.
"""

from __future__ import annotations

import zlib
from array import array
from base64 import b16encode
from collections.abc import Sequence
from hashlib import sha256
from itertools import accumulate

import numpy as np

HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
PACKED = 400  # objects of one object stream
LEVEL = 5  # of compression: 6 takes twice the time for a file smaller by one part in two hundred
FREE, PLAIN, WITHIN = 0, 1, 2  # how the table of objects tells a place: of none, in the file, in an object stream
NOWHERE = 65535  # of the first entry of the table


class PdfFile:
    """The objects written so far: their places, those that wait to be packed, and bytes that nobody has taken yet."""

    def __init__(self) -> None:
        self._count = 1  # of numbers given, with that of no object
        self._plain: list[tuple[int, int]] = []  # number and place of each object that is a stream
        self._packed: list[tuple[int, array[int]]] = []  # number of each object stream, and of those within
        self._numbers, self._waiting = array("Q"), list[bytes]()
        self._made = [HEADER]
        self._digest = sha256(HEADER)
        self._length = len(HEADER)

    def number(self, count: int = 1) -> int:
        """The first of so many numbers for objects that are written later."""
        first = self._count
        self._count += count
        return first

    def add(self, number: int, content: bytes) -> None:
        """An object that is no stream."""
        self._numbers.append(number)
        self._waiting.append(content)
        if len(self._waiting) == PACKED:
            self._pack()

    def new(self, content: bytes) -> int:
        """An object that is no stream under a number of its own."""
        number = self.number()
        self.add(number, content)
        return number

    def several(self, contents: Sequence[bytes]) -> Sequence[int]:
        """The numbers of objects that are no streams, each its own."""
        if len(self._waiting) + len(contents) >= PACKED:
            return [self.new(content) for content in contents]
        first = self.number(len(contents))
        numbers = range(first, self._count)
        self._numbers.extend(numbers)
        self._waiting += contents
        return numbers

    def stream(self, said: bytes, data: bytes, number: int = 0) -> int:
        """A compressed stream; `said` are the entries of its dictionary."""
        number, packed = number or self.number(), zlib.compress(data, LEVEL)
        self._plain.append((number, self._length))
        self._write(b"%d 0 obj\n<</Length %d/Filter/FlateDecode%s>>\nstream\n%s\nendstream\nendobj\n"
                    % (number, len(packed), said, packed))  # fmt: skip
        return number

    def taken(self) -> bytes:
        """What was written since this was asked last."""
        made, self._made = b"".join(self._made), []
        return made

    def end(self, catalog: int, info: int) -> bytes:
        """The rest of the file: what waits, and the table of all objects."""
        self._pack()
        name = b16encode(self._digest.digest()[:16])
        at, start = self.number(), self._length
        self._plain.append((at, start))
        self.stream(b"/Type/XRef/W[1 5 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]"
                    % (self._count, catalog, info, name, name), self._table(), at)  # fmt: skip
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)
        return self.taken()

    def _table(self) -> bytes:
        """Of each number the kind of its place (1 byte), the place (5), and the place within an object stream (2)."""
        kinds, places = np.zeros(self._count, ">u1"), np.zeros(self._count, ">u8")
        within = np.zeros(self._count, ">u2")
        kinds[0], within[0] = FREE, NOWHERE
        for at, numbers in self._packed:
            kinds[numbers], places[numbers], within[numbers] = WITHIN, at, np.arange(len(numbers))
        numbers, at = np.array(self._plain).T
        kinds[numbers], places[numbers] = PLAIN, at
        parts = [part.view("u1").reshape(self._count, -1) for part in (kinds, places, within)]
        return np.hstack([parts[0], parts[1][:, 3:], parts[2]]).tobytes()

    def _pack(self) -> None:
        """The objects that wait as one object stream."""
        if not self._waiting:
            return
        numbers, self._numbers = self._numbers, array("Q")
        waiting, self._waiting = self._waiting, []
        at = self.number()
        self._packed.append((at, numbers))
        offsets = accumulate((len(content) + 1 for content in waiting), initial=0)
        head = b" ".join([b"%d %d" % one for one in zip(numbers, offsets, strict=False)]) + b"\n"
        said = b"/Type/ObjStm/N %d/First %d" % (len(waiting), len(head))
        self.stream(said, head + b"\n".join(waiting), at)

    def _write(self, content: bytes) -> None:
        self._made.append(content)
        self._digest.update(content)
        self._length += len(content)


def text(words: str) -> bytes:
    """A text as a PDF says it outside of pages."""
    return b"<FEFF%s>" % b16encode(words.encode("utf-16-be"))
