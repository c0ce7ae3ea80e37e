"""The bytes of a text file as text: UTF-8 as agreed, or what the file itself proves, or what somebody declared.

UTF-16 is known by its mark or by its zero bytes. What is not UTF-8 is read as windows-1252 as long as it looks like
Western letters, and said; a file in another alphabet has to be declared, because nothing in it tells which one.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipeline.ground.faults import TrialError
from pipeline.readers import Note, lines_told

MARKS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip
ASIDE = "\ufeff"
# No Western word has four accented letters in a row; two characters of GB18030 or EUC have four bytes from A1 on.
ANOTHER_ALPHABET = re.compile(rb"[\xa1-\xff]{4}|[\x80-\xff]{8}")
MANY = 0.3  # share of high bytes among letters from which a text is not Western
ENOUGH = 20
HIGH = bytes(range(0x80, 0x100))
LETTERS_BEYOND = bytes(range(0xC0, 0x100))


@dataclass(frozen=True)
class Text:
    """A file's text, the encoding it was in, and what is to be said of it."""

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()
    lost: tuple[str, ...] = ()
    agreed: str = "utf-8"


def decode(content: bytes, name: str, declared: str = "") -> Text:
    """Text and the encoding it was in. Raises TrialError when the encoding cannot be known."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _marked(content.removeprefix(mark), name, encoding, declared)
    if declared and declared != "utf-8":
        return _declared(content, name, declared)
    if b"\0" in content:
        return _with_zeros(content, name)
    try:
        return Text(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _western(content, name)


def _marked(content: bytes, name: str, encoding: str, declared: str) -> Text:
    """A byte order mark is proof; a declaration that says otherwise is contradicted."""
    if encoding == "utf-8":
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return _western(content, name)
    else:
        text = _strictly(content, name, encoding)
    named = encoding.removesuffix("-le").removesuffix("-be")
    agreed = named if declared.startswith(named) else "utf-8"
    if declared and not declared.startswith(named):
        return _zeros_told(Text(text, named, (_contradicted(named, declared),), agreed=named), name)
    return _zeros_told(Text(text, named, agreed=agreed), name)


def _declared(content: bytes, name: str, declared: str) -> Text:
    """As declared; text beyond ASCII that is valid UTF-8 proves that it is that, whatever was declared."""
    if not content.isascii() and not declared.startswith(("utf-16", "utf-32")):
        try:
            return Text(content.decode("utf-8"), "utf-8", (_contradicted("utf-8", declared),))
        except UnicodeDecodeError:
            pass
    return _zeros_told(Text(_strictly(content, name, declared), declared, agreed=declared), name)


def _contradicted(found: str, declared: str) -> Note:
    message = f"The file is declared as {declared} and is {found}; it was read as that. Correct the declaration."
    return Note("RAW-ENCODING", "major", 0, "", found, message)


def _strictly(content: bytes, name: str, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError, ValueError) as error:
        line = content[: getattr(error, "start", 0)].count(b"\n") + 1
        what = f"The file is not in {encoding}: the bytes in line {line} are no text in it."
        cure = "declare its encoding in manifest.json or raw/_system.yaml (written: {encoding: ...}), or send UTF-8"
        raise TrialError(what, f"{name}, line {line}", cure) from error


def _with_zeros(content: bytes, name: str) -> Text:
    """UTF-16 without a mark has its zero bytes on one side only; all other zero bytes are damage."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if len(content) % 2 == 0 and (even + odd) * 5 >= len(content) and min(even, odd) == 0:
        encoding = "utf-16-le" if odd else "utf-16-be"
        return Text(_strictly(content, name, encoding), "utf-16")
    return _zeros_told(_of_bytes(content, name), name)


def _of_bytes(content: bytes, name: str) -> Text:
    try:
        return Text(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _western(content, name)


def _zeros_told(read: Text, name: str) -> Text:
    """Zero bytes in a text are damage: nobody can say what stood there."""
    if "\0" not in read.text:
        return read
    lines = [n for n, line in enumerate(read.text.split("\n"), start=1) if "\0" in line]
    said = f"{name} holds zero bytes (NUL) in {lines_told(lines)}, where text should be"
    return Text(read.text.replace("\0", "\ufffd"), read.encoding, read.notes, (*read.lost, said), read.agreed)


def _western(content: bytes, name: str) -> Text:
    """UTF-8 with a few windows-1252 letters, or windows-1252 throughout."""
    places: list[int] = []

    def one_letter(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        places.append(error.start)
        return _letter(error.object[error.start]), error.start + 1

    codecs.register_error("windows-1252 letters", one_letter)
    text = content.decode("utf-8", errors="windows-1252 letters")
    if len(content) - len(content.translate(None, HIGH)) >= 2 * len(places):  # as many letters are true UTF-8
        lines = sorted({content[:at].count(b"\n") + 1 for at in places[:200]})
        shown = "".join(sorted({_letter(content[at]) for at in places}))[:20]
        message = (
            f"The file is UTF-8, but has {len(places)} letters of windows-1252 ({shown}) in {lines_told(lines)}; "
            "they were read as that. Check them, ask for UTF-8."
        )
        return Text(text, "utf-8", (Note("RAW-ENCODING", "major", lines[0], "", shown, message),))
    refuse_another_alphabet(content, name)
    odd = any(byte in content for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    return Text(text, "latin-1" if odd else "windows-1252")


def _letter(byte: int) -> str:
    return bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)


def refuse_another_alphabet(content: bytes, name: str) -> None:
    """Refuse letters that no Western text has in a row: their encoding has to be declared. Raises TrialError."""
    high = len(content) - len(content.translate(None, LETTERS_BEYOND))
    letters = high + len(re.findall(rb"[A-Za-z]", content))
    if ANOTHER_ALPHABET.search(content) or (high >= ENOUGH and high > MANY * letters):
        what = "The file is not UTF-8, and its letters are of another alphabet than the Western one."
        cure = "declare it in manifest.json or raw/_system.yaml (written: {encoding: windows-1251}), or send UTF-8"
        raise TrialError(what, name, cure)
