"""Records that a line end inside a field without quotes has cut in two: put together where the cells count up."""

from __future__ import annotations

from pipeline.readers import Note
from pipeline.readers.quotes import FEW_SHAPES, SHAPED, TextRecords, shape


def rejoined(found: TextRecords, name: str) -> TextRecords:
    """Records with their cut lines together, each such record told.

    Certain only where the first line begins as the file's records do, the next ones do not, and their cells together
    are as many as the header has.
    """
    width = len(found.rows[0])
    if all(len(row) >= width for row in found.rows):
        return found
    begins = {shape(row[0]) for row in found.rows[1 : 1 + SHAPED] if len(row) == width}
    if len(begins) > FEW_SHAPES:
        return found
    kept = TextRecords(notes=list(found.notes), lost=list(found.lost))
    at = 0
    while at < len(found.rows):
        row, after = _whole(found, at, width, begins)
        if after > at + 1:
            line = found.lines[at]
            message = (
                f"Line {line} of {name} breaks off and goes on in line {found.lines[after - 1]} without quotes; "
                "they were read as one record. Check it, ask for quotes around such a field."
            )
            kept.notes.append(Note("RAW-LAYOUT", "major", line, "", "", message))
        kept.add(found.lines[at], row)
        at = after
    return kept


def _whole(found: TextRecords, at: int, width: int, begins: set[str]) -> tuple[list[str], int]:
    """The record that begins at a row, together with the rows it goes on in; the row after them."""
    row, after = found.rows[at], at + 1
    if len(row) >= width or shape(row[0]) not in begins:
        return row, after
    while after < len(found.rows) and len(row) < width and found.lines[after] == found.lines[after - 1] + 1:
        rest = found.rows[after]
        if shape(rest[0]) in begins or len(row) + len(rest) - 1 > width:
            break
        row = [*row[:-1], f"{row[-1]}\n{rest[0]}", *rest[1:]]
        after += 1
    return (row, after) if len(row) == width else (found.rows[at], at + 1)
