"""Analysis windows from a list of visits."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from pipeline.new_study.headers import letters, read_rows
from pipeline.new_study.workbook import VISITS, holds

COLUMNS = ("VISITNUM", "VISIT", "FOLDER", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH", "RESPFL", "AVISIT",
           "PREFL", "ALIAS")  # fmt: skip
FILES = ("folders.csv", "visits.csv", "events.csv")
# What each is called, by the letters of the column's name.
FOLDER = "FOLDER FOLDEROID VISITOID EVENTOID OID CODE VISITID EVENTID"
LABEL = "ENGLISH FOLDERNAME VISIT VISITNAME EVENT EVENTNAME NAME FOLDER"
WINDOW = "WINDOW VISITWINDOW WINDOWDAYS ALLOWEDWINDOW"
PLANNED = "PLANNEDDAY VISITDY DAY TARGETDAY STUDYDAY NOMINALDAY"


def visit_rows(dictionary: str, visits: str, delivered: frozenset[str] = frozenset()) -> list[str]:
    """The lines of visits.csv: from the file named, or one of FILES beside the dictionary, or a header.

    A dictionary that is a workbook may hold them in a sheet. The folder is what the delivery calls a visit, where an
    extract showed it.
    """
    beside = [Path(dictionary).with_name(name) for name in FILES] if dictionary else []
    beside = [Path(dictionary), *beside] if dictionary and holds(Path(dictionary), VISITS) else beside
    path = Path(visits) if visits else next((p for p in beside if p.is_file()), None)
    read = [] if path is None else read_rows(path, "file of visits")[1]
    said = [{letters(k): v for k, v in row.items()} for _, row in read]
    rows = [_visit(row, n, _called(said, delivered)) for n, row in enumerate(said, start=1)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue().splitlines()


def _called(rows: list[dict[str, str]], delivered: frozenset[str]) -> str:
    """The columns in which a visit is looked for: first the one with most of the names that were delivered."""
    seen = {name: sum(last(row[name]) in delivered for row in rows) for name in (rows[0] if rows else ())}
    best = max(seen, key=lambda name: seen[name], default="")
    return f"{best} {FOLDER}" if seen.get(best) else FOLDER


def last(name: str) -> str:
    """SE.SCR of an ODM file is delivered as SCR."""
    return name.rsplit(".", 1)[-1] if re.fullmatch(r"[A-Za-z]+\.\w+", name) else name


def _visit(row: dict[str, str], number: int, called: str) -> list[str]:
    def first(names: str) -> str:
        return next((row[name] for name in names.split() if row.get(name)), "")

    folder, label, planned = last(first(called)), first(LABEL), first(PLANNED)
    scheduled = first("RESPONSEASSESSMENTSCHEDULED RESPFL RESPONSE").upper()[:1] or "N"
    anchor = _anchor(first("ANCHOR REFERENCE")) if planned else ""
    around = _window(planned, first(WINDOW))
    low = first("WINDOWLOW LOW RESPONSEFIRST") or _from(planned, first("WINDOWMINUS MINUS"), -1) or around[0]
    high = first("WINDOWHIGH HIGH RESPONSELAST") or _from(planned, first("WINDOWPLUS PLUS"), 1) or around[1]
    before = "Y" if anchor in ("CONSENT", "CONDITIONING") else "N"
    position = first("ORDER VISITNUM") or str(number)
    return [position, label.upper(), folder, anchor, planned, low, high, scheduled, label, before, ""]


def _from(planned: str, days: str, sign: int) -> str:
    """The day so many days before or after the planned one, where both are numbers; else ''."""
    whole = all(text.lstrip("+-").isdigit() for text in (planned, days))
    return str(int(planned) + sign * abs(int(days))) if whole else ""


def _window(planned: str, text: str) -> tuple[str, str]:
    """First and last day of a window said in one cell: `+/- 5`, `±5` around the planned day, `-7 to -3`, `21-35`."""
    around = re.fullmatch(r"(?:\+\s*/\s*[-\u2212]|\u00b1)\s*(\d+)(?:\s*d(?:ays?)?)?", text)
    if around:
        return _from(planned, around[1], -1), _from(planned, around[1], 1)
    days = re.fullmatch(r"(?:days? )?([+-]?\d+)\s*(?:-|\u2013|to|\.\.)\s*([+-]?\d+)", text.replace("\u2212", "-"))
    return (str(int(days[1])), str(int(days[2]))) if days else ("", "")


def _anchor(text: str) -> str:
    words = text.casefold()
    if "consent" in words or "screen" in words:
        return "CONSENT"
    told = any(word in words for word in ("car", "cell", "infusion", "day 0"))
    return "CELLS" if told or not words else "CONDITIONING"
