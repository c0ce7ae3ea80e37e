"""Domains that datasets of several domains are made of: those that tell visits, and those that tell comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pipeline.ground.metadata import DatasetSpec
from pipeline.study.csv_text import load_sheet
from pipeline.study.decisions import Choice
from pipeline.study.spec_input import SpecInput

VISITED, OF_VISITS = "visited", "subject_visits"
COMMENTED, COMMENTS, COMMENT = "commented", "co", "CO.COVAL"


def load_gathered(datasets: Mapping[str, DatasetSpec], sheets: Mapping[str, Path]) -> dict[str, SpecInput]:
    """The domains that visits are made of, and those that comments are."""
    return load_visited(datasets, sheets) | load_commented(sheets)


def load_visited(datasets: Mapping[str, DatasetSpec], mapped: Collection[str]) -> dict[str, SpecInput]:
    """The mapped domains with a VISITNUM, for the recipe of visits (sdtm/visits.py)."""
    names = [name for name, spec in datasets.items() if spec.layer == "sdtm" and "VISITNUM" in spec.by_name]
    return {VISITED: _for_recipe(tuple(name for name in names if name in mapped), OF_VISITS)}


def load_commented(sheets: Mapping[str, Path]) -> dict[str, SpecInput]:
    """The domains whose mapping sheets have a comment among their targets, for the recipe of CO (sdtm/co.py)."""
    told = tuple(name for name, path in sheets.items() if COMMENT in _targets(path))
    return {COMMENTED: _for_recipe(told, COMMENTS)}


def _targets(path: Path) -> set[str]:
    """The targets of a mapping sheet; a table of tests has none."""
    sheet = load_sheet(path)
    at = sheet.header.index("target") if "target" in sheet.header else None
    return set() if at is None else {cells[at] for _, cells in sheet.rows if len(cells) > at}


def _for_recipe(domains: tuple[str, ...], recipe: str) -> SpecInput:
    return SpecInput(domains, _as_said, datasets={recipe: tuple(f"{name}_mapped" for name in domains)})


def _as_said(said: Any, decisions: Mapping[str, Choice]) -> Any:
    return said
