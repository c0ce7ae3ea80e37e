"""What every form of an EDC carries: told by the headers of an example extract, or by the dictionary itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.new_study.dictionary import VENDOR_SUBJECTS, DictionaryField, short_name
from pipeline.readers import Sheet
from pipeline.study.contracts import marks_taken_back

SUBJECTS = ("SUBJECT", "SUBJID", "SUBJECTID", "USUBJID", "SUBJ", "SUBJECTNUMBER", "SUBJECTNO", "PATIENT", "PATIENTID",
            "PATID", "PATIENTNUMBER", "SUBJECTNAME", "SUBJECTKEY", "SITESUBJ", "PARTICIPANT", "PARTICIPANTID",
            "PARTICIPANTNUMBER", "PARTICIPANTNO", "PATIENTNO", "SCREENINGNUMBER", "CASE", "CASEID")  # fmt: skip
RECORDS = ("RECORDID", "RECID", "REC", "ROWID", "RECORDNUMBER", "ENTRY", "ENTRYID", "ENTRYNUMBER", "ROW", "ROWNUMBER")
VISITS = ("FOLDER", "VISIT", "VISITNAME", "EVENT", "EVENTNAME", "FOLDERNAME")
# Endings of the column beside a coded field: of one with the codes, of one with the labels.
OF_CODES, OF_TEXTS = ("_STD", "_CODE", "_CD"), ("_LBL", "_LABEL", "_DECODE", "_DEC", "_TXT", "_TEXT")
OF_UNITS = "_UNIT"
Lists = Sequence[Sequence[str]]  # list, code and label of each collected value
COMMON = 0.8  # of the forms of the EDC carry a column of the system


@dataclass(frozen=True)
class Carried:
    """The columns that all forms carry, in order; which of them name the subject, a record, and a record taken back.

    `assumed` where nobody told them and the forms name no subject; `files` are the delivered files by form, where they
    are not called as the form is; `coded` says by form in which columns codes and labels are delivered; `units` are
    the FORM.FIELD beside which the unit is delivered (FIELD_UNIT) and is not one for all; `columns` the column of
    each FORM.FIELD that is delivered under its label, and of each carried one that a sheet cannot name as it is;
    `folders` the visits seen; `of_nobody` the forms whose records name no subject (ranges of a laboratory).
    """

    carried: tuple[str, ...] = ()
    assumed: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    coded: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    of_nobody: frozenset[str] = frozenset()

    def subject(self, fields: Sequence[DictionaryField]) -> str:
        """The column of a form that says whose a record is; SUBJECT where none is known."""
        names = [f.name for f in fields] + ([] if fields[0].vendor else list(self.carried))
        wanted = (*VENDOR_SUBJECTS, *SUBJECTS) if fields[0].vendor else SUBJECTS
        return next((n for one in wanted for n in names if _letters(n) == one), "SUBJECT")

    @property
    def subject_carried(self) -> str:
        """The carried column that holds the subject, or ''."""
        return next((n for n in self.carried if _letters(n) in SUBJECTS), "")

    @property
    def records(self) -> tuple[str, ...]:
        """Names of a column that names one record; those carried first."""
        return (*(n for n in self.carried if _letters(n) in RECORDS), "RECORDID")

    @property
    def usual_codes(self) -> Mapping[str, str]:
        """How most forms deliver coded fields; nothing where none was seen."""
        ways = [tuple(way.items()) for way in self.coded.values()]
        return dict(Counter(ways).most_common(1)[0][0]) if ways else {}

    @property
    def visit(self) -> str:
        """The carried column that holds the visit, or ''."""
        return next((n for one in VISITS for n in self.carried if _letters(n) == one), "")

    @property
    def state(self) -> str:
        """The column that marks records taken back, or ''."""
        return next((n for n in self.carried if marks_taken_back(n)), "")


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z]", "", name.upper())


def system_of(extract: str, fields: Sequence[DictionaryField], lists: Lists) -> Carried:
    """What all forms carry. Raises TrialError for an extract that cannot be opened."""
    if extract:
        return _delivered(extract, fields, lists)
    told = _told(fields)
    edc = [f for f in fields if not f.vendor]
    named = {f.form for f in edc if _letters(f.name) in SUBJECTS}
    return Carried(("SUBJECT",), assumed=True) if not told and edc and not named else Carried(told)


def _told(fields: Sequence[DictionaryField]) -> tuple[str, ...]:
    """The columns of the system that (nearly) every form of the dictionary names."""
    own = [f for f in fields if not f.vendor]
    forms = {f.form for f in own}
    named = dict.fromkeys(f.name for f in own if f.known_column)
    many = {name: len({f.form for f in own if f.name == name and f.known_column}) for name in named}
    shared = tuple(name for name, count in many.items() if len(forms) > 2 and count >= COMMON * len(forms))
    return shared if any(_letters(name) in SUBJECTS for name in shared) and len(shared) > 1 else ()


def _delivered(extract: str, fields: Sequence[DictionaryField], lists: Lists) -> Carried:
    """The columns that all forms of an example extract carry and the dictionary does not name, and the forms' files."""
    from pipeline.intake.delivery import open_delivery

    delivery = open_delivery(Path(extract).resolve())
    files = {form: file for form in _forms(fields) if (file := _file_of(form, list(delivery.hashes)))}
    sheets = {form.form: delivery.read(file) for form, file in files.items() if not form.vendor}
    headers = [sheet.header for sheet in sheets.values()]
    labelled = {form: under_labels([f for f in fields if f.form == form], sheet) for form, sheet in sheets.items()}
    columns = {f"{form}.{name}": column for form, own in labelled.items() for name, column in own.items()}
    known = {f.name for f in fields if not f.known_column} | set(columns.values())
    beside = {f"{name}{ending}" for name in known for ending in (*OF_CODES, *OF_TEXTS, OF_UNITS)}
    shared = set.intersection(*map(set, headers)) if headers else set()
    common = [name for name in (headers[0] if headers else []) if name in shared and name not in known | beside]
    carried = _callable(common)
    columns |= {name: column for name, column in carried.items() if name != column}
    called = {form.form: file for form, file in files.items() if file != f"{form.form}.csv" and "[" not in file}
    coming = [replace(f, column=columns.get(f"{f.form}.{f.name}", f.column)) for f in fields]
    own = {form: [f for f in coming if f.form == form and f.type == "coded"] for form in sheets}
    coded = {form: way for form, sheet in sheets.items() if (way := coded_way(sheet, own[form], lists))}
    units = {f"{f.form}.{f.name}" for f in fields if not f.unit and _several_units(f, sheets.get(f.form))}
    system = Carried(tuple(carried), files=called, coded=coded, units=frozenset(units), columns=columns)
    seen = {cell for sheet in sheets.values() for cell in _cells(sheet, carried.get(system.visit, ""))}
    named = {form: system.subject([f for f in fields if f.form == form]) for form in sheets}
    subject = {form: columns.get(f"{form}.{name}", carried.get(name, name)) for form, name in named.items()}
    nobody = {form for form, sheet in sheets.items()
              if subject[form] in sheet.header and sheet.rows and not _cells(sheet, subject[form])}  # fmt: skip
    return replace(system, folders=frozenset(seen), of_nobody=frozenset(nobody))


