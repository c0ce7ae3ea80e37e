"""The register of accepted deviations, `specs/<study>/accepted.csv`, edited by the data manager.

One line per accepted finding: check, form, record and field name it (the record of a visit or form that is missing is
written `subject/visit`), `value` is the value that was accepted (another
value is a new question), `reason` and `who` say why and by whom, `expires` is the last day it holds (YYYY-MM-DD;
empty: no end).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.plain_csv import as_written
from pipeline.ground.words import did_you_mean
from pipeline.readers.encoding import decode

FILE = "accepted.csv"
COLUMNS = ("check", "form", "record", "field", "value", "reason", "who", "expires")
NEEDED = ("check", "form", "reason", "who")
ANSWERED = ("query", "check", "form", "record", "field", "value", "answer", "who")


def read_register(path: Path, checks: Iterable[str], forms: Iterable[str]) -> tuple[pd.DataFrame, list[str]]:
    """The usable lines of the register (COLUMNS and `line`), and a message for every line that cannot be used."""
    empty = pd.DataFrame(columns=[*COLUMNS, "line"], dtype="str")
    if not path.exists():
        return empty, []
    rows = _cells(path)
    header = rows[0][1] if rows else []
    if set(header) != set(COLUMNS) or len(header) != len(COLUMNS):
        return empty, [f"{FILE}, line 1: the columns must be {', '.join(COLUMNS)}; no line of it is used."]
    known, messages, kept = (set(checks), set(forms)), [], []
    for line, cells in rows[1:]:
        problem = _problem(header, cells, *known)
        if problem:
            messages.append(f"{FILE}, line {line}: {problem} The line is not used.")
        else:
            kept.append({**dict(zip(header, cells, strict=True)), "line": str(line)})
    register = pd.DataFrame(kept, columns=[*COLUMNS, "line"], dtype="str")
    again = register.duplicated(["check", "form", "record", "field", "value"])
    messages += [
        f"{FILE}, line {n}: the same acceptance stands above. The line is not used." for n in register["line"][again]
    ]
    return register[~again].reset_index(drop=True), messages


def _cells(path: Path) -> list[tuple[int, list[str]]]:
    """Line numbers and cells of a register; the apostrophe before what a spreadsheet would compute is taken off."""
    reader = csv.reader(io.StringIO(decode(path.read_bytes(), path.name).text, newline=""))
    rows = ((reader.line_num, [as_written(cell.strip()) for cell in row]) for row in reader)
    return [(line, cells) for line, cells in rows if any(cells)]


def lines_of(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """All lines of a register with these columns, as they stand; none where there is no file.

    Raises TrialError when its columns are others: it is never overwritten then.
    """
    rows = _cells(path) if path.exists() else []
    if rows and (sorted(rows[0][1]) != sorted(columns) or any(len(cells) != len(columns) for _, cells in rows)):
        cure = "each line needs the columns " + ", ".join(columns)
        raise TrialError("The register cannot be read; nothing was written.", str(path), cure)
    return [dict(zip(rows[0][1], cells, strict=True)) for _, cells in rows[1:]]


def _problem(header: list[str], cells: list[str], checks: set[str], forms: set[str]) -> str:
    """What is wrong with one line, or ''."""
    if len(cells) != len(header):
        return f"{len(cells)} cells instead of {len(header)}; put values with a comma in quotes."
    row = dict(zip(header, cells, strict=True))
    missing = [name for name in NEEDED if not row[name]]
    if missing:
        return f"`{missing[0]}` is empty; an acceptance names what, why and by whom."
    if row["check"] not in checks:
        return f"the check '{row['check']}' is unknown; {did_you_mean(row['check'], checks)}."
    if row["form"] not in forms:
        return f"the form '{row['form']}' is unknown; {did_you_mean(row['form'], forms)}."
    if row["expires"] and not is_date(row["expires"]):
        return f"'{row['expires']}' is no date; write `expires` as 2026-12-31, or leave it empty."
    return ""


def is_date(text: str) -> bool:
    """True for a day of the calendar written as YYYY-MM-DD."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def accept(queries: pd.DataFrame, register: pd.DataFrame, day: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Queries with status `accepted` and a `note` where a line of the register holds on that day (the extract's, ISO).

    A line holds for the record it names, whole key or the part that queries show, at the accepted value. Where it has
    expired, or the value is another, the query keeps its status and the note says so. Also returns the register with
    `state`: in force, expired, value changed, or not found in this extract.
    """
    noted = queries.assign(_row=range(len(queries)))
    lines = register.assign(_line=range(len(register)))
    pairs = [
        noted.merge(
            lines,
            left_on=["check", "form", key, "field"],
            right_on=["check", "form", "record", "field"],
            suffixes=("", "_ok"),
        )
        for key in dict.fromkeys(("record", "_key"))
    ]
    matched = pd.concat(pairs).drop_duplicates(["_row", "_line"])
    matched = matched[matched["status"] != "resolved"]
    state, note = _judged(matched, day)
    rank = state.map({"in force": 0, "expired": 1, "value changed": 2})
    best = matched.assign(state=state, note=note, rank=rank).sort_values("rank", kind="stable")
    by_row, by_line = best.drop_duplicates("_row").set_index("_row"), best.drop_duplicates("_line").set_index("_line")
    notes = noted["_row"].map(by_row["note"]).astype("str")
    held = noted["_row"].map(by_row["state"]) == "in force"
    joined = queries["note"].where(queries["note"] == "", queries["note"] + "; ") + notes.fillna("")
    told = queries.assign(
        status=queries["status"].mask(held, "accepted"), note=joined.where(notes.notna(), queries["note"])
    )
    found = lines["_line"].map(by_line["state"]).astype("str").fillna("not found in this extract")
    return told, register.assign(state=found)


def _judged(matched: pd.DataFrame, day: str) -> tuple[pd.Series, pd.Series]:
    """Whether each line holds for the query beside it, and the note that says so."""
    same = matched["value"].str.strip() == matched["value_ok"]
    expired = (matched["expires"] != "") & (matched["expires"] < day)
    state = pd.Series("in force", index=matched.index).mask(expired, "expired").mask(~same, "value changed")
    note = (
        "accepted by "
        + matched["who"]
        + ": "
        + matched["reason"]
        + matched["expires"].where(matched["expires"] == "", " (until " + matched["expires"] + ")")
    )
    note = note.mask(state == "expired", "the acceptance by " + matched["who"] + " expired on " + matched["expires"])
    note = note.mask(
        state == "value changed", "accepted with the value '" + matched["value_ok"] + "' by " + matched["who"]
    )
    return state, note
