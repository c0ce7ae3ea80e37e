"""A data dictionary as fields: the columns of EDC exports and of hand-written ones are understood by what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.new_study.headers import TELLING, columns_of, read_rows
from pipeline.new_study.workbook import form_names

YES = ("Y", "YES", "TRUE", "1", "MANDATORY", "REQUIRED")
# By words, and as formats of Rave ($200, 3, 5.2, dd MMM yyyy, HH:nn).
TYPES = (
    ("time", r"^(partial ?)?time|^hh:(mm|nn)|clock"), ("date", r"date|datetime|yyyy"),
    ("integer", r"int|whole|count|^\d+\+?$"),
    ("decimal", r"decimal|float|number|numeric|real|double|^\d+\.\d*\+?$"),
    ("coded", r"cod|radio|drop|check|yes/?no|boolean|list|choice|select"),
)  # fmt: skip
PARTIAL = r"partial|may be|unknown|incomplete|__"
RESULT = re.compile(r"(result|value)\b(?! of| code| type)|(result|value) as ")
LIKE_FILE = re.compile(r"(?i)[\w.-]+\.(csv|txt|tsv|xlsx|xpt|sas7bdat|parquet)")
VENDORS = ("VENDOR", "EXTERNAL", "LAB", "TRANSFER", "NON-CRF", "THIRD PARTY")
# Columns that every form of an EDC carries, by the letters of their name; no meaning of the study's own.
SYSTEM = """
STUDY STUDYID PROTOCOL PROJECT SITE SITEID SITENUMBER SITENAME CENTRE CENTER SUBJECT SUBJECTID SUBJID SUBJ PATIENT
PATIENTID PATID USUBJID FOLDER FOLDERNAME FOLDERSEQ EVENT EVENTNAME EVENTREPEAT VISIT VISITNAME VISITID VISITSEQ
VISITDATE VISDAT FORM FORMNAME FORMID FORMSTATUS RECORD RECORDID RECORDPOS REC RECID STATUS ACTIVE DELETED CREATED
UPDATED MODIFIED LASTMODIFIED CREATEDDATE UPDATEDDATE ROWID PAGENAME INSTANCE REPEATNUMBER
"""
VENDOR_SUBJECTS = ("SITESUBJ", "PATIENT", "PATIENTID", "SUBJ", "SUBJECT", "SUBJECTID")


@dataclass(frozen=True)
class DictionaryField:
    """One field of a form: its short name, the name in the delivery, and what the dictionary says of it.

    `typed` is False where the dictionary says no type; `unit_field` is the delivered column that holds its unit.
    """

    form: str
    form_label: str
    name: str
    column: str
    label: str
    type: str
    codelist: str = ""
    unit: str = ""
    partial: bool = False
    required: bool = False
    repeating: bool = False
    folders: tuple[str, ...] = ()
    version: str = ""
    vendor: bool = False
    sheet: str = ""
    yes_no: bool = False
    file: str = ""
    dates: str = ""
    values: str = ""
    typed: bool = True
    unit_field: str = ""

    @property
    def known_column(self) -> bool:
        """True for a column that the EDC carries on every form: it is of the system, not of the study."""
        letters = re.sub(r"[^A-Z]", "", (self.column or self.name).upper())
        return letters in SYSTEM.split() and self.type == "text" and not self.codelist


@dataclass(frozen=True)
class Dictionary:
    """The fields of a dictionary, and what of it was not read: columns, and lines without form or field."""

    fields: tuple[DictionaryField, ...] = ()
    unread: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


def read_dictionary(path: Path, told: Mapping[str, str] | None = None) -> Dictionary:
    """The fields of a dictionary, CSV or a workbook; `told` names its columns (form: form_name).

    Raises TrialError where it has no column for forms or fields.
    """
    header, rows = read_rows(path, "data dictionary")
    found = columns_of(header, told or {}, str(path))
    for word in ("form", "field"):
        if not found.get(word):
            cure = f"name the column: --columns {word}=NAME; it has {', '.join(header) or 'no columns'}"
            raise TrialError(f"The data dictionary has no column for the {word}.", f"{path}, line 1", cure)
    fields, lost, taken = [], [], dict[str, set[str]]()
    called = form_names(path)
    by_sheet = found["form"].upper() == "SHEET"
    for number, row in rows:
        cells = {word: row.get(name, "") for word, name in found.items()}
        form = cells["form"] or cells.get("group", "") or cells.get("form_label", "")  # reference data have no form
        if form and cells["field"]:
            own = {"form": form, "form_label": cells.get("form_label") or called.get(form, "")}
            fields.append(_field(cells | own, taken.setdefault(form, set()), by_sheet))
        else:
            lost.append(number)
    return Dictionary(tuple(fields), tuple(n for n in header if n not in found.values()), tuple(lost))


def told_columns(text: str) -> dict[str, str]:
    """`form=form_name,field=item_name` as pairs. Raises TrialError for a word that no column can be told by."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    for word, _, name in pairs:
        if word.strip() not in TELLING or not name.strip():
            cure = did_you_mean(word.strip(), TELLING) if name.strip() else "write it as form=form_name,field=item_name"
            raise TrialError(f"'{word.strip()}' tells no column of a dictionary.", "--columns", cure)
    return {word.strip(): name.strip() for word, _, name in pairs}


