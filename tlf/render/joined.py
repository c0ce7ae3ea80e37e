"""The PDF of one long output, set by typst in parts and joined: pages, tags and what they refer to, nothing drawn anew.

typst holds some ten kilobytes for each cell of a document until it is done: a listing of 10,000 records would need more
than a gigabyte. Its files are plain (one table of objects, none packed into others), and are read as such.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

PAGES, TAGS, OWN = 1, 2, 2  # the numbers of the new trees of pages and of tags, and how many objects are new
REFERENCE = re.compile(rb"\((?:\\.|[^()\\])*\)|(\d+) 0 R")  # outside of texts
TAGGED = re.compile(rb"(/StructParents?) (\d+)")
HEAD = re.compile(rb"\(U(\d+)x(\d+y\d+)\)")  # the name of a head of a column: its table and place
REFERRED = re.compile(rb"(\d+) 0 R")
COUNTED, LENGTH = re.compile(rb"(NPages>)\d+"), re.compile(rb"/Length \d+")
STREAM, ENDED = b"\nstream\n", b"\nendstream"


class PlainPdf(NamedTuple):
    """One PDF: its objects by number, and the numbers of the catalog and of the information on the document."""

    objects: Mapping[int, bytes]
    catalog: int
    info: int

    def named(self, word: str) -> int:
        """The number of what the catalog names."""
        return int(found(rf"/{word} (\d+) 0 R", self.objects[self.catalog]))

    @property
    def tags(self) -> bytes:
        """What is at the root of the tags."""
        return self.objects[self.named("StructTreeRoot")]

    @property
    def document(self) -> int:
        """The number of the element that holds all others."""
        return int(found(r"/K\[(\d+) 0 R\]", self.tags))

    @property
    def pages(self) -> list[int]:
        """The numbers of its pages, in order."""
        return self._below(self.named("Pages"))

    def _below(self, number: int) -> list[int]:
        if b"/Kids[" not in self.objects[number]:
            return [number]
        kids = REFERRED.findall(found(r"/Kids\[([^\]]*)\]", self.objects[number]))
        return [page for kid in kids for page in self._below(int(kid))]


class Moved(NamedTuple):
    """How far the objects of a part move, its tagged things, and the tables that name its heads."""

    objects: int
    tagged: int
    tables: int


@dataclass
class JoinedPdf:
    """Parts as one PDF that is not written yet: what is read of them, how far each moved, all objects by number."""

    read: Sequence[PlainPdf]
    shifts: Sequence[Moved]
    objects: dict[int, bytes]
    free: int  # the first number that no object has

    @property
    def catalog(self) -> int:
        """The number of the catalog."""
        return self.read[0].catalog + OWN

    def named(self, part: int, word: str) -> int:
        """The number of what the catalog of a part names."""
        return self.read[part].named(word) + self.shifts[part].objects

    def pages(self, part: int) -> list[int]:
        """The numbers of the pages of a part."""
        return [number + self.shifts[part].objects for number in self.read[part].pages]

    def add(self, content: bytes) -> int:
        """Take an object in; its number."""
        number, self.free = self.free, self.free + 1
        self.objects[number] = content
        return number


def joined(parts: Iterable[bytes]) -> bytes:
    """The parts as one tagged PDF, page after page; bookmarks and title are those of the first.

    Each is let go once it is read, and each object once it is written: a long output is held once.
    """
    return written(together([read_pdf(part) for part in parts]))


def together(read: Sequence[PlainPdf]) -> JoinedPdf:
    """The parts as one; the bookmarks of each are there."""
    shifts, first = _shifts(read), read[0]
    turned = [{part.named("StructTreeRoot"): TAGS, part.document: first.document + OWN} for part in read]
    objects = {number + shift.objects: moved(content, shift, to) for part, shift, to in zip(read, shifts, turned,
               strict=True) for number, content in part.objects.items()}  # fmt: skip
    gone = {number + shift.objects for part, shift in zip(read, shifts, strict=True)
            for number in _left_out(part, part is first)}  # fmt: skip
    roots = [part.named("Pages") + shift.objects for part, shift in zip(read, shifts, strict=True)]
    pages = sum(int(found(r"/Count (\d+)", objects[root])) for root in roots)
    objects |= {root: objects[root].replace(b"/Pages", b"/Pages/Parent %d 0 R" % PAGES, 1) for root in roots}
    objects[PAGES] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(b"%d 0 R" % root for root in roots))
    objects[TAGS] = _tags(read, shifts, [objects[part.named("StructTreeRoot") + shift.objects]
                                         for part, shift in zip(read, shifts, strict=True)])  # fmt: skip
    elements = [objects[part.document + shift.objects] for part, shift in zip(read, shifts, strict=True)]
    within = b"/K[" + b" ".join(found(r"/K\[([^\]]*)\]", one) for one in elements) + b"]"
    objects[first.document + OWN] = re.sub(rb"/K\[[^\]]*\]", within, elements[0])
    catalog, told = first.catalog + OWN, first.named("Metadata") + OWN
    objects[catalog] = re.sub(rb"/Pages \d+ 0 R", b"/Pages %d 0 R" % PAGES, objects[catalog])
    objects[told] = _counted(objects[told], pages)
    free = max(objects) + 1
    for number in gone:
        del objects[number]
    return JoinedPdf(read, shifts, objects, free)


def written(whole: JoinedPdf) -> bytes:
    """The file of what was joined, whose objects are let go."""
    return _file_of(whole.objects, whole.catalog, whole.read[0].info + OWN)


def _shifts(read: Sequence[PlainPdf]) -> list[Moved]:
    """How far each part moves, behind those before it."""
    shifts = [Moved(OWN, 0, 0)]
    for part in read[:-1]:
        tables = max((int(table) for table, _ in HEAD.findall(part.tags)), default=0)
        tagged = int(found(r"/ParentTreeNextKey (\d+)", part.tags))
        before = shifts[-1]
        shifts.append(Moved(before.objects + max(part.objects), before.tagged + tagged, before.tables + tables))
    return shifts


def _left_out(part: PlainPdf, first: bool) -> set[int]:
    """The objects of a part that the whole has once."""
    tree = part.named("StructTreeRoot")
    return {tree} if first else {tree, part.document, part.catalog, part.info, part.named("Metadata")}


def _tags(read: Sequence[PlainPdf], shifts: Sequence[Moved], told: Sequence[bytes]) -> bytes:
    """The root of the tags of all parts; `told` are their own roots, moved."""
    numbers = [b"%d %s" % (int(key) + shift.tagged, to) for said, shift in zip(told, shifts, strict=True)
               for key, to in re.findall(rb"(\d+) (\d+ 0 R)", found(r"/Nums\[([^\]]*)\]", said))]  # fmt: skip
    heads = sorted(one for said in told for one in re.findall(rb"\([^()]*\)\d+ 0 R", said))
    following = shifts[-1].tagged + int(found(r"/ParentTreeNextKey (\d+)", told[-1]))
    return b"<</Type/StructTreeRoot/RoleMap%s/K[%d 0 R]/ParentTree<</Nums[%s]>>/IDTree<</Names[%s]>>%s>>" % (
        found(r"/RoleMap(<<[^>]*>>)", told[0]), read[0].document + OWN, b" ".join(numbers), b"".join(heads),
        b"/ParentTreeNextKey %d" % following)  # fmt: skip


def read_pdf(content: bytes) -> PlainPdf:
    """The objects of a PDF, by its table of offsets."""
    table = int(found(r"startxref\s+(\d+)\s+%%EOF\s*$", content))
    lines = content[table:].split(b"\n")
    count = int(lines[1].split()[1])
    entries = [(number, line.split()) for number, line in enumerate(lines[3 : 2 + count], start=1)]
    starts = {number: int(words[0]) for number, words in entries if words[2] == b"n"}
    ends = dict(zip(starts, [*list(starts.values())[1:], table], strict=True))
    objects = {number: content[start : ends[number]].partition(b" 0 obj\n")[2].rpartition(b"\nendobj")[0]
               for number, start in starts.items()}  # fmt: skip
    trailer = content[table:]
    return PlainPdf(objects, int(found(r"/Root (\d+) 0 R", trailer)), int(found(r"/Info (\d+) 0 R", trailer)))


def moved(content: bytes, shift: Moved, turned: Mapping[int, int]) -> bytes:
    """An object with its references moved or turned elsewhere, also those to what is tagged and to heads of columns."""
    said, stream, data = content.partition(STREAM)

    def refer(found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return HEAD.sub(lambda one: b"(U%dx%s)" % (int(one[1]) + shift.tables, one[2]), found[0])
        number = int(found[1])
        return b"%d 0 R" % turned.get(number, number + shift.objects)

    said = TAGGED.sub(lambda one: b"%s %d" % (one[1], int(one[2]) + shift.tagged), REFERENCE.sub(refer, said))
    return said + stream + data


def _counted(content: bytes, pages: int) -> bytes:
    """The metadata with the number of all pages."""
    said, _, data = content.partition(STREAM)
    text = COUNTED.sub(rb"\g<1>%d" % pages, data.removesuffix(ENDED))
    return LENGTH.sub(b"/Length %d" % len(text), said) + STREAM + text + ENDED


def _file_of(objects: dict[int, bytes], catalog: int, info: int) -> bytes:
    """The file: header, objects in their order, each taken out, the table of their offsets, and where it begins."""
    made, places, digest = BytesIO(), dict[int, int](), sha256()
    made.write(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
    digest.update(made.getvalue())
    for number in sorted(objects):
        places[number] = made.tell()
        content = b"%d 0 obj\n%s\nendobj\n" % (number, objects.pop(number))
        made.write(content)
        digest.update(content)
    size, table, name = max(places) + 1, made.tell(), b64encode(digest.digest()[:16])
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        made.write(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n")
    made.write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[(%s)(%s)]>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, catalog, info, name, name, table))  # fmt: skip
    return made.getvalue()


def found(pattern: str, content: bytes) -> bytes:
    """What a pattern finds. Raises ValueError where it finds nothing: the file is not as typst writes it."""
    there = re.search(pattern.encode(), content, re.S)
    if there is None:
        raise ValueError(f"the PDF has nothing like {pattern}")
    return there[1]
