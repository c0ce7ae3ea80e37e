"""What every form of an EDC carries: told by the headers of an example extract, or by the dictionary itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.new_study.dictionary import VENDOR_SUBJECTS, DictionaryField

SUBJECTS = ("SUBJECT", "SUBJID", "SUBJECTID", "USUBJID", "SUBJ", "SUBJECTNUMBER", "SUBJECTNO", "PATIENT", "PATIENTID",
            "PATID", "PATIENTNUMBER", "SUBJECTNAME", "SUBJECTKEY", "SITESUBJ")  # fmt: skip
RECORDS = ("RECORDID", "RECID", "REC", "ROWID", "RECORDNUMBER")
STATES = ("ACTIVE", "DELETED", "RECORDACTIVE")
COMMON = 0.8  # of the forms of the EDC carry a column of the system


@dataclass(frozen=True)
class Carried:
    """The columns that all forms carry, in order; which of them name the subject, a record, and a record taken back.

    `assumed` where nobody told them and the forms name no subject; `companions` where codes stand beside their labels;
    `files` are the delivered files by form, where they are not called as the form is.
    """

    carried: tuple[str, ...] = ()
    assumed: bool = False
    companions: bool = False
    files: Mapping[str, str] = field(default_factory=dict)

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
    def state(self) -> str:
        """The column that marks records taken back, or ''."""
        return next((n for n in self.carried if _letters(n) in STATES), "")


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z]", "", name.upper())


def system_of(extract: str, fields: Sequence[DictionaryField]) -> Carried:
    """What all forms carry. Raises TrialError for an extract that cannot be opened."""
    if extract:
        return _delivered(extract, fields)
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


def _delivered(extract: str, fields: Sequence[DictionaryField]) -> Carried:
    """The columns that all forms of an example extract carry and the dictionary does not name, and the forms' files."""
    from pipeline.intake.delivery import open_delivery

    delivery = open_delivery(Path(extract).resolve())
    files = {form: file for form in _forms(fields) if (file := _file_of(form, list(delivery.hashes)))}
    headers = {form: delivery.read(file).header for form, file in files.items() if not form.vendor}
    known = {f.name for f in fields if not f.known_column}
    beside = {f"{name}_STD" for name in known}
    shared = set.intersection(*map(set, headers.values())) if headers else set()
    first = next(iter(headers.values()), [])
    carried = tuple(name for name in first if name in shared and name not in known | beside)
    called = {form.form: file for form, file in files.items() if file != f"{form.form}.csv" and "[" not in file}
    return Carried(carried, companions=any(beside & set(one) for one in headers.values()), files=called)


def _forms(fields: Sequence[DictionaryField]) -> list[DictionaryField]:
    """The first field of every form."""
    return list({f.form: f for f in reversed(fields)}.values())


def _file_of(form: DictionaryField, files: Sequence[str]) -> str:
    """The delivered file of a form: as the dictionary says, else called as the form or its label; '' for none."""
    wanted = [form.file, f"{form.form}.csv"]
    exact = next((file for file in files if file in wanted or file.endswith((f"[{form.form}]", f"[{form.sheet}]"))), "")
    spoken = {_letters(form.form), _letters(form.form_label), _letters(form.sheet)} - {""}
    return exact or next((file for file in files if _letters(file.rsplit(".", 1)[0]) in spoken), "")
