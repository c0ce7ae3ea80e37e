"""A PDF written piece by piece, never held as a whole: objects by number, packed in streams, and where each lies.

Source: ISO 32000-1, 7.5.7 (object streams) and 7.5.8 (cross-reference streams). The same objects give the same bytes.
"""

from __future__ import annotations

import zlib
from base64 import b16encode
from hashlib import sha256

HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
PACKED = 400  # objects of one object stream
LEVEL = 6  # of compression
FREE, PLAIN, WITHIN = 0, 1, 2  # how the table of objects tells a place: of none, in the file, in an object stream


class PdfFile:
    """The objects written so far: their places, those that wait to be packed, and bytes that nobody has taken yet."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int, int]] = [(FREE, 0, 65535)]
        self._waiting: list[tuple[int, bytes]] = []
        self._made = [HEADER]
        self._digest = sha256(HEADER)
        self._length = len(HEADER)

    def number(self, count: int = 1) -> int:
        """The first of so many numbers for objects that are written later."""
        first = len(self._places)
        self._places += [(FREE, 0, 0)] * count
        return first

    def add(self, number: int, content: bytes) -> None:
        """An object that is no stream."""
        self._waiting.append((number, content))
        if len(self._waiting) == PACKED:
            self._pack()

    def new(self, content: bytes) -> int:
        """An object that is no stream under a number of its own."""
        number = self.number()
        self.add(number, content)
        return number

    def stream(self, said: bytes, data: bytes, number: int = 0) -> int:
        """A compressed stream; `said` are the entries of its dictionary."""
        number, packed = number or self.number(), zlib.compress(data, LEVEL)
        self._places[number] = (PLAIN, self._length, 0)
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
        self._places[at] = (PLAIN, start, 0)
        table = b"".join(b"%c%s%s" % (kind, place.to_bytes(5, "big"), index.to_bytes(2, "big"))
                         for kind, place, index in self._places)  # fmt: skip
        self.stream(b"/Type/XRef/W[1 5 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]"
                    % (len(self._places), catalog, info, name, name), table, at)  # fmt: skip
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)
        return self.taken()

    def _pack(self) -> None:
        """The objects that wait as one object stream."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        at, offset, table = self.number(), 0, []
        for index, (number, content) in enumerate(waiting):
            self._places[number] = (WITHIN, at, index)
            table.append(b"%d %d" % (number, offset))
            offset += len(content) + 1
        head = b" ".join(table) + b"\n"
        said = b"/Type/ObjStm/N %d/First %d" % (len(waiting), len(head))
        self.stream(said, head + b"\n".join(content for _, content in waiting), at)

    def _write(self, content: bytes) -> None:
        self._made.append(content)
        self._digest.update(content)
        self._length += len(content)


def text(words: str) -> bytes:
    """A text as a PDF says it outside of pages."""
    return b"<FEFF%s>" % b16encode(words.encode("utf-16-be"))
