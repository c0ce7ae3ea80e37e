"""A dictionary in one workbook, as Rave writes its Architect Loader Spreadsheet (ALS): which sheet holds what.

Fields, the lists of coded values and the folders are sheets of one file; the name of a form stands in a sheet of its
own. An older ALS is XML by the name .xls, which a spreadsheet program saves as .xlsx.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers.workbook import read_workbook_sheet, sheet_names

ENDINGS = (".xlsx", ".xlsm")
OLD = (".xls", ".xml")
# What each is called, by the letters of the sheet's name.
FIELDS, LISTS, VISITS, FORMS = "data dictionary", "file of codelists", "file of visits", "forms"
SHEETS = {
    FIELDS: "FIELDS DATADICTIONARY DICTIONARY ITEMS VARIABLES FIELD",
    LISTS: "DATADICTIONARYENTRIES CODELISTS CODELIST CODELISTITEMS CODES CHOICES",
    VISITS: "FOLDERS VISITS EVENTS SCHEDULE", FORMS: "FORMS",
}  # fmt: skip
Rows = list[tuple[int, dict[str, str]]]


def is_workbook(path: Path) -> bool:
    """True for a workbook. Raises TrialError for one of an older kind, which nobody reads here."""
    if path.suffix.lower() in OLD:
        cure = "open it in a spreadsheet program and save it as .xlsx, or its sheets as CSV"
        raise TrialError("A dictionary is read from CSV or from a workbook (.xlsx).", str(path), cure)
    return path.suffix.lower() in ENDINGS


def sheet_of(path: Path, what: str) -> str:
    """The sheet of a workbook that holds the fields, the lists, the visits or the forms; '' where none does.

    The fields may stand in the only sheet, whatever its name.
    """
    names = {"".join(filter(str.isalnum, name.upper())): name for name in sheet_names(path)}
    found = next((names[one] for one in SHEETS[what].split() if one in names), "")
    return found or (next(iter(names.values())) if what == FIELDS and len(names) == 1 else "")


def holds(path: Path, what: str) -> bool:
    """True for a workbook that has a sheet for it."""
    return is_workbook(path) and path.is_file() and bool(sheet_of(path, what))


def rows_of(path: Path, what: str) -> tuple[list[str], Rows]:
    """The header and the rows of a sheet with their lines. Raises TrialError where no sheet is called so."""
    sheet = sheet_of(path, what)
    if not sheet:
        cure = f"name the sheet {SHEETS[what].split()[0].title()}; it has {', '.join(sheet_names(path))}"
        raise TrialError(f"The workbook has no sheet for the {what}.", str(path), cure)
    read = read_workbook_sheet(path, sheet)
    if read.lost:
        raise TrialError(f"A sheet of the {what} cannot be read whole.", str(path), read.lost[0])
    rows = [(line, dict(zip(read.header, map(str.strip, row), strict=False)))
            for line, row in zip(read.lines, read.rows, strict=True)]  # fmt: skip
    return read.header, rows


def form_names(path: Path) -> Mapping[str, str]:
    """What each form is called, by its OID, where a sheet of forms says it (Rave: OID, DraftFormName)."""
    if not holds(path, FORMS):
        return {}
    header, rows = rows_of(path, FORMS)
    of = {"".join(filter(str.isalnum, name.upper())): name for name in header}
    key = next((of[one] for one in ("OID", "FORMOID", "FORM") if one in of), "")
    name = next((of[one] for one in ("DRAFTFORMNAME", "FORMNAME", "NAME", "LABEL") if one in of), "")
    return {row[key]: row[name] for _, row in rows if row.get(key) and row.get(name)} if key and name else {}
