"""From a delivered sheet to raw records: what the contract asks for, what was left out, and every row's key.

Raw records are all text, stripped, empty as missing, with `_SUBJECT`, `_SITE`, `_FORM`, `_FILE`, `_LINE`
(1-based, the header is line 1) and `_RECORD`. Inactive records, exact repeats, broken lines and records of
unknown subjects are left out, and each is a finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, for_rows, gather
from pipeline.intake.codes import with_codes
from pipeline.intake.decimals import decimal_points
from pipeline.intake.declared import in_agreed_form
from pipeline.intake.delivery import Delivery
from pipeline.intake.layout import all_columns, contract_columns, header_findings, newer, renamed
from pipeline.intake.subjects import subject_and_site
from pipeline.readers import Sheet, lines_told
from pipeline.readers.columns import parted, stripped_frame
from pipeline.study.contracts import Contract, Field, Inactive

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
    form, file, version = contract.form, delivery.source(contract), delivery.manifest.crf_version
    columns = contract_columns(contract, version)
    if delivery.hashes.get(file, NO_BYTES) == NO_BYTES:
        return _absent(file, contract, columns, delivery, version)
    sheet = read_renamed(delivery, contract) if sheet is None else renamed(sheet, contract)
    if not sheet.header:
        return _absent(file, contract, columns, delivery, version)
    found = [_against_manifest(sheet, delivery, form), _encoding(sheet, form)]
    found += [header_findings(sheet, contract, columns, codelists), _cells(sheet, form)]
    records, broken = _records(sheet, form, contract.essential)
    written = delivery.written(file, contract)
    records, commas = decimal_points(records, contract, sheet.separator, written.decimal)
    found += [broken, commas]
    for name in all_columns(contract, columns):
        if name not in records:
            records[name] = pd.Series(index=records.index, dtype="str")
    records = with_codes(records, contract, codelists)
    records = _with_keys(in_agreed_form(records, contract, written.dates), contract)
    for step in (_active, _unrepeated):
        records, left_out = step(records, _with_marks(contract, sheet))
        found.append(left_out)
    if not contract.subject.column:
        nobody = pd.Series(None, index=records.index, dtype="str")
        return records.assign(_SUBJECT=nobody, _SITE=nobody).reset_index(drop=True), gather(found)
    if records["_SUBJECT"].isna().all() and len(records) and delivery.of_nobody(file):
        return records.iloc[:0], gather([*found, _reference(form, len(records))])
    records, left_out = _of_subjects(records, roster, contract.subject.column)
    found.append(left_out)
    if records.empty:
        how = "major" if contract.essential else "minor"
        found.append(finding("RAW-EMPTY", how, f"The form {form} has no usable record.", form=form))
    return records.reset_index(drop=True), gather(found)


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


def _records(sheet: Sheet, form: str, essential: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheet's rows as stripped text; a row with too few or too many cells is left out and named.

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
    frame = stripped_frame(rows, sheet.header)
    frame["_FORM"], frame["_FILE"], frame["_LINE"] = form, sheet.file, pd.array(lines, dtype="int64")
    return frame, gather(found)


def _with_keys(records: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    subject, site = subject_and_site(records, contract.subject)
    key = records[contract.record[0]].fillna("")
    for name in contract.record[1:]:
        key = key.str.cat(records[name].fillna(""), sep="/")
    return records.assign(_SUBJECT=subject, _SITE=site, _RECORD=key.astype("str"))


def _with_marks(contract: Contract, sheet: Sheet) -> Contract:
    """The contract; where it does not say how removed records are marked, as the file itself does."""
    if contract.inactive or not sheet.inactive:
        return contract
    return replace(contract, inactive=Inactive(*sheet.inactive))


def _active(records: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Without the inactivated records; they are counted in one finding of severity info."""
    rule = contract.inactive
    if not rule or rule.column not in records:
        return records, None
    out = (records[rule.column] == rule.value).fillna(False).to_numpy(dtype=bool)
    if not out.any():
        return records, None
    form, count = contract.form, int(out.sum())
    message = f"{count} inactivated record{'s are' if count > 1 else ' is'} left out of {form}, as the database says."
    return records[~out], finding("RAW-INACTIVE", "info", message, form=form, value=str(count))


def _unrepeated(records: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """One record per key and subject. Of records that share a key but differ, the one updated last (else last) is kept.

    A key that two subjects share (one sample number) names two records: both stay, and the checks name both subjects.
    """
    names = list(contract.unique)
    if not set(names) <= set(records.columns):
        return records, None
    if not records.duplicated(["_SUBJECT", *names]).any():
        return records, None
    order = records.sort_values("UPDATED", kind="stable") if "UPDATED" in records else records
    keyed = order.index.isin(order.dropna(subset=names).index)
    repeated = (order.duplicated(["_SUBJECT", *names], keep="last") & keyed).reindex(records.index)
    if not repeated.any():
        return records, None
    cells = [c for c in records.columns if not c.startswith("_")]
    exact = records.duplicated(cells, keep=False)
    message = "The record with this key stands more than once; the {} is used. Ask for one record per key."
    same = for_rows(records[repeated & exact], "RAW-DUPLICATE", "major", "_RECORD", message.format("one copy"))
    differ = for_rows(records[repeated & ~exact], "RAW-DUPLICATE", "critical", "_RECORD", message.format("last update"))
    return records[~repeated], gather([same, differ]).assign(field=",".join(names))


def _reference(form: str, count: int) -> pd.DataFrame:
    message = f"The {count} records of {form} are reference data, which are of no subject; nothing is made of them."
    return finding("RAW-FILE", "info", message, form=form, value=str(count))


def _of_subjects(
    records: pd.DataFrame, roster: frozenset[str] | None, column: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records of known subjects; each of the others is a finding, one without a number says where it stands."""
    blank = records["_SUBJECT"].isna()
    known = ~blank if roster is None else records["_SUBJECT"].isin(roster)
    nobody = for_rows(records[blank], "RAW-SUBJECT", "critical", "_SUBJECT", "")
    place = records.loc[blank, "_FILE"] + ", line " + records.loc[blank, "_LINE"].astype("str")
    told = "The subject is blank in " + place + "; the record is left out. Enter the subject's number."
    message = (
        "The subject {value} is not in demographics; the record is left out. Correct the number, or enter the subject."
    )
    strangers = for_rows(records[~known & ~blank], "RAW-SUBJECT", "critical", "_SUBJECT", message)
    return records[known], gather([strangers, nobody.assign(message=told.to_numpy())]).assign(field=column)
