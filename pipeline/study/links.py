"""links.csv: which forms hang together by which fields (sdtm/mapping/links.py); what RELREC needs of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pipeline.study.csv_text import load_sheet
from pipeline.study.decisions import Choice
from pipeline.study.spec_input import SpecInput

LINKS, FILE, RELATIONS = "links", "links.csv", "relrec"
GROUPED = ("pc", "pp")  # related as datasets where the study has both


def load_links(standard: Path, folder: Path, datasets: Collection[str]) -> dict[str, SpecInput]:
    """The links of a study, with the forms and mapped domains whose records RELREC relates. Raises TrialError."""
    files = tuple(path for path in (standard / FILE, folder / FILE) if path.exists())
    rows = [dict(zip(sheet.header, cells, strict=True)) for sheet in map(load_sheet, files) for _, cells in sheet.rows]
    related = [row for row in rows if row.get("domains", "").split()]
    forms = [f"raw:{row.get(end, '')}" for row in related for end in ("form", "to_form")]
    mapped = [f"{domain.lower()}_mapped" for row in related for domain in row["domains"].split()]
    grouped = GROUPED if {*GROUPED} <= {*datasets} else ()
    by_recipe = {RELATIONS: tuple(dict.fromkeys([*forms, *mapped, *grouped]))}
    return {LINKS: SpecInput(rows, _as_said, files, by_recipe)} if files else {}


def _as_said(said: Any, decisions: Mapping[str, Choice]) -> Any:
    return said
