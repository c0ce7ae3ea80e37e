"""Which forms the mapping sheets of a domain name, and what a mapping is told besides them."""

from __future__ import annotations

from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import Specs

SHEET_COLUMNS = ("form", "block", "target", "rule", "source", "where")
TEST_COLUMNS = ("form", "field", "test", "list", "unit", "result")
MAPPING_TABLES = ("ct", "cut", "visits", "units", "links")


def domain_forms(specs: Specs, domain: str) -> list[str]:
    """The forms that the mapping sheet of a domain and its table of tests name, in order; none without a sheet."""
    of = ((specs.mappings.get(domain), SHEET_COLUMNS), (specs.tests.get(domain), TEST_COLUMNS))
    return list(dict.fromkeys(form for path, columns in of if path for form in _sheet_forms(path, columns)))


def _sheet_forms(path: Path, columns: tuple[str, ...]) -> list[str]:
    """The forms of one table, in order. Raises TrialError for a table without the agreed columns, or without rows."""
    sheet = load_sheet(path)
    lost = [name for name in columns if name not in sheet.header]
    if lost:
        what = f"A mapping sheet needs the column `{lost[0]}`."
        raise TrialError(what, f"{path}, line 1", f"the header is {','.join(columns)}")
    if not sheet.rows:
        cure = "restore its rows; a domain that is knowingly not collected is named in study.yaml, not_collected"
        raise TrialError("This mapping sheet has no rows; all records of its domain would be lost.", str(path), cure)
    at = sheet.header.index("form")
    return list(dict.fromkeys(cells[at] for _, cells in sheet.rows if cells[at]))
