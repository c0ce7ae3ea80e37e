"""Raw contracts: what the extract promises of each form (`raw/<form>.yaml`), with what every form carries.

`raw/_system.yaml` says what all forms of the EDC have in common: columns, the mark of an inactive record, how files and
dates are written. A contract is read together with it, so that nobody asks twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.study import shapes
from pipeline.study.frozen import frozen
from pipeline.study.yaml_text import place

SYSTEM = "_system.yaml"
ESSENTIAL = "essential"
NUMBERS = ("integer", "decimal", "result")  # what holds numbers; a result may be "<0.1" or words besides
STATES = ("ACTIVE", "ISACTIVE", "INACTIVE", "DELETED", "ISDELETED", "RECORDACTIVE", "RECORDDELETED")


@dataclass(frozen=True)
class Field:
    """One field of a form: how it is called, what it may hold; `range` is empty, or its least and greatest number."""

    name: str
    label: str = ""
    type: str = "text"
    codelist: str = ""
    column: str = ""
    alias: tuple[str, ...] = ()
    range: tuple[float, ...] = ()
    unit: str = ""
    pattern: str = ""
    dates: str = ""
    since: str = ""
    required: bool = False
    required_where: str = ""
    essential: bool = False
    partial: bool = False
    companion: bool = True
    companion_of: str = ""

    @property
    def needed(self) -> bool:
        """True where a value is required, of every record or of those that `required_where` says."""
        return self.required or bool(self.required_where)

    @property
    def spoken(self) -> str:
        """The field in words, or its name."""
        return self.label or self.name


@dataclass(frozen=True)
class Subject:
    """The column that says whose a record is; the pattern takes `site` and `number` from it, or the site is one.

    `known_as` makes the study's number of what the pattern takes ("{site}-{number}"), where it is not site and number.

    `number` is how the numbers of the study's subjects are made, with the `site` in them (said once, in _system.yaml).
    """

    column: str = "SUBJECT"
    pattern: str = ""
    site: str = ""
    number: str = ""
    known_as: str = ""


@dataclass(frozen=True)
class Inactive:
    """How a record is marked that the database has taken back."""

    column: str
    value: str


@dataclass(frozen=True)
class System:
    """What every form of the EDC carries; `dates` is the order in which its all-numeric dates are written.

    `coded` says how coded fields are delivered: the columns of code and text, {} for the field's own.
    """

    columns: Mapping[str, Field] = field(default_factory=dict)
    inactive: Inactive | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""
    subject: Subject = Subject()
    coded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contract:
    """The promise of one form; `system` is True for a form of the EDC, False for a transfer with a layout of its own.

    `record` names what tells records apart, `unique` what must stand once, `named_by` what a person calls a record by;
    `carried` holds the system's columns, `marked` the system's mark of inactive records beside the form's own.
    """

    form: str
    label: str = ""
    file: str = ""
    sheet: str = ""
    header_row: int = 1
    need: str = "supportive"
    vendor: str = ""
    since: str = ""
    date_format: str = ""
    dates: str = ""
    system: bool = True
    repeating: bool = False
    folders: tuple[str, ...] = ()
    record: tuple[str, ...] = ("RECORDID",)
    unique: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    subject: Subject = Subject()
    inactive: Inactive | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    coded: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    carried: Mapping[str, Field] = field(default_factory=dict)

    @property
    def essential(self) -> bool:
        """True for a form without which no analysis is possible."""
        return self.need == ESSENTIAL

    def columns_of(self, name: str) -> dict[str, str]:
        """The delivered columns of a coded field's code (NAME_STD) and text (NAME), as `coded` says; else none."""
        entry = self.fields[name]
        if entry.type != "coded" or not self.coded or not entry.companion:
            return {}
        column = entry.column or name
        names = {"code": f"{name}_STD", "text": name}
        return {names[what]: pattern.replace("{}", column) for what, pattern in self.coded.items()}

    @cached_property
    def dated(self) -> tuple[str, ...]:
        """The fields that hold dates, in order."""
        return tuple(name for name, entry in self.fields.items() if entry.type == "date")

    def forgiving(self) -> Contract:
        """The contract with nothing essential, so that reading goes on; what is missing is still a finding."""
        return replace(self, need="supportive", fields=_forgiving(self.fields), carried=_forgiving(self.carried))


