"""How values in capitals read that hold names: the labels of the codelists of race and ethnicity."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline.study.csv_text import as_they_are, load_sheet
from pipeline.study.specs import TERMINOLOGY, Specs

OF_NAMES = ("RACE", "ETHNIC")


def readable(specs: Specs) -> dict[str, str]:
    """Labels by submission value where they differ in case alone, the standard's and the study's own, which win."""
    return dict(_labels(as_they_are(specs.table_files(TERMINOLOGY) if TERMINOLOGY in specs.tables else ())))


@cache
def _labels(files: tuple[tuple[Path, bytes], ...]) -> dict[str, str]:
    """What these files say: read once, since every page asks."""
    found: dict[str, str] = {}
    for path, _ in files:
        sheet = load_sheet(path)
        of, value, label = (sheet.header.index(name) for name in ("codelist", "submission", "label"))
        found |= {cells[value]: cells[label] for _, cells in sheet.rows
                  if cells[of] in OF_NAMES and cells[label].upper() == cells[value]}  # fmt: skip
    return found