def _field(cells: dict[str, str], taken: set[str], by_sheet: bool) -> DictionaryField:
    kind, text = _type(cells), cells.get("type", "").casefold()
    numeric = kind in ("integer", "decimal")
    name = short_name(cells["field"], taken)
    taken.add(name)
    form, file, sheet = _form(cells, by_sheet)
    unit = cells.get("unit", "") if numeric or cells.get("unit") != cells.get("values") else ""
    return DictionaryField(
        form=form,
        form_label=cells.get("form_label") or cells["form"],
        name=name,
        column=cells["field"] if name != cells["field"] else "",
        label=cells.get("label") or cells["field"],
        type=kind,
        codelist=_codelist(cells, kind, name),
        unit="" if " or " in unit else unit,
        partial=kind == "date" and re.search(PARTIAL, text) is not None,
        required=cells.get("required", "").upper() in YES,
        repeating=cells.get("repeating", "").upper() in YES,
        folders=tuple(f for f in re.split(r"[;, ]+", cells.get("folders", "")) if f),
        version=cells.get("version", ""),
        vendor=cells.get("source", "").upper() in VENDORS or form.startswith("VENDOR"),
        sheet=sheet,
        yes_no=bool(re.search(r"yes/?no|boolean", text)),
        file=file,
        dates=_order(text) if kind == "date" else "",
        values=cells.get("values", "") if kind == "coded" else "",
        typed=bool(text),
    )


def _form(cells: dict[str, str], by_sheet: bool) -> tuple[str, str, str]:
    """The short name of a form, its file and its sheet: F.DM of an ODM file is DM, qpcr.csv is a file of its own."""
    said, file = cells["form"], cells.get("file", "")
    if by_sheet:
        return short_name(said, set()), file, said
    if LIKE_FILE.fullmatch(said):
        return short_name(said.rsplit(".", 1)[0], set()), file or said, ""
    last = said.rsplit(".", 1)[-1]
    if "." in said and re.fullmatch(r"\w+", last):
        return last.upper(), file, last
    return (said.upper() if re.fullmatch(r"\w+", said) else short_name(said, set())), file, ""


def _type(cells: dict[str, str]) -> str:
    if cells.get("codelist"):
        return "coded"
    text = cells.get("type", "").casefold()
    kind = next((kind for kind, pattern in TYPES if re.search(pattern, text)), "text")
    if kind == "text" and RESULT.match(cells.get("label", "").casefold()):
        return "result"
    return "coded" if kind == "text" and len(inline_values(cells.get("values", ""))) > 1 else kind


def inline_values(text: str) -> list[tuple[str, str]]:
    """Codes and labels said in a cell: `1=Male; 2=Female`, `Male | Female`; none where the text lists nothing."""
    parts = [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]
    pairs = [re.fullmatch(r"\s*([^=:]{1,20}?)\s*[=:]\s*(.+)", part) for part in parts]
    if len(parts) > 1 and all(pairs):
        return [(pair[1], pair[2]) for pair in pairs if pair]
    longest = 40 if ";" in text else 200  # semicolons also part sentences
    return [(part, part) for part in parts] if len(parts) > 1 and all(len(part) <= longest for part in parts) else []


def _order(text: str) -> str:
    """The order of day and month that a type states (dd.mm.yyyy), or ''."""
    found = re.search(r"(dd|mm)\W?(dd|mm)\W?yyyy", text)
    return {"dd": "DMY", "mm": "MDY"}[found[1]] if found and found[1] != found[2] else ""


def _codelist(cells: dict[str, str], kind: str, name: str) -> str:
    if kind != "coded":
        return ""
    yes_no = re.search(r"yes/?no|boolean", cells.get("type", "").casefold())
    return re.sub(r"\W+", "_", cells.get("codelist", "")) or ("NY" if yes_no else name)


def short_name(text: str, taken: set[str]) -> str:
    """A name that mapping sheets can use: as it is when it can be, else capitals and digits, at most 12, once each."""
    if re.fullmatch(r"[A-Za-z]\w*", text):
        base = text.upper()
    else:
        words = re.findall(r"[A-Za-z]+|\d+", re.sub(r"\(.*?\)", " ", text))
        base = ("".join(w[:5] if len(words) > 1 else w for w in words).upper() or "FIELD")[:12]
        base = base if base[0].isalpha() else f"F{base}"
    name, number = base, 2
    while name in taken:
        name, number = f"{base[:10]}{number}", number + 1
    return name