def _forgiving(entries: Mapping[str, Field]) -> dict[str, Field]:
    return {name: replace(entry, essential=False) for name, entry in entries.items()}


def marks_taken_back(column: str) -> bool:
    """True for a column that, by its name, says whether a record was taken back."""
    return re.sub(r"[^A-Z]", "", column.upper()) in STATES


def load_system(folder: Path) -> System:
    """What every form carries (`_system.yaml` of the folder of raw contracts), or nothing. Raises TrialError."""
    path = folder / SYSTEM
    return system_of(shapes.load(path, shapes.SYSTEM)) if path.exists() else System()


def system_of(content: Mapping[str, Any]) -> System:
    """What every form carries, from its words."""
    parts = {"columns": _fields(content.get("columns")), "subject": frozen(Subject, content.get("subject"))}
    return frozen(System, content, **parts, inactive=_inactive(content))


def load_contracts(folder: Path) -> dict[Path, Contract]:
    """The promises of all forms by their file. Raises TrialError with file, line and column."""
    system, read, by_form = load_system(folder), {}, dict[str, Path]()
    for path in [path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_")]:
        read[path] = _contract(path, system)
        other = by_form.setdefault(read[path].form, path)
        if other != path:
            what = f"The form {read[path].form} has two raw contracts."
            raise TrialError(what, place(path, ("form",)), f"keep one of them; the other is {other.name}")
    return read


def _contract(path: Path, system: System) -> Contract:
    contract = contract_of(shapes.load(path, shapes.CONTRACT), system)
    for name, entry in contract.fields.items():
        if not is_range(entry.range):
            what = f"The range of {name} must be two numbers, the lower first."
            raise TrialError(what, place(path, ("fields", name, "range")), "range: [0, 100]")
    return contract


def contract_of(content: Mapping[str, Any], system: System = System()) -> Contract:
    """A contract from its words, with what every form of the EDC carries where it is one."""
    own = {word: said for word, said in content.items() if said not in ("", [])}
    of_nobody = own.get("subject") == shapes.NOBODY
    subject = Subject("") if of_nobody else frozen(Subject, own.get("subject"))
    subject = replace(subject, number=system.subject.number, site=subject.site or system.subject.site)
    parts = {"fields": _fields(own.get("fields")), "subject": subject}
    contract = frozen(Contract, own, **parts, inactive=_inactive(own), dates=system.dates)
    contract = contract if contract.unique else replace(contract, unique=contract.record)
    if not contract.system:
        return contract
    return replace(contract, carried=system.columns, inactive=contract.inactive or system.inactive,
                   written=contract.written or system.written, coded=contract.coded or system.coded)  # fmt: skip


def numbers_of(contracts: Mapping[str, Contract]) -> dict[str, frozenset[str]]:
    """Of each form the fields that hold numbers, those of other forms as FORM.FIELD."""
    own = {form: [name for name, entry in {**one.carried, **one.fields}.items() if entry.type in NUMBERS]
           for form, one in contracts.items()}  # fmt: skip
    dotted = [f"{form}.{name}" for form, names in own.items() for name in names]
    return {form: frozenset([*names, *dotted]) for form, names in own.items()}


def not_agreed(name: str, system: System) -> Contract:
    """What holds of a file that no contract knows: it is kept by the keys that every form of the EDC has."""
    return Contract(name, inactive=system.inactive, dates=system.dates)


def is_range(limits: tuple[float, ...]) -> bool:
    """True for no limits, and for two of them with the lower first."""
    return not limits or (len(limits) == 2 and limits[0] <= limits[1])


def _fields(said: Any) -> dict[str, Field]:
    return {name: frozen(Field, words, name=name) for name, words in (said or {}).items()}


def _inactive(content: Mapping[str, Any]) -> Inactive | None:
    return frozen(Inactive, content["inactive"]) if content.get("inactive") else None
