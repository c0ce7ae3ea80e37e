"""abbreviations.csv: what the short forms on pages stand for, the standard's and the study's own, which win."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline.study.csv_text import as_they_are, load_sheet
from pipeline.study.specs import Specs
from tlf.abbreviations import Abbreviation

TABLE = "abbreviations"


def abbreviations(specs: Specs) -> tuple[Abbreviation, ...]:
    """The known abbreviations; a short form of the study has the study's meanings alone."""
    return _known(as_they_are(specs.table_files(TABLE) if TABLE in specs.tables else ()))


@cache
def _known(files: tuple[tuple[Path, bytes], ...]) -> tuple[Abbreviation, ...]:
    """What these files say: read once, since every page asks."""
    found: dict[str, list[Abbreviation]] = {}
    for path, _ in files:
        sheet = load_sheet(path)
        at = [sheet.header.index(name) for name in ("abbreviation", "meaning", "within")]
        said = [Abbreviation(*(cells[one] for one in at)) for _, cells in sheet.rows]
        found |= {one.short: [other for other in said if other.short == one.short] for one in said}
    return tuple(one for several in found.values() for one in several)
