"""Which reader takes which file: a file of one form goes by its name, a form inside a file by `file[form]`."""

from __future__ import annotations

from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet, archive, odm, parquet, sas, workbook
from pipeline.readers.csv_file import parse_csv, read_csv

CSV = (".csv", ".txt", ".tsv")
ONE_FORM = (*CSV, *sas.SUFFIXES, parquet.SUFFIX)
MANY_FORMS = (*workbook.SUFFIXES, odm.SUFFIX)
SPOKEN = "a folder or zip of CSV files, an Excel workbook, SAS7BDAT, XPT or Parquet files, or ODM-XML"


def readable(path: Path) -> bool:
    """True for a file that some reader takes (a zip stands for a folder and is none)."""
    return path.suffix.lower() in (*ONE_FORM, *MANY_FORMS) and not path.name.startswith((".", "~$"))


def whole(path: Path) -> bool:
    """True for a file that may be a delivery of its own: it holds several forms."""
    return (
        path.is_file()
        and path.suffix.lower() in (*MANY_FORMS, archive.SUFFIX)
        and not path.name.startswith((".", "~$"))
    )


def parts(path: Path) -> list[str]:
    """The names under which the file's forms go. Raises TrialError."""
    suffix = path.suffix.lower()
    if suffix in workbook.SUFFIXES:
        return [f"{path.name}[{sheet}]" for sheet in workbook.sheet_names(path)]
    if suffix == odm.SUFFIX:
        return [f"{path.name}[{form}]" for form in odm.form_names(path)]
    return [path.name]


def read(path: Path, part: str = "", header_row: int = 1) -> Sheet:
    """One form of a file as text cells. Raises TrialError."""
    suffix = path.suffix.lower()
    if suffix == archive.SUFFIX:
        return parse_csv(archive.content(path, part), part)
    if suffix in workbook.SUFFIXES:
        return workbook.read_workbook_sheet(path, part, header_row)
    if suffix == odm.SUFFIX:
        return odm.read_form_data(path, part)
    if suffix in sas.SUFFIXES:
        return sas.read_sas(path)
    if suffix == parquet.SUFFIX:
        return parquet.read_parquet_file(path)
    if suffix in CSV:
        return read_csv(path)
    raise TrialError("This is no kind of file that can be read.", path.name, f"ask for {SPOKEN}")