def _callable(columns: Sequence[str]) -> dict[str, str]:
    """Carried columns by a name that mapping sheets can use: their own where it can be."""
    named: dict[str, str] = {}
    for column in columns:
        named[column if re.fullmatch(r"[A-Za-z]\w*", column) else short_name(column, set(named))] = column
    return named


def under_labels(fields: Sequence[DictionaryField], sheet: Sheet) -> dict[str, str]:
    """The column of each field that is delivered under its label, by its name; those that share a label stay open."""
    free = [name for name in sheet.header if name not in {f.column or f.name for f in fields}]
    lost = [f for f in fields if (f.column or f.name) not in sheet.header]
    called = Counter(_spelt(f.label) for f in lost)
    columns = {_spelt(name): name for name in free}
    return {f.name: columns[_spelt(f.label)] for f in lost
            if called[_spelt(f.label)] == 1 and _spelt(f.label) in columns}  # fmt: skip


def _spelt(text: str) -> str:
    """The letters and digits of a label, those in brackets (its unit) taken away."""
    return re.sub(r"[\W_]", "", re.sub(r"[(\[].*?[)\]]", " ", text)).casefold()


def _several_units(one: DictionaryField, sheet: Sheet | None) -> bool:
    """True where the unit of a field is delivered beside it, and the dictionary names none (or several)."""
    return sheet is not None and f"{one.column or one.name}{OF_UNITS}" in sheet.header


def _cells(sheet: Sheet, column: str) -> set[str]:
    """The distinct values of a column, blanks around them taken away; none where it is not there."""
    at = sheet.header.index(column) if column in sheet.header else len(sheet.header)
    return {row[at].strip() for row in sheet.rows if len(row) > at} - {""}


def coded_way(sheet: Sheet, fields: Sequence[DictionaryField], lists: Lists) -> dict[str, str]:
    """Where codes and labels of coded fields are delivered: by the headers, else by the values themselves."""
    names = [f.column or f.name for f in fields]
    for ending in (*OF_CODES, *OF_TEXTS):
        if any(f"{name}{ending}" in sheet.header for name in names):
            beside, own = ("code", "text") if ending in OF_CODES else ("text", "code")
            return {own: "{}", beside: "{}" + ending} if own == "code" else {beside: "{}" + ending, own: "{}"}
    codes = texts = 0
    for one, name in [(f, name) for f, name in zip(fields, names, strict=True) if name in sheet.header]:
        said, known = _cells(sheet, name), [row for row in lists if row[0] == one.codelist and row[1] != row[2]]
        codes += len(said & {code for _, code, *_ in known})
        texts += len({text.casefold() for text in said} & {label.casefold() for _, _, label, *_ in known})
    return {} if codes == texts else {"code": "{}"} if codes > texts else {"text": "{}"}


def _forms(fields: Sequence[DictionaryField]) -> list[DictionaryField]:
    """The first field of every form."""
    return list({f.form: f for f in reversed(fields)}.values())


def _file_of(form: DictionaryField, files: Sequence[str]) -> str:
    """The delivered file of a form: as the dictionary says, else called as the form or its label; '' for none."""
    wanted = [form.file, f"{form.form}.csv"]
    exact = next((file for file in files if file in wanted or file.endswith((f"[{form.form}]", f"[{form.sheet}]"))), "")
    spoken = {_letters(form.form), _letters(form.form_label), _letters(form.sheet)} - {""}
    return exact or next((file for file in files if _letters(file.rsplit(".", 1)[0]) in spoken), "")
