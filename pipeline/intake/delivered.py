"""Every record of an extract as it was delivered, also those that no analysis uses, keyed so that extracts compare.

One frame per form, all text as in the file ('' when empty) but for dates of a declared order, with `_RECORD` (the
contract's record key, then the vendor's parts joined by '/'), `_SHOWN` (the part a query names: record id, accession
or sample id), `_SUBJECT` (EDC number), `_SITE`, `_LINE` and `_ACTIVE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.intake.declared import in_agreed_form
from pipeline.intake.delivery import Delivery, Sheet
from pipeline.intake.layout import renamed
from pipeline.intake.subjects import subject_and_site
from pipeline.readers.columns import Columns, text_frame
from pipeline.study.contracts import Contract, load_system, not_agreed
from pipeline.study.specs import Specs

KEYS = ("_RECORD", "_SHOWN", "_SUBJECT", "_SITE", "_LINE", "_ACTIVE")


@dataclass(frozen=True)
class Form:
    """One delivered form: where it stood, its header in the file's order, its records, and what was agreed of it."""

    name: str
    file: str
    header: tuple[str, ...]
    records: pd.DataFrame
    contract: Contract
    digest: str = ""

    @property
    def label(self) -> str:
        """The form's name in words, or its code."""
        return self.contract.label or self.name

    @property
    def vendor(self) -> bool:
        """True for a transfer with a layout of its own, not a form of the EDC."""
        return not self.contract.system

    @cached_property
    def by_key(self) -> pd.DataFrame:
        """The records by what a query may know them by: the whole key, and the part shown (its first record)."""
        whole = self.records.drop_duplicates("_RECORD", keep="last").set_index("_RECORD", drop=False)
        first = whole[whole["_SHOWN"] != whole["_RECORD"]].drop_duplicates("_SHOWN")
        known = whole.index[whole.index.isin(first["_SHOWN"].to_numpy(dtype="object"))].to_numpy(dtype="object")
        shown = first[~first["_SHOWN"].isin(known)].set_index("_SHOWN", drop=False)
        return pd.concat([whole, shown])  # a query on a whole accession shows the accession's first row

    def field_label(self, name: str) -> str:
        """A field in words, or ''."""
        entry = self.contract.fields.get(name.removesuffix("_STD"))
        return entry.label if entry else ""


def sheets_of(delivery: Delivery, specs: Specs) -> dict[str, Sheet]:
    """Every file or sheet of the extract that can be read, as it was delivered."""
    found = {}
    for file, contract in contracts_of(delivery, specs):
        try:
            found[file] = delivery.read(file, contract)
        except TrialError:
            continue  # the gate says why
    return found


def contracts_of(delivery: Delivery, specs: Specs) -> list[tuple[str, Contract]]:
    """Each file with its contract; one that nobody agreed on goes by its own name."""
    system = load_system(specs.folder / "raw")
    of_file = {delivery.source(contract): contract for contract in specs.contracts.values()}
    return [(file, of_file.get(file) or not_agreed(file.rsplit(".", 1)[0], system)) for file in delivery.hashes]


def delivered(delivery: Delivery, specs: Specs, sheets: Mapping[str, Sheet] | None = None) -> dict[str, Form]:
    """All forms of the extract (of its `sheets`, where they were read); one that cannot be read is left out."""
    read, found = sheets_of(delivery, specs) if sheets is None else sheets, {}
    for file, contract in [(file, contract) for file, contract in contracts_of(delivery, specs) if file in read]:
        found[contract.form] = form_of(delivery, file, contract, read[file])
    order = [*specs.contracts, *sorted(set(found) - set(specs.contracts))]
    return {name: found[name] for name in order if name in found}


def form_of(delivery: Delivery, file: str, contract: Contract, sheet: Sheet) -> Form:
    """One form as it was delivered."""
    by_delivery = delivery.written(file, contract).dates
    records = in_agreed_form(keyed(sheet, contract), contract, by_delivery)
    header = tuple(c for c in records if c not in KEYS)
    return Form(contract.form, file, header, records, contract, delivery.hashes[file])


def telling(sheet: Sheet, contract: Contract) -> Sheet:
    """The sheet with those of its columns alone that say which a record is, whose, at which visit, and if it stands."""
    rows = sheet.rows
    if not isinstance(rows, Columns):
        return sheet
    removed = [contract.inactive.column] if contract.inactive else []
    asked = {contract.subject.column, "SITE", "FOLDER", *contract.record, *removed}
    places = [place for place, name in enumerate(renamed(sheet, contract).header) if name in asked]
    return replace(sheet, header=[sheet.header[place] for place in places], rows=rows.of(places))


def keyed(sheet: Sheet, contract: Contract) -> pd.DataFrame:
    """The sheet's rows with their keys; one row per line of the file, a broken line is filled up or cut."""
    header, width = renamed(sheet, contract).header, len(sheet.header)
    rows = sheet.rows
    if not isinstance(rows, Columns):
        rows = [row if len(row) == width else [*row, *[""] * width][:width] for row in rows]
    records = text_frame(rows, header)
    parts = [n for n in contract.record if n in records]
    shown = records[parts[0]].str.strip() if parts else "line " + pd.Series(sheet.lines, dtype="int64").astype("str")
    key = shown
    for name in parts[1:]:
        key = key.str.cat(records[name].str.strip(), sep="/")
    subject, site = _subject(records, contract)
    rule, active = contract.inactive, pd.Series(True, index=records.index)
    if rule and rule.column in records:
        active = records[rule.column].str.strip() != rule.value
    shared = subject.groupby(key).transform("nunique") > 1  # a sample number that two subjects carry
    key = key.mask(shared, key.str.cat(subject, sep="/"))
    keys = (key.astype("str"), shown.astype("str"), subject, site, sheet.lines, active)
    return records.assign(**dict(zip(KEYS, keys, strict=True)))


def _subject(records: pd.DataFrame, contract: Contract) -> tuple[pd.Series, pd.Series]:
    """Subject number and site of every record as text; '' where the form has no subject."""
    names = [name for name in dict.fromkeys((contract.subject.column, "SITE")) if name in records]
    subject, site = subject_and_site(records[names].apply(lambda cells: cells.str.strip()), contract.subject)
    return subject.astype("str"), site.fillna("").astype("str")
