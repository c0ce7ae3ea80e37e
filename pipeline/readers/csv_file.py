"""A separated text file (CSV, TSV) as text cells, with the proof that all of it was read."""

from __future__ import annotations

import codecs
import io
from itertools import islice
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers import Note, Sheet
from pipeline.readers.encoding import ASIDE, Text, decode
from pipeline.readers.header import BLANKS, settled
from pipeline.readers.plain import Source, opened, plain_columns
from pipeline.readers.quotes import records_of
from pipeline.readers.rejoin import rejoined
from pipeline.readers.separator import DECLARED, separator_of, spoken
from pipeline.readers.written import Written

OTHER_KINDS = (
    (b"PK\x03\x04", "a workbook or zip"), (b"\xd0\xcf\x11\xe0", "a workbook of an old kind (.xls)"), (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "packed (gzip)"), (b"PAR1", "a Parquet file"), (b"HEADER RECORD*******", "a SAS transport file"),
    (b"<?xml", "XML"), (b"<!doctype", "a web page"), (b"<html", "a web page"), (b"<table", "a web page"),
)  # fmt: skip
NOTHING = BLANKS + '",;|'  # signs of a line that says nothing
UTF_8 = "utf-8"
HEAD = 1000  # lines by which the separator is told
END_OF_FILE = "\x1a"  # the mark of an old system; what stands after it was never meant to be read


def read_csv(path: Path, written: Written | None = None) -> Sheet:
    """One CSV file as text cells. Raises TrialError when it is no CSV at all."""
    return _parsed(path, path.name, written or Written())


def parse_csv(content: bytes, name: str, written: Written | None = None) -> Sheet:
    """The content of a CSV file as text cells. Raises TrialError when it is no CSV at all."""
    return _parsed(content, name, written or Written())


def _parsed(source: Source, name: str, written: Written) -> Sheet:
    """A text by columns where every line is one record, else line by line."""
    with opened(source) as file:
        _refuse_other_kinds(file.read(64), name)
    plain = _plain(source, name, written)
    return plain or _by_lines(source.read_bytes() if isinstance(source, Path) else source, name, written)


def _by_lines(content: bytes, name: str, written: Written) -> Sheet:
    """A text that asks for a second look."""
    text = _to_the_end(decode(content, name, written.encoding), name)
    lines = io.StringIO(text.text, newline="").readlines()
    start, notes, declared = _first_line(lines, written) if lines else (0, [], "")
    if start:
        lines[0] = "\n"  # the header keeps its line number
    if not any(line.strip().strip(NOTHING) for line in lines):
        return Sheet(name, [], [], [], text.encoding, text.notes, text.lost, text.agreed)
    separator = separator_of([line for line in lines[:HEAD] if line.strip()], name, declared)
    notes += _separated(separator, name, written)
    whole = rejoined(records_of(lines, separator, name), name)
    header, rows, said = settled(whole.rows[0], whole.rows[1:], f"{name}, line {whole.lines[0]}")
    rows, kept, blank = _filled(rows, whole.lines[1:])
    if blank:
        message = f"{blank} line{'s' if blank > 1 else ''} without any value; left away."
        said.append(Note("RAW-LAYOUT", "info", 0, "", str(blank), message))
    said += _cut_off(lines, whole.lines[-1])
    every = (*text.notes, *notes, *whole.notes, *said)
    return Sheet(name, header, rows, kept, text.encoding, every, (*text.lost, *whole.lost), text.agreed, separator)


def _plain(source: Source, name: str, written: Written) -> Sheet | None:
    """The sheet of a text in UTF-8 in which every line is one record; None where it asks for a second look."""
    if written.encoding not in ("", UTF_8):
        return None
    with opened(source) as file:
        first = [line.removesuffix(b"\n").removesuffix(b"\r") for line in islice(file, HEAD)] or [b""]
    if any(b"\r" in line for line in first):
        return None
    try:
        head = [line.decode(UTF_8) for line in (first[0].removeprefix(codecs.BOM_UTF8), *first[1:])]
        if not head[0].strip().strip(NOTHING) or DECLARED.fullmatch(head[0]) or head[0].startswith(ASIDE):
            return None
        separator = separator_of([line for line in head if line.strip()], name, written.delimiter)
    except (UnicodeDecodeError, TrialError):
        return None  # by lines it is told what is wrong
    read = plain_columns(source, head[0], separator)
    if read is None:
        return None
    notes, lines = tuple(_separated(separator, name, written)), range(2, len(read[1]) + 2)
    return Sheet(name, *read, lines, UTF_8, notes, separator=separator)


def _separated(separator: str, name: str, written: Written) -> list[Note]:
    """What is said of a separator that nobody agreed on."""
    tabs_by_name = separator == "\t" and name.lower().endswith(".tsv")
    if separator in (",", written.delimiter) or tabs_by_name:
        return []
    return [Note("RAW-LAYOUT", "info", 0, "", "", f"The file is separated by {spoken(separator)}; read so.")]


def _cut_off(lines: list[str], last: int) -> list[Note]:
    """A last line without a line end, where all others have one, may be the beginning of a longer one."""
    if len(lines) < 3 or lines[-1].endswith(("\n", "\r")):
        return []
    message = "The last line has no line end, as all others have; the file may be cut off there. Check its last cell."
    return [Note("RAW-LAYOUT", "info", last, "", lines[-1].strip()[-80:], message)]


def _refuse_other_kinds(content: bytes, name: str) -> None:
    """A file that says itself what it is, whatever its name says."""
    begins = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, kind in OTHER_KINDS:
        if begins.startswith(mark.lower()):
            what = f"The file is named as text, but is {kind}."
            raise TrialError(what, name, "ask for the file as CSV, or give it the ending of its kind")


def _to_the_end(read: Text, name: str) -> Text:
    """The text without an old end-of-file mark; text after such a mark was cut off by somebody and is lost."""
    text = read.text.lstrip("\ufeff")
    body, mark, after = text.partition(END_OF_FILE)
    if mark and after.strip(BLANKS + END_OF_FILE + "\ufffd"):
        line = body.count("\n") + 1
        said = f"{name} has a mark of its end (Ctrl-Z) in line {line}, and more text after it"
        return Text(text, read.encoding, read.notes, (*read.lost, said), read.agreed)
    return Text(body, read.encoding, read.notes, read.lost, read.agreed)


def _first_line(lines: list[str], written: Written) -> tuple[int, list[Note], str]:
    """1 when the first line is Excel's `sep=;`, what is said of it, and the separator declared."""
    found = DECLARED.fullmatch(lines[0])
    if not found:
        return 0, [], written.delimiter
    if written.delimiter and written.delimiter != found[1]:
        what = f"The file is declared as separated by '{written.delimiter}', and says '{found[1]}' itself."
        raise TrialError(what, "line 1", "correct the declaration")
    note = Note("RAW-LAYOUT", "info", 1, "", lines[0].strip(), "The first line names the separator; it is no header.")
    return 1, [note], found[1]


def _filled(rows: list[list[str]], lines: list[int]) -> tuple[list[list[str]], list[int], int]:
    """Rows of which some cell is filled with their lines, and how many were not."""
    blank = {i for i, row in enumerate(rows) if not row[0].strip() and not any(map(str.strip, row))}
    if not blank:
        return rows, lines, 0
    kept = [i for i in range(len(rows)) if i not in blank]
    return [rows[i] for i in kept], [lines[i] for i in kept], len(blank)
