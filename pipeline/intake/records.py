"""From a delivered sheet to raw records: what the contract asks for, what was left out, and every row's key.

Raw records are all text, stripped, empty as missing, with `_SUBJECT`, `_SITE`, `_FORM`, `_FILE`, `_LINE`
(1-based, the header is line 1) and `_RECORD`. Inactive records, exact repeats, broken lines and records of
unknown subjects are left out, and each is a finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, gather
from pipeline.intake.decimals import decimal_commas, in_doubt, signs_of
from pipeline.intake.delivery import Delivery
from pipeline.intake.layout import all_columns, contract_columns, header_findings, newer, renamed
from pipeline.intake.reading import FormReading
from pipeline.intake.usable import Usable, chosen, chosen_of, held, judged
from pipeline.readers import Sheet, lines_told
from pipeline.readers.columns import parted
from pipeline.study.contracts import Contract, Field, Inactive

if TYPE_CHECKING:
    import pyarrow as pa

NO_BYTES = hashlib.sha256(b"").hexdigest()
BROKEN = 0.05  # share of lines that do not fit the header from which the file, not the line, is broken
KEYS = ("_SUBJECT", "_SITE", "_FORM", "_FILE", "_LINE", "_RECORD")


def read_form(
    delivery: Delivery, contract: Contract, roster: frozenset[str] | None, codelists: pd.DataFrame | None = None,
    sheet: Sheet | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Raw records of one form and their findings; `roster` holds the subjects known to the study (None: all).

    `sheet` is the form as it was read, where it was. Raises TrialError when an essential file or column is missing.
    """
    found = usable_records(delivery, contract, roster, codelists, sheet)
    return found.whole(), found.findings


def usable_records(
    delivery: Delivery, contract: Contract, roster: frozenset[str] | None, codelists: pd.DataFrame | None = None,
    sheet: Sheet | None = None,
) -> Usable:  # fmt: skip
    """As `read_form`, of a large form without holding it."""
    form, file, version = contract.form, delivery.source(contract), delivery.manifest.crf_version
    columns = contract_columns(contract, version)
    if delivery.hashes.get(file, NO_BYTES) == NO_BYTES:
        return held(*_absent(file, contract, columns, delivery, version))
    sheet = read_renamed(delivery, contract) if sheet is None else renamed(sheet, contract)
    if not sheet.header:
        return held(*_absent(file, contract, columns, delivery, version))
    found = [_against_manifest(sheet, delivery, form), _encoding(sheet, form)]
    found += [header_findings(sheet, contract, columns, codelists), _cells(sheet, form)]
    fitting, broken = _fitting(sheet, form, contract.essential)
    written = delivery.written(file, contract)
    every = tuple(all_columns(contract, columns))
    reading = FormReading(fitting, _with_marks(contract, sheet), every, written.dates, codelists)
    reading, commas = _with_commas(reading, written.decimal)
    return _usable(reading, roster, delivery.of_nobody(file), [*found, broken, commas])


def _with_commas(reading: FormReading, declared: str) -> tuple[FormReading, pd.DataFrame | None]:
    """The reading that knows which fields have decimal commas."""
    if not in_doubt(reading.sheet.separator, declared):
        return reading, None
    commas, told = decimal_commas(signs_of(reading.numbers()), reading.contract, declared)
    return replace(reading, commas=tuple(commas)), told


def _usable(
    reading: FormReading, roster: frozenset[str] | None, reference: bool, found: list[pd.DataFrame | None]
) -> Usable:
    """The records that are usable; of `reference` data none has to have a subject, and then none is used."""
    form, of_nobody = reading.contract.form, not reading.contract.subject.column
    records = next(reading.records()) if reading.at_once else None
    told = judged(reading, records, roster)
    found, kept = [*found, told.taken_back, told.repeated], told.kept
    if reference and told.nobodys and not of_nobody:
        found, kept = [*found, _reference(form, told.nobodys)], np.zeros(len(kept), dtype=bool)
    elif not of_nobody:
        found += [told.others]
        if not kept.any():
            how = "major" if reading.contract.essential else "minor"
            found.append(finding("RAW-EMPTY", how, f"The form {form} has no usable record.", form=form))
    if records is not None:
        return held(chosen(records, kept, of_nobody), gather(found))
    tables = partial(_again, reading, kept, of_nobody)
    return Usable(tables, int(kept.sum()), gather(found), held=False)


def _again(reading: FormReading, kept: np.ndarray, of_nobody: bool) -> Iterator[pa.Table]:
    return chosen_of(reading.tables(), kept, of_nobody)


