"""abbreviations.csv: what the short forms on pages stand for, the standard's and the study's own, which win."""

from __future__ import annotations

from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import Specs
from tlf.abbreviations import Abbreviation

TABLE = "abbreviations"


def abbreviations(specs: Specs) -> tuple[Abbreviation, ...]:
    """The known abbreviations; a short form of the study has the study's meanings alone."""
    found: dict[str, list[Abbreviation]] = {}
    for path in specs.table_files(TABLE) if TABLE in specs.tables else ():
        sheet = load_sheet(path)
        at = [sheet.header.index(name) for name in ("abbreviation", "meaning", "within")]
        said = [Abbreviation(*(cells[one] for one in at)) for _, cells in sheet.rows]
        found |= {one.short: [other for other in said if other.short == one.short] for one in said}
    return tuple(one for several in found.values() for one in several)
