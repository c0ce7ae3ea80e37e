"""The columns of a delivered form beside those its raw contract promises: which is which, what is gone, what is new.

A column is known by its name, by what the contract says it is called (`column:`), by a name it was accepted under
(`alias:`), or by its name in other letters' case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.ground.dates import iso_date
from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, gather
from pipeline.ground.words import did_you_mean, some_of
from pipeline.readers import Note, Sheet
from pipeline.readers.columns import Columns, parted, text_frame
from pipeline.readers.header import once_each
from pipeline.study.contracts import Contract, Field

IN_OTHER_CASE = "the same name in other letters"
ALIKE = 0.95  # share of values of a new column that must be what the lost one promised
NUMBER = {"integer": r"[+-]?\d+", "decimal": r"[+-]?\d+(?:[.,]\d+)?"}
CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"


def contract_columns(contract: Contract, crf_version: str) -> dict[str, Field]:
    """All columns the contract promises at this CRF version (those every form carries, and companions, included)."""
    columns = dict(contract.carried)
    for name, entry in contract.fields.items():
        if newer(entry.since or contract.since, crf_version):
            continue
        told = contract.columns_of(name)
        if told:
            columns |= {one: entry if one == name else Field(one, essential=entry.essential, companion_of=name)
                        for one in told}  # fmt: skip
            continue
        columns[name] = entry
        if entry.type == "coded" and entry.companion:
            columns[f"{name}_STD"] = Field(f"{name}_STD", essential=entry.essential, companion_of=name)
    return columns


def newer(version: str, delivered: str) -> bool:
    """True when a CRF version is later than the delivered one (both known)."""

    def number(text: str) -> tuple[int, ...]:
        return tuple(int(part[:9]) for part in re.findall(r"\d+", text))

    return bool(version and delivered and number(version) > number(delivered))


def all_columns(contract: Contract, columns: Iterable[str]) -> list[str]:
    """Promised columns, and those of a later CRF version: mapping sheets may name both."""
    later = list(contract.fields)
    later += [f"{name}_STD" for name, entry in contract.fields.items() if entry.type == "coded"]
    return list(dict.fromkeys([*columns, *later]))


def renamed(sheet: Sheet, contract: Contract) -> Sheet:
    """The sheet with each column under the name of its field; what was known by an alias or in other case is told."""
    columns = all_columns(contract, contract_columns(contract, "")) if contract.fields else []
    names = field_names(sheet.header, columns, {**contract.carried, **contract.fields})
    names |= {column: (name, "") for field in contract.fields for name, column in contract.columns_of(field).items()}
    notes = [
        Note("RAW-COLUMN", "info", 0, name, "", f"The column {old} of {sheet.file} is read as {name}, {why}.")
        for old, (name, why) in names.items()
        if why and why != IN_OTHER_CASE
    ]
    cased = [old for old, (_, why) in names.items() if why == IN_OTHER_CASE]
    if cased:
        shown = some_of(cased, 5)
        message = f"Columns of {sheet.file} are written in other letters than agreed ({shown}); they are read by name."
        notes.append(Note("RAW-ORDER", "info", 0, "", "", message))
    called = [names[name][0] if name in names else _foreign(name) for name in sheet.header]
    header = once_each(called, f"{sheet.file}, its columns")
    return replace(sheet, header=header, notes=(*sheet.notes, *notes)) if header != sheet.header else sheet


def _foreign(name: str) -> str:
    """A name that is no field's; one that begins as our own keys do (_LINE, _SUBJECT) stands in brackets."""
    return f"({name})" if name.startswith("_") else name


def field_names(header: list[str], columns: list[str], fields: Mapping[str, Field]) -> dict[str, tuple[str, str]]:
    """For every column delivered under another name: its field, and why it is taken for it ('' as agreed)."""
    found: dict[str, tuple[str, str]] = {}
    for name, entry in fields.items():
        if entry.column:
            found[entry.column.strip()] = (name, "")
    here = set(header)
    for name, entry in fields.items():
        aliases = [alias for alias in entry.alias if alias in here - set(columns)]
        for ending in ("", "_STD"):
            taken = here | {field for field, _ in found.values()}
            known = [alias + ending for alias in aliases if alias + ending in here]
            if len(known) == 1 and name + ending not in taken:
                found[known[0]] = (name + ending, "as the raw contract accepts it (alias)")
    taken = here | {field for field, _ in found.values()}
    lower = {name.casefold(): name for name in columns if name not in taken}
    for name in [n for n in header if n not in found and n not in columns]:
        alike = [other for other in header if other.casefold() == name.casefold()]
        if name.casefold() in lower and len(alike) == 1:
            found[name] = (lower[name.casefold()], IN_OTHER_CASE)
    return found