def read_renamed(delivery: Delivery, contract: Contract) -> Sheet:
    """A form's sheet, each column under the name of its field. Raises TrialError."""
    return renamed(delivery.read(delivery.source(contract), contract), contract)


def _line(number: int) -> str:
    return f"line {number}" if number else ""


def _cells(sheet: Sheet, form: str) -> pd.DataFrame:
    """What the reader met in single cells (formulas, spreadsheet errors), one finding per cell."""
    return gather(
        [
            finding(n.check, n.severity, n.message, form=form, record=_line(n.line), field=n.column, value=n.value)
            for n in sheet.notes
        ]
    )


def _absent(
    file: str, contract: Contract, columns: Mapping[str, Field], delivery: Delivery, version: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    form, empty = contract.form, file in delivery.hashes
    if contract.essential:
        what = f"The form {form} is missing from the extract; no analysis is possible without it."
        if empty:
            what = f"{file} is empty: all records are missing from {form}; no analysis is possible without it."
        raise TrialError(what, f"{delivery.name}: {file}", "ask for the file, or check --extract")
    frame = pd.DataFrame(columns=[*all_columns(contract, columns), *KEYS], dtype="str")
    frame["_LINE"] = frame["_LINE"].astype("int64")
    if newer(contract.since, version):
        return frame, gather([])
    state = "is empty (0 records, not even a header)" if empty else "was not delivered"
    message = f"The file {file} {state}; its records are missing from all outputs. Ask for it."
    return frame, finding("RAW-FORM", "major", message, form=form)


def _against_manifest(sheet: Sheet, delivery: Delivery, form: str) -> pd.DataFrame | None:
    if not delivery.manifest.said:
        return None
    promise = delivery.promise(sheet.file)
    if promise is None:
        message = f"{sheet.file} is not in the delivery's manifest; ask whether it belongs to this delivery."
        return finding("RAW-MANIFEST", "major", message, form=form)
    parts = []
    if sheet.file in delivery.manifest.files and promise.rows != str(len(sheet.rows)):
        parts.append(f"{len(sheet.rows)} records instead of {promise.rows or 'an unknown number'}")
    if promise.sha256 != delivery.hashes[sheet.file]:
        parts.append("another SHA-256")
    if not parts:
        return None
    message = f"{sheet.file} is not the file the manifest promises: {' and '.join(parts)}. Ask for the file again."
    return finding("RAW-MANIFEST", "critical", message, form=form, value=delivery.hashes[sheet.file][:12])


def _encoding(sheet: Sheet, form: str) -> pd.DataFrame | None:
    if sheet.encoding == sheet.agreed_encoding:
        return None
    message = f"{sheet.file} is not UTF-8; it was read as {sheet.encoding}. Check accented letters, ask for UTF-8."
    return finding("RAW-ENCODING", "major", message, form=form, value=sheet.encoding)


def _fitting(sheet: Sheet, form: str, essential: bool) -> tuple[Sheet, pd.DataFrame]:
    """The sheet without the rows that have too few or too many cells; each of them is named.

    Raises TrialError where an essential form has lost a row, and any form many of them.
    """
    width, found = len(sheet.header), []
    rows, lines, broken = parted(sheet.rows, sheet.lines, width)
    for line, row in broken:
        cells = f"{len(row)} cells instead of {width}"
        message = f"Line {line} of {sheet.file} has {cells}; it is left out. Ask for the file again."
        found.append(
            finding("RAW-BROKEN", "critical", message, form=form, record=f"line {line}", value=",".join(row)[:80])
        )
    if found and (essential or len(found) > max(1, BROKEN * len(sheet.rows))):
        fit = "does not fit" if len(broken) == 1 else "do not fit"
        what = f"{len(broken)} of {len(sheet.rows)} lines of {sheet.file} {fit} its header of {width} cells."
        cure = "ask for the file again; nothing is made of a form that lost records"
        raise TrialError(what, f"{sheet.file}, {lines_told([line for line, _ in broken])}", cure)
    return replace(sheet, rows=rows, lines=lines) if broken else sheet, gather(found)


def _with_marks(contract: Contract, sheet: Sheet) -> Contract:
    """The contract; where it does not say how removed records are marked, as the file itself does."""
    if contract.inactive or not sheet.inactive:
        return contract
    return replace(contract, inactive=Inactive(*sheet.inactive))


def _reference(form: str, count: int) -> pd.DataFrame:
    message = f"The {count} records of {form} are reference data, which are of no subject; nothing is made of them."
    return finding("RAW-FILE", "info", message, form=form, value=str(count))
