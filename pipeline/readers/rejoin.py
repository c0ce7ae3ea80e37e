"""Records that a line end inside a field without quotes has cut in two: put together where the cells count up."""

from __future__ import annotations

from pipeline.readers import Note
from pipeline.readers.quotes import FEW_SHAPES, SHAPED, TextRecords, shape


def rejoined(text: TextRecords, name: str) -> TextRecords:
    """Records with their cut lines together, each such record told.

    Certain only where the first line begins as the file's records do, the next ones do not, and their cells together
    are as many as the header has.
    """
    width = len(text.rows[0])
    if all(len(row) >= width for row in text.rows):
        return text
    begins = {shape(row[0]) for row in text.rows[1 : 1 + SHAPED] if len(row) == width}
    if len(begins) > FEW_SHAPES:
        return text
    kept = TextRecords(notes=list(text.notes), lost=list(text.lost))
    at = 0
    while at < len(text.rows):
        row, after = _whole(text, at, width, begins)
        if after > at + 1:
            line = text.lines[at]
            message = (
                f"Line {line} of {name} breaks off and goes on in line {text.lines[after - 1]} without quotes; "
                "they were read as one record. Check it, ask for quotes around such a field."
            )
            kept.notes.append(Note("RAW-LAYOUT", "major", line, "", "", message))
        kept.add(text.lines[at], row)
        at = after
    return kept


def _whole(text: TextRecords, at: int, width: int, begins: set[str]) -> tuple[list[str], int]:
    """The record that begins at a row, together with the rows it goes on in; the row after them."""
    row, after = text.rows[at], at + 1
    if len(row) >= width or shape(row[0]) not in begins:
        return row, after
    while after < len(text.rows) and len(row) < width and text.lines[after] == text.lines[after - 1] + 1:
        rest = text.rows[after]
        if shape(rest[0]) in begins or len(row) + len(rest) - 1 > width:
            break
        row = [*row[:-1], f"{row[-1]}\n{rest[0]}", *rest[1:]]
        after += 1
    return (row, after) if len(row) == width else (text.rows[at], at + 1)
