"""The columns of a table as delivered: names once each, empty columns left away, doubled ones told apart or refused."""

from __future__ import annotations

from itertools import zip_longest

from pipeline.ground.faults import TrialError
from pipeline.readers import Note

BLANKS = " \t\r\n\f\v\u00a0\ufeff\u200b"


def once_each(names: list[str], where: str) -> list[str]:
    """The names of a header, stripped. Raises TrialError when one stands twice."""
    header = [name.strip(BLANKS) for name in names]
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        what = f"The column {repeated[0]} stands twice in the header."
        raise TrialError(what, where, "ask for the file again")
    return header


def settled(names: list[str], rows: list[list[str]], where: str) -> tuple[list[str], list[list[str]], list[Note]]:
    """Header and rows without columns that hold nothing, and what is to be said of it.

    1. Cells beyond the header are left away where they are empty. 2. A column without a name goes away when it is
    empty, else it is called COLUMN and its place. 3. Of two columns of one name the copy or the empty one goes away;
    where both say something else nobody knows which is meant. Raises TrialError.
    """
    header = [name.strip(BLANKS) for name in names]
    notes: list[Note] = []
    if _all_end_empty(rows, len(header)):
        rows = [row[: len(header)] for row in rows]
        notes.append(_layout("Its lines end with more separators than the header; the empty cells are left away."))
    if all(header) and len(set(header)) == len(header):
        return header, rows, notes
    columns = list(zip_longest(*[row[: len(header)] for row in rows], fillvalue=""))
    columns += [()] * (len(header) - len(columns))
    gone = _unnamed(header, columns, notes) | _doubled(header, columns, notes)
    header = [name or f"COLUMN {i}" for i, name in enumerate(header, start=1)]
    once_each([name for i, name in enumerate(header) if i not in gone], where)
    kept = [i for i in range(len(header)) if i not in gone] or [0]
    # A line that does not fit is left as it is, to be found as broken.
    fits = len(header) if any(len(row) == len(header) for row in rows) else kept[-1] + 1
    rows = [[row[i] for i in kept] if len(row) == fits else row for row in rows]
    return [header[i] for i in kept], rows, notes


def _all_end_empty(rows: list[list[str]], width: int) -> bool:
    """True where every line is longer than the header, by the same number of empty cells.

    Of one line that is longer nobody knows whether its end is too much or a separator in its middle.
    """
    length = len(rows[0]) if len(rows) > 1 else 0
    return length > width and all(len(row) == length and not any(map(_filled, row[width:])) for row in rows)


def _filled(cell: str) -> bool:
    return bool(cell.strip(BLANKS))


def _layout(message: str, severity: str = "info", column: str = "") -> Note:
    return Note("RAW-LAYOUT", severity, 0, column, "", message)


def _unnamed(header: list[str], columns: list[tuple[str, ...]], notes: list[Note]) -> set[int]:
    """Places of columns without name and values; the others without a name are told."""
    nameless = [i for i, name in enumerate(header) if not name]
    empty = {i for i in nameless if not any(map(_filled, columns[i]))}
    if empty:
        what = f"{len(empty)} empty column{'s' if len(empty) > 1 else ''} without a name"
        notes.append(_layout(f"The file has {what}; left away."))
    for i in [i for i in nameless if i not in empty]:
        filled = sum(map(_filled, columns[i]))
        name = f"COLUMN {i + 1}"
        message = f"Column {i + 1} has no name but {filled} values; they are not used. Ask what they are."
        notes.append(_layout(message, "major", name))
    return empty


def _doubled(header: list[str], columns: list[tuple[str, ...]], notes: list[Note]) -> set[int]:
    """Places of columns that repeat another of their name cell by cell, or hold nothing beside a filled one."""
    gone: set[int] = set()
    for name in dict.fromkeys(name for name in header if name and header.count(name) > 1):
        places = [i for i, other in enumerate(header) if other == name]
        filled = [i for i in places if any(map(_filled, columns[i]))] or places[:1]
        if all(columns[i] == columns[filled[0]] for i in filled):
            gone |= set(places) - {filled[0]}
            message = f"The column {name} stands {len(places)} times and says the same; one is read. Ask for one."
            notes.append(_layout(message, "minor", name))
    return gone
