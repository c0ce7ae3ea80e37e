"""The records of a separated text, with the proof that none was swallowed by a quote that nobody closed.

RFC 4180: a field that begins with a quote ends with one, and may hold line ends. A field that runs over lines which
look like records of their own does not end where its writer meant it to: its line is read again with the quote as
text. Where every line then has the right number of cells nothing is lost, and the line is named; else it is.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from itertools import islice

from pipeline.ground.faults import TrialError
from pipeline.readers import Note, lines_told

MAX_FIELD = 1_000_000
WIDE = 6  # from so many cells on their number alone tells a record from a comment
SHAPED = 200  # lines whose first cells show how a record begins
FEW_SHAPES = 5
SPEAKS = 3  # signs that a first cell must have to be recognised


@dataclass
class TextRecords:
    """Records with the line (1-based) each starts on; `notes` what was mended, `lost` what could not be."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, line: int, row: list[str]) -> None:
        """One record; a blank line is none."""
        if row:
            self.rows.append(row)
            self.lines.append(line)


def records_of(lines: list[str], separator: str, name: str) -> TextRecords:
    """All records of a text given as its lines, the header first. Raises TrialError for what is no such text."""
    csv.field_size_limit(MAX_FIELD)
    rows, starts, suspects, before = [], [], [], 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for row in reader:
            after = reader.line_num
            if row:
                rows.append(row)
                starts.append(before + 1)
            if after - before > 1:
                suspects.append((before, after))
            before = after
    except csv.Error as error:
        _refuse_long_lines(lines, name, error)
        return _Careful(lines, separator, name).read()
    if suspects:
        careful = _Careful(lines, separator, name)
        if any(careful.looks_like_record(line) for start, end in suspects for line in lines[start + 1 : end]):
            return careful.read()
        doubts = [note for start, end in suspects for note in careful.doubts(start, end)]
        return TextRecords(rows, starts, doubts)
    return TextRecords(rows, starts)


def _refuse_long_lines(lines: list[str], name: str, error: csv.Error) -> None:
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_FIELD:
            what = f"This file cannot be read as CSV: {error}."
            raise TrialError(what, f"{name}, line {number}", "ask for the file again") from error