def header_findings(
    sheet: Sheet, contract: Contract, columns: Mapping[str, Field], codelists: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Columns that are gone, new or in another order. Raises TrialError for one that no analysis can be without."""
    form, found = contract.form, []
    missing = [c for c in columns if c not in sheet.header]
    extra = [c for c in sheet.header if c not in all_columns(contract, columns)]
    found += [_missing(name, extra, sheet, contract, (columns, codelists)) for name in missing]
    for name in [n for n in extra if n not in sheet.own]:
        severity, why = ("major", units) if (units := _units(sheet, name)) else ("minor", "")
        message = f"The column {name} of {sheet.file} is not in the data dictionary; it is not used.{why}"
        found.append(finding("RAW-COLUMN", severity, message, form=form, field=name))
    if not missing and not extra and sheet.header != [c for c in columns if c in sheet.header]:
        message = f"The columns of {sheet.file} are in another order than agreed; they are read by name."
        found.append(finding("RAW-ORDER", "info", message, form=form))
    return gather(found)


def _missing(
    name: str, extra: list[str], sheet: Sheet, contract: Contract,
    promised: tuple[Mapping[str, Field], pd.DataFrame | None],
) -> pd.DataFrame:  # fmt: skip
    """The finding of one lost column, with the new one that has its values and how to accept it. Raises TrialError."""
    (columns, codelists), form = promised, contract.form
    entry = columns[name]
    near = did_you_mean(name, extra) if extra else "no new column has taken its place"
    twins = [other for other in extra if agrees(_values(sheet, other), entry, codelists)]
    cure = f"({near})"
    if len(twins) == 1 and name in contract.fields:
        cure = (
            f"({twins[0]} is new and its values agree; to use it write `alias: [{twins[0]}]` "
            f"beside {name} in the raw contract of {form})"
        )
    called = entry.column or name
    if entry.essential or name == contract.subject.column:
        what = f"The column {called} is missing from {form}; no analysis is possible without it."
        raise TrialError(what, f"{sheet.file}, line 1", f"ask for the file again {cure}")
    message = f"The column {called} is missing from {sheet.file}; its values are read as missing {cure}."
    return finding("RAW-COLUMN", "major", message, form=form, field=name)


def _units(sheet: Sheet, column: str) -> str:
    """What to say of a column of units beside a result nobody would convert; '' for other columns."""
    result = column.removesuffix("_UNIT")
    units = sorted(set(_values(sheet, column))) if result != column and result in sheet.header else []
    return f" {result} is in several units ({', '.join(units[:5])}). Name it in the raw contract." if units[1:] else ""


def _values(sheet: Sheet, column: str) -> pd.Series:
    rows, at = parted(sheet.rows, sheet.lines, len(sheet.header))[0], sheet.header.index(column)
    one = rows.of([at]) if isinstance(rows, Columns) else [[row[at]] for row in rows]
    cells = text_frame(one, [column])[column].str.strip()
    return cells[cells != ""]


def agrees(values: pd.Series, entry: Field, codelists: pd.DataFrame | None) -> bool:
    """True where nearly all values are what a field promises: its codes, its numbers and range, dates, its pattern."""
    if values.empty:
        return False
    if entry.codelist and codelists is not None:
        terms = codelists[codelists["CODELIST"] == entry.codelist]
        listed = {*terms["CODED_VALUE"].str.casefold(), *terms["DECODE"].str.casefold()}
        right = values.str.casefold().isin(listed)
    elif entry.type in NUMBER:
        right = values.str.fullmatch(NUMBER[entry.type])
        if entry.range:
            low, high = entry.range
            right &= pd.to_numeric(values.str.replace(",", "."), errors="coerce").between(low, high)
    elif entry.type == "date":
        right = iso_date(values).notna()
    elif entry.type == "time":
        right = values.str.fullmatch(CLOCK)
    elif entry.pattern:
        right = values.str.fullmatch(entry.pattern)
    else:
        return False
    return float(right.mean()) >= ALIKE
