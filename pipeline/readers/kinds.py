"""Which reader takes which file: a file of one form goes by its name, a form inside a file by `file[form]`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet, archive, dataset_json, odm, parquet, sas, workbook
from pipeline.readers.columns import Columns, held
from pipeline.readers.csv_file import parse_csv, read_csv
from pipeline.readers.written import Written

CSV = (".csv", ".txt", ".tsv")
ONE_FORM = (*CSV, *sas.SUFFIXES, parquet.SUFFIX, *dataset_json.SUFFIXES)
MANY_FORMS = (*workbook.SUFFIXES, odm.SUFFIX)
SPOKEN = "a folder or zip of CSV files, an Excel workbook, SAS7BDAT, XPT, Parquet or Dataset-JSON files, or ODM-XML"


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


def divided(name: str) -> bool:
    """True for a file that may hold several forms."""
    return Path(name).suffix.lower() in (*MANY_FORMS, *sas.SUFFIXES)


def file_and_part(name: str) -> tuple[str, str]:
    """The file and the form in it of a name like `book.xlsx[Sheet]`."""
    file, _, part = name.partition("[")
    return (file, part[:-1]) if part.endswith("]") and divided(file) else (name, "")


def parts(path: Path) -> list[str]:
    """The names under which the file's forms go. Raises TrialError."""
    suffix = path.suffix.lower()
    if suffix in workbook.SUFFIXES:
        return [f"{path.name}[{sheet}]" for sheet in workbook.sheet_names(path)]
    if suffix == odm.SUFFIX:
        return [f"{path.name}[{form}]" for form in odm.form_names(path)]
    if suffix in sas.SUFFIXES:
        return [f"{path.name}[{name}]" if name else path.name for name in sas.member_names(path)]
    return [path.name]


def titles(path: Path, part: str) -> set[str]:
    """What else a form inside a file is called (an ODM form's OIDs and its title)."""
    return odm.titles(path, part) if path.suffix.lower() == odm.SUFFIX and part and path.is_file() else set()


def read(path: Path, part: str = "", header_row: int = 1, written: Written | None = None) -> Sheet:
    """One form of a file as text cells. Raises TrialError."""
    suffix = path.suffix.lower()
    if suffix in workbook.SUFFIXES:
        return workbook.read_workbook_sheet(path, part, header_row)
    if suffix == odm.SUFFIX:
        return odm.read_form_data(path, part, written.language if written else "")
    if suffix in sas.SUFFIXES:
        return sas.read_sas(path, part, written)
    if suffix == parquet.SUFFIX:
        return parquet.read_parquet_file(path)
    if suffix in dataset_json.SUFFIXES:
        return dataset_json.read_dataset_json(path)
    if suffix in CSV:
        return read_csv(path, written)
    raise TrialError("This is no kind of file that can be read.", path.name, f"ask for {SPOKEN}")


def read_zipped(path: Path, name: str, part: str, header_row: int, written: Written) -> Sheet:
    """One form of a file in a zip. Raises TrialError."""
    content = archive.content(path, name)
    if Path(name).suffix.lower() in CSV:
        return parse_csv(content, name, written)
    with unzipped(name, content) as file:
        sheet = read(file, part, header_row, written)
        rows = sheet.rows  # the passing file is gone afterwards
        return replace(sheet, rows=held(rows.arrays)) if isinstance(rows, Columns) else sheet


@contextmanager
def unzipped(name: str, content: bytes) -> Iterator[Path]:
    """A file of a zip on disk, for readers that take a file only; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            yield path
        except TrialError as error:  # the passing folder is nobody's concern, and has another name each time
            raise TrialError(error.what, error.where.replace(str(path), path.name), error.cure) from error
