"""Analysis windows from a list of visits."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pipeline.new_study.dictionary import read_rows

COLUMNS = ("VISITNUM", "VISIT", "FOLDER", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH", "RESPFL", "AVISIT",
           "PREFL", "ALIAS")  # fmt: skip
FILES = ("folders.csv", "visits.csv")


def visit_rows(dictionary: str, visits: str) -> list[str]:
    """The lines of visits.csv: from the file named, or folders.csv or visits.csv beside the dictionary, or a header."""
    beside = [Path(dictionary).with_name(name) for name in FILES] if dictionary else []
    path = Path(visits) if visits else next((p for p in beside if p.is_file()), None)
    rows = [] if path is None else [_visit(row, n) for n, row in enumerate(read_rows(path, "file of visits"), start=1)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue().splitlines()


def _visit(row: dict[str, str], number: int) -> list[str]:
    def first(*names: str) -> str:
        return next((row[name] for name in names if row.get(name)), "")

    folder, label = first("FOLDER", "VISIT_OID", "OID"), first("FOLDERNAME", "VISIT", "VISIT_NAME", "NAME", "FOLDER")
    planned = first("PLANNED_DAY", "VISITDY", "DAY", "TARGET_DAY")
    scheduled = first("RESPONSE_ASSESSMENT_SCHEDULED", "RESPFL").upper()[:1] or "N"
    anchor = _anchor(first("ANCHOR", "REFERENCE")) if planned else ""
    low, high = first("WINDOW_LOW", "LOW"), first("WINDOW_HIGH", "HIGH")
    before = "Y" if anchor in ("CONSENT", "CONDITIONING") else "N"
    position = first("ORDER", "VISITNUM") or str(number)
    return [position, label.upper(), folder, anchor, planned, low, high, scheduled, label, before, ""]


def _anchor(text: str) -> str:
    words = text.casefold()
    if "consent" in words or "screen" in words:
        return "CONSENT"
    return "CELLS" if any(word in words for word in ("car", "cell", "infusion", "day 0")) else "CONDITIONING"