class _Careful:
    """Record by record, for a text in which some quote is wrong."""

    def __init__(self, lines: list[str], separator: str, name: str):
        self.lines, self.separator, self.name = lines, separator, name
        self.first = next(i for i, line in enumerate(lines) if line.strip())
        self.width = len(self.cells(lines[self.first]))
        self.shapes = self._shapes()
        self.records, self.swallowed = TextRecords(), 0

    def cells(self, line: str) -> list[str]:
        """The cells of one line by itself."""
        return next(csv.reader([line], delimiter=self.separator), [])

    def _shapes(self) -> set[str]:
        """How the first cells of complete lines look (digits as 9); none when they look all different."""
        singles = (self.cells(line) for line in islice(self.lines, self.first + 1, self.first + 1 + SHAPED))
        shapes = {shape(cells[0]) for cells in singles if len(cells) == self.width}
        shapes = {known for known in shapes if len(known) >= SPEAKS}
        return shapes if len(shapes) <= FEW_SHAPES else set()

    def looks_like_record(self, line: str) -> bool:
        """True for a line that has the file's number of cells, or begins as its records do."""
        cells = self.cells(line)
        begins = len(cells) > 1 and shape(cells[0]) in self.shapes
        return begins or (len(cells) == self.width and self.width >= WIDE)

    def doubts(self, start: int, end: int) -> list[Note]:
        """A field over several lines of a narrow file, each with the cells of a record: nobody can tell which it is."""
        inner = [n for n in range(start + 2, end + 1) if self.lines[n - 1].strip()]
        if self.width < 2 or not inner or any(len(self.cells(self.lines[n - 1])) != self.width for n in inner):
            return []
        severity = "critical" if self.width > 2 or len(inner) > 1 else "minor"
        message = (
            f"A quoted field that opens in line {start + 1} of {self.name} runs over {lines_told(inner)}, with as many "
            "cells as a record has; it was read as one field. Check the quote, ask for the file."
        )
        return [Note("RAW-QUOTE", severity, start + 1, "", self.lines[start].strip()[-80:], message)]

    def read(self) -> TextRecords:
        """All records. Raises TrialError when the header itself is not closed."""
        at = 0
        while at < len(self.lines):
            at = self._until_a_fault(at)
        return self.records

    def _until_a_fault(self, at: int) -> int:
        """Read on from a line to the next fault and past it; the line to go on from."""
        reader = csv.reader(islice(self.lines, at, None), delimiter=self.separator, strict=True)
        start = at
        try:
            for row in reader:
                end = at + reader.line_num
                if any(map(self.looks_like_record, self.lines[start + 1 : end])):
                    return self._mend(start, end, closed=True)
                self._add(start, row)
                self.records.notes += self.doubts(start, end)
                start = end
        except csv.Error:
            return self._mend(start, at + reader.line_num, closed=False)
        return len(self.lines)

    def _add(self, start: int, row: list[str]) -> None:
        """One record; among lines that a quote had swallowed each must have the right number of cells."""
        if start < self.swallowed and row and len(row) != self.width:
            self.records.lost.append(f"line {start + 1} has {len(row)} cells instead of {self.width} after a quote")
        self.records.add(start + 1, row)

    def _mend(self, start: int, end: int, closed: bool) -> int:
        """One record read with its quotes as text; the line to go on from."""
        if start == self.first:
            what = "The header has a quote that is not closed where the header ends."
            raise TrialError(what, f"{self.name}, line {start + 1}", "ask for the file again")
        line = self.lines[start]
        row, opens = as_text(line, self.separator, self.width)
        inner = self.lines[start + 1 : end]
        certain = len(row) == self.width and (not closed or all(map(self._begins, filter(str.strip, inner))))
        taken = start + 1
        if opens and certain:
            taken = self._with_its_other_lines(row, taken, end)
        swallowed = [n for n in range(taken + 1, end + 1) if self.lines[n - 1].strip()] if opens else []
        self._say(start + 1, swallowed, opens, certain)
        self.swallowed = max(self.swallowed, end if opens else 0)
        self._add(start, row)
        return taken

    def _begins(self, line: str) -> bool:
        return shape(self.cells(line)[0]) in self.shapes

    def _with_its_other_lines(self, row: list[str], at: int, end: int) -> int:
        """Lines of the same comment that look like no record are taken to it; the line after them."""
        taken = at
        while taken < end and len(self.cells(self.lines[taken])) < self.width and not self._is_data(taken):
            taken += 1
        if taken > at:
            row[-1] = "".join([row[-1], "\n", *self.lines[at:taken]]).rstrip("\r\n")
        return taken

    def _is_data(self, number: int) -> bool:
        return self.looks_like_record(self.lines[number])

    def _say(self, line: int, swallowed: list[int], opens: bool, certain: bool) -> None:
        text = self.lines[line - 1]
        if not swallowed:
            severity, message = "minor", f"A quote in line {line} of {self.name} does not enclose its field"
            if opens:
                severity, message = (
                    "critical",
                    f"A quote that opens in line {line} of {self.name} never closes",
                )
            message += "; it was read as text." + (" Ask whether the file was cut off there." if opens else "")
            self.records.notes.append(Note("RAW-QUOTE", severity, line, "", text.strip()[-80:], message))
            return
        what = f"A quote that opens in line {line} of {self.name} is not closed and runs over {lines_told(swallowed)}"
        if not certain:
            self.records.lost.append(f"{what[0].lower()}{what[1:]}, which look like records of their own")
            return
        message = f"{what}; it was read as text, and those lines as the records they are. Close it, ask for the file."
        self.records.notes.append(Note("RAW-QUOTE", "critical", line, "", text.strip()[-80:], message))


def shape(cell: str) -> str:
    """How a cell looks: every digit as 9."""
    return re.sub(r"\d", "9", cell.strip())


def as_text(line: str, separator: str, width: int) -> tuple[list[str], bool]:
    """The cells of one line, quotes that do not enclose their field as text; True when one of them never closes.

    The last column takes the rest of its line: a quote that opens there would have enclosed it.
    """
    enclosed = re.compile(rf'"((?:[^"]|"")*)"(?={re.escape(separator)}|$)')
    text, at, row, opens = line.rstrip("\r\n"), 0, [], False
    while True:
        match = enclosed.match(text, at)
        if match:
            row.append(match[1].replace('""', '"'))
            at = match.end()
        else:
            end = text.find(separator, at)
            opening = text.startswith('"', at)
            opens |= opening and text.count('"', at) % 2 == 1
            if end < 0 or (opening and len(row) == width - 1):
                end = len(text)
            row.append(text[at:end])
            at = end
        if at >= len(text):
            return row, opens
        at += 1
