"""A data dictionary as fields: the columns of EDC exports and of hand-written ones are understood by their names."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers.encoding import decode

NAMES = {
    "form": ("FORM_OID", "FORMOID", "FORM", "SHEET", "DATASET", "DOMAIN", "TABLE", "MODULE", "CRF"),
    "form_label": ("FORM_NAME", "FORM_LABEL", "FORMNAME", "SHEET_LABEL", "CRF_NAME", "DATASET_LABEL"),
    "field": ("FIELD_OID", "FIELDOID", "FIELD", "VARIABLE", "COLUMN", "ITEM", "ITEM_OID", "NAME", "VARIABLE_NAME"),
    "label": ("LABEL", "FIELD_LABEL", "MEANING", "DESCRIPTION", "PROMPT", "QUESTION", "VARIABLE_LABEL"),
    "type": ("DATA_TYPE", "DATATYPE", "TYPE", "FORMAT", "FIELD_TYPE"),
    "codelist": ("CODELIST", "CODE_LIST", "DICTIONARY", "CODELIST_OID", "LIST"),
    "values": ("VALUES", "VALUES_OR_UNIT", "ALLOWED_VALUES", "CHOICES", "PERMITTED_VALUES"),
    "unit": ("UNIT", "UNITS", "VALUES_OR_UNIT"),
    "required": ("REQUIRED", "MANDATORY", "REQ"),
    "repeating": ("REPEATING_FORM", "REPEATING", "REPEAT"),
    "folders": ("FOLDERS", "VISITS", "FOLDER", "EVENTS"),
    "version": ("CRF_VERSION", "SINCE", "VERSION"),
    "source": ("SOURCE", "ORIGIN"),
}
YES = ("Y", "YES", "TRUE", "1", "MANDATORY", "REQUIRED")
TYPES = (
    ("date", r"date|datetime|yyyy"), ("time", r"^time|hh:mm|clock"), ("integer", r"int|whole|count"),
    ("decimal", r"decimal|float|number|numeric|real|double"),
    ("coded", r"cod|radio|drop|check|yes/?no|boolean|list|choice|select"),
)  # fmt: skip


@dataclass(frozen=True)
class DictionaryField:
    """One field of a form: its short name, the name in the delivery, and what the dictionary says of it."""

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


def read_rows(path: Path, what: str) -> list[dict[str, str]]:
    """The rows of a CSV file with upper-case column names. Raises TrialError when there is none."""
    if not path.is_file():
        raise TrialError(f"The {what} does not exist.", str(path), "say another file")
    reader = csv.DictReader(io.StringIO(decode(path.read_bytes(), path.name).text, newline=""))
    reader.fieldnames = [re.sub(r"\W+", "_", name.strip().upper()) for name in reader.fieldnames or []]
    return [{k: (v or "").strip() for k, v in row.items() if k and isinstance(v, str | None)} for row in reader]


def read_dictionary(path: Path) -> list[DictionaryField]:
    """The fields of a dictionary. Raises TrialError when it names no forms or no fields."""
    rows = read_rows(path, "data dictionary")
    header = set(rows[0]) if rows else set()
    known = {word: next((n for n in names if n in header), "") for word, names in NAMES.items()}
    for word in ("form", "field"):
        if not known[word]:
            cure = f"name the column {NAMES[word][0]}; it has {', '.join(sorted(header)) or 'no columns'}"
            raise TrialError(f"The data dictionary has no column for the {word}.", f"{path}, line 1", cure)
    fields: list[DictionaryField] = []
    taken: dict[str, set[str]] = {}
    by_sheet = known["form"] == "SHEET"
    for row in rows:
        cells = {word: row.get(name, "") for word, name in known.items() if name}
        if cells["form"] and cells["field"]:
            fields.append(_field(cells, taken.setdefault(cells["form"], set()), by_sheet))
    return fields


def _field(cells: dict[str, str], taken: set[str], by_sheet: bool) -> DictionaryField:
    kind, text = _type(cells), cells.get("type", "").casefold()
    numeric = kind in ("integer", "decimal")
    name = short_name(cells["field"], taken)
    taken.add(name)
    return DictionaryField(
        form=short_name(cells["form"], set()) if by_sheet else cells["form"].upper(),
        form_label=cells.get("form_label") or cells["form"],
        name=name,
        column=cells["field"] if name != cells["field"] else "",
        label=cells.get("label") or cells["field"],
        type=kind,
        codelist=_codelist(cells, kind, name),
        unit=cells.get("unit", "") if numeric or cells.get("unit") != cells.get("values") else "",
        partial="partial" in text,
        required=cells.get("required", "").upper() in YES,
        repeating=cells.get("repeating", "").upper() in YES,
        folders=tuple(f for f in re.split(r"[;, ]+", cells.get("folders", "")) if f),
        version=cells.get("version", ""),
        vendor=cells.get("source", "").upper() in ("VENDOR", "EXTERNAL", "LAB"),
        sheet=cells["form"] if by_sheet else "",
        yes_no=bool(re.search(r"yes/?no", text)),
    )


def _type(cells: dict[str, str]) -> str:
    if cells.get("codelist"):
        return "coded"
    text = cells.get("type", "").casefold()
    return next((kind for kind, pattern in TYPES if re.search(pattern, text)), "text")


def _codelist(cells: dict[str, str], kind: str, name: str) -> str:
    if kind != "coded":
        return ""
    return cells.get("codelist") or ("NY" if re.search(r"yes/?no", cells.get("type", "").casefold()) else name)


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
