"""What an ODM file says that no cell can hold, as notes beside its sheets: each value left out is listed or counted.

Up to a few values of one item are listed one by one; of more (an audit trail replaces thousands) their number is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ground.words import some_of
from pipeline.readers import Note
from pipeline.readers.odm.contents import Contents, Event
from pipeline.readers.odm.layout import FormLayout
from pipeline.readers.odm.names import endings

ONE_BY_ONE = 20
LINES = 5
VALUES = {  # kind: check, severity, what befell values, what to do
    "removed": ("RAW-REPLACED", "info", "is removed in the file and not used", ""),
    "replaced": ("RAW-REPLACED", "info", "is replaced by a later transaction", ""),
    "repeated": ("RAW-ODM", "info", "stands again with the same value; it is kept once", ""),
    "context": ("RAW-ODM", "minor", "stands as context of a transaction and is not applied", ""),
    "several": ("RAW-ODM", "minor", "stands several times in one record; all values are kept in one cell", ""),
    "stray": ("RAW-ODM", "major", "stands where ODM has no values; it is not read", "Ask for the file again."),
    "null": ("RAW-ODM", "minor", "has a value and says that it is empty (IsNull); it is read as empty", "Ask which."),
    "long": ("RAW-ODM", "major", "is too long for a cell and is read as empty", "Ask for the text."),
    "not listed": (
        "RAW-ODM", "major", "is a code that the codelist of its metadata version does not hold; it stays undecoded",
        "Ask which is meant.",
    ),
    "no unit": ("RAW-ODM", "major", "names no unit where several are possible", "Ask for the unit."),
}
RECORDS = {
    "record removed": ("RAW-INACTIVE", "info", "{n} removed by a later transaction and left out."),
    "with removal": ("RAW-REPLACED", "info", "{n} told once more where they are removed."),
    "numbered": ("RAW-ODM", "minor", "{n} repeated without repeat keys; they are numbered in the order of the file."),
    "inserted again": ("RAW-ODM", "minor", "{n} inserted a second time; what they name replaces what was there."),
    "updates nothing": (
        "RAW-ODM",
        "major",
        "{n} updated that the file does not hold, and taken as new. Ask which is meant.",
    ),
    "removes nothing": ("RAW-ODM", "major", "{n} removed that the file does not hold. Ask for the files before."),
}
LISTED = ("record removed", "with removal")
SUBJECTS = {"number changed": "number", "site changed": "site"}


def notes_of(
    contents: Contents, more: list[Event], forms: list[str], layout: FormLayout, first: bool
) -> tuple[Note, ...]:
    """The notes of one form; one form, `first`, carries those of the whole file."""
    mine = {*forms, ""} if first else set(forms)
    names = {token[1]: name for token, name in layout.names.items()}
    heaps: dict[tuple[str, str], list[Event]] = {}
    for event in (*contents.events, *more):
        if event.form in mine:
            heaps.setdefault((event.kind, event.item), []).append(event)
    notes = [
        note
        for (kind, oid), held in heaps.items()
        for note in _heap(kind, names.get(oid) or (endings(oid)[0] if oid else ""), held)
    ]
    return (*notes, *_of_versions(contents, layout), *(_of_file(contents) if first else ()))


def _heap(kind: str, name: str, held: list[Event]) -> Iterator[Note]:
    """The notes of one kind and item."""
    line = held[0].line
    if kind in VALUES:
        check, severity, what, cure = VALUES[kind]
        if len(held) <= ONE_BY_ONE:
            for event in held:
                yield Note(check, severity, event.line, name, event.value[:200], f"{name} {what}. {cure}".strip())
            return
        message = f"{name} {what}: {len(held):,} values, {_lines(held)}. {cure}".strip()
        yield Note(check, severity, line, name, str(len(held)), message)
    elif kind in RECORDS:
        check, severity, text = RECORDS[kind]
        if kind in LISTED and len(held) <= ONE_BY_ONE:
            for event in held:
                one = f"A record ({event.many} value{'' if event.many == 1 else 's'}) is"
                yield Note(check, severity, event.line, "", event.value[:200], text.format(n=one))
            return
        values = f" ({sum(event.many for event in held):,} values)" if kind in LISTED else ""
        count = f"{len(held):,} record{'s' if len(held) > 1 else ''}{values} {'are' if len(held) > 1 else 'is'}"
        yield Note(check, severity, line, "", str(len(held)), f"{text.format(n=count)} ({_lines(held)})")
    elif kind == "comment":
        for event in held:
            message = "The file holds a comment; it is no data."
            yield Note("RAW-ODM", "info", event.line, name, event.value[:200], message)
    elif kind in SUBJECTS:
        for event in held:
            message = f"One subject has two {SUBJECTS[kind]}s in the file; the last is used. Ask which is right."
            yield Note("RAW-ODM", "major", event.line, SUBJECTS[kind].upper(), event.value, message)


def _lines(held: list[Event]) -> str:
    lines = sorted({event.line for event in held})
    return f"line{'s' if len(lines) > 1 else ''} {some_of([str(line) for line in lines], LINES)}"


def _of_versions(contents: Contents, layout: FormLayout) -> Iterator[Note]:
    """The studies and metadata versions a form's data follow, where they are several studies or not all told."""
    blocks = {token[0]: contents.blocks.get(token[0], 1) for token in layout.names}
    studies = list(dict.fromkeys(study for study, _ in blocks))
    if len(studies) > 1:
        message = "The form holds data of several studies. Ask for one file per study."
        yield Note("RAW-ODM", "major", 1, "STUDY", ", ".join(studies), message)
    for block, line in blocks.items():
        if contents.metadata.versions and not contents.metadata.version(block):
            message = "The file does not hold the metadata version of these data; codes stay undecoded. Ask for it."
            yield Note("RAW-ODM", "major", line, "MDVOID", block[1], message)


def _of_file(contents: Contents) -> Iterator[Note]:
    """What holds for the whole file."""
    if contents.aside:
        message = "The file holds elements that are no data of a form; they are left aside."
        counted = ", ".join(f"{name} ({n:,})" for name, n in sorted(contents.aside.items()))
        yield Note("RAW-ODM", "info", 1, "", counted, message)
