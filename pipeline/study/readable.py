"""How values in capitals read that hold names: the labels of the codelists of race and ethnicity."""

from __future__ import annotations

from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import TERMINOLOGY, Specs

OF_NAMES = ("RACE", "ETHNIC")


def readable(specs: Specs) -> dict[str, str]:
    """Labels by submission value where they differ in case alone, the standard's and the study's own, which win."""
    found: dict[str, str] = {}
    for path in specs.table_files(TERMINOLOGY) if TERMINOLOGY in specs.tables else ():
        sheet = load_sheet(path)
        of, value, label = (sheet.header.index(name) for name in ("codelist", "submission", "label"))
        found |= {cells[value]: cells[label] for _, cells in sheet.rows
                  if cells[of] in OF_NAMES and cells[label].upper() == cells[value]}  # fmt: skip
    return found
