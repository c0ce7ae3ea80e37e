"""From a delivered sheet to raw records: what the contract asks for, what was left out, and every row's key.

Raw records are all text, stripped, empty as missing, with `_SUBJECT`, `_SITE`, `_FORM`, `_FILE`, `_LINE`
(1-based, the header is line 1) and `_RECORD`. Inactive records, exact repeats, broken lines and records of
unknown subjects are left out, and each is a finding.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.declared import declared_by_delivery, in_agreed_form
from pipeline.delivery import Delivery
from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, for_rows, gather
from pipeline.ground.words import did_you_mean
from pipeline.readers import Sheet
from pipeline.yaml_text import load_mapping

KEYS = ("_SUBJECT", "_SITE", "_FORM", "_FILE", "_LINE", "_RECORD")


def system_columns(raw_folder: Path) -> dict[str, Any]:
    """What every EDC form carries besides its own fields (`raw/_system.yaml`), or nothing."""
    path = raw_folder / "_system.yaml"
    return load_mapping(path) if path.exists() else {}


def contract_columns(contract: dict[str, Any], system: dict[str, Any], crf_version: str) -> dict[str, dict[str, Any]]:
    """All columns the contract promises at this CRF version, with their field entries (companions included)."""
    columns = dict(system.get("columns", {})) if contract.get("system", "true") == "true" else {}
    for name, entry in contract["fields"].items():
        entry = entry or {}
        if _newer(entry.get("since", contract.get("since", "")), crf_version):
            continue
        columns[name] = entry
        if entry.get("type") == "coded" and entry.get("companion", "true") == "true":
            columns[f"{name}_STD"] = {"essential": entry.get("essential", "false"), "companion_of": name}
    return columns


def _newer(version: str, delivered: str) -> bool:
    def number(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", text))

    return bool(version and delivered and number(version) > number(delivered))


def read_form(
    delivery: Delivery, contract: dict[str, Any], system: dict[str, Any], roster: frozenset[str] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Raw records of one form and their findings; `roster` holds the subjects known to the study (None: all).

    Raises TrialError when an essential file or column is missing: no analysis is possible without it.
    """
    form, file = contract["form"], delivery.source(contract)
    version = str(delivery.manifest.get("crf_version", ""))
    columns = contract_columns(contract, system, version)
    if file not in delivery.hashes:
        return _absent(form, file, contract, columns, delivery, version)
    sheet = read_renamed(delivery, contract)
    found = [_against_manifest(sheet, delivery, form), _encoding(sheet, form), _header(sheet, contract, columns)]
    found.append(_cells(sheet, form))
    records, broken = _records(sheet, form)
    found.append(broken)
    for name in _all_columns(contract, columns):
        if name not in records:
            records[name] = pd.Series(index=records.index, dtype="str")
    by_delivery = declared_by_delivery(delivery.manifest, delivery.promise(file))
    records = _with_keys(in_agreed_form(records, contract, system, by_delivery), contract)
    for step in (_active, _unrepeated):
        records, left_out = step(records, contract, system)
        found.append(left_out)
    if roster is not None:
        records, left_out = _known_subjects(records, roster, contract.get("subject", {}).get("column", "SUBJECT"))
        found.append(left_out)
    if sheet.header and records.empty:
        severity = "major" if contract.get("need") == "essential" else "minor"
        found.append(finding("RAW-EMPTY", severity, f"The form {form} has no usable record.", form=form))
    return records.reset_index(drop=True), gather(found)


def read_renamed(delivery: Delivery, contract: dict[str, Any]) -> Sheet:
    """A form's sheet, each column under the name of its field (`column:` says what it is called in the delivery)."""
    sheet = delivery.read(delivery.source(contract), int(contract.get("header_row", 1)))
    names = {str(e["column"]).strip(): field for field, e in contract["fields"].items() if e and "column" in e}
    return replace(sheet, header=[names.get(name, name) for name in sheet.header]) if names else sheet


def _cells(sheet: Sheet, form: str) -> pd.DataFrame:
    """What the reader met in single cells (formulas, spreadsheet errors), one finding per cell."""
    return gather(
        [
            finding(n.check, n.severity, n.message, form=form, record=f"line {n.line}", field=n.column, value=n.value)
            for n in sheet.notes
        ]
    )


def _all_columns(contract: dict[str, Any], columns: dict[str, Any]) -> list[str]:
    """Promised columns, and those of a later CRF version: mapping sheets may name both."""
    later = list(contract["fields"])
    later += [f"{n}_STD" for n, e in contract["fields"].items() if (e or {}).get("type") == "coded"]
    return list(dict.fromkeys([*columns, *later]))


def _absent(
    form: str, file: str, contract: dict[str, Any], columns: dict[str, Any], delivery: Delivery, version: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if contract.get("need") == "essential":
        what = f"The form {form} is missing from the extract; no analysis is possible without it."
        raise TrialError(what, f"{delivery.name}: {file}", "ask for the file, or check EXTRACT=")
    frame = pd.DataFrame(columns=[*_all_columns(contract, columns), *KEYS], dtype="str")
    frame["_LINE"] = frame["_LINE"].astype("int64")
    if _newer(contract.get("since", ""), version):
        return frame, gather([])
    message = f"The file {file} was not delivered; its records are missing from all outputs. Ask for it."
    return frame, finding("RAW-FORM", "major", message, form=form)


def _against_manifest(sheet: Sheet, delivery: Delivery, form: str) -> pd.DataFrame | None:
    if not delivery.manifest:
        return None
    promise = delivery.promise(sheet.file)
    if promise is None:
        message = f"{sheet.file} is not in the delivery's manifest; ask whether it belongs to this delivery."
        return finding("RAW-MANIFEST", "major", message, form=form)
    parts = []
    if sheet.file in delivery.promised and str(promise.get("rows")) != str(len(sheet.rows)):
        parts.append(f"{len(sheet.rows)} records instead of {promise.get('rows')}")
    if promise.get("sha256") != delivery.hashes[sheet.file]:
        parts.append("another SHA-256")
    if not parts:
        return None
    message = f"{sheet.file} is not the file the manifest promises: {' and '.join(parts)}. Ask for the file again."
    return finding("RAW-MANIFEST", "critical", message, form=form, value=delivery.hashes[sheet.file][:12])


def _encoding(sheet: Sheet, form: str) -> pd.DataFrame | None:
    if sheet.encoding == "utf-8":
        return None
    message = f"{sheet.file} is not UTF-8; it was read as {sheet.encoding}. Check accented letters, ask for UTF-8."
    return finding("RAW-ENCODING", "major", message, form=form, value=sheet.encoding)


def _header(sheet: Sheet, contract: dict[str, Any], columns: dict[str, dict[str, Any]]) -> pd.DataFrame:
    form, found = contract["form"], []
    missing = [c for c in columns if c not in sheet.header]
    extra = [c for c in sheet.header if c not in _all_columns(contract, columns)]
    subject = contract.get("subject", {}).get("column", "")
    for name in missing:
        near = did_you_mean(name, extra) if extra else "no new column has taken its place"
        called = columns[name].get("column", name)
        if columns[name].get("essential") == "true" or name == subject:
            what = f"The column {called} is missing from {form}; no analysis is possible without it."
            raise TrialError(what, f"{sheet.file}, line 1", f"ask for the file again ({near})")
        message = f"The column {called} is missing from {sheet.file}; its values are read as missing ({near})."
        found.append(finding("RAW-COLUMN", "major", message, form=form, field=name))
    for name in extra:
        message = f"The column {name} of {sheet.file} is not in the data dictionary; it is not used."
        found.append(finding("RAW-COLUMN", "minor", message, form=form, field=name))
    if not missing and not extra and sheet.header != [c for c in columns if c in sheet.header]:
        message = f"The columns of {sheet.file} are in another order than agreed; they are read by name."
        found.append(finding("RAW-ORDER", "info", message, form=form))
    return gather(found)


def _records(sheet: Sheet, form: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheet's rows as stripped text; a row with too few or too many cells is left out and named."""
    width, found, rows, lines = len(sheet.header), [], [], []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if len(row) == width:
            rows.append(row)
            lines.append(line)
            continue
        cells = f"{len(row)} cells instead of {width}"
        message = f"Line {line} of {sheet.file} has {cells}; it is left out. Ask for the file again."
        found.append(
            finding("RAW-BROKEN", "critical", message, form=form, record=f"line {line}", value=",".join(row)[:80])
        )
    frame = pd.DataFrame(rows, columns=sheet.header, dtype="str")
    for name in frame.columns:
        cells = frame[name].str.strip()
        frame[name] = cells.mask(cells == "")
    frame["_FORM"], frame["_FILE"], frame["_LINE"] = form, sheet.file, pd.array(lines, dtype="int64")
    return frame, gather(found)


def _with_keys(records: pd.DataFrame, contract: dict[str, Any]) -> pd.DataFrame:
    subject = contract.get("subject", {"column": "SUBJECT"})
    records = records.assign(**_subject(records, subject))
    names = contract.get("record", ["RECORDID"])
    key = records[names[0]].fillna("")
    for name in names[1:]:
        key = key.str.cat(records[name].fillna(""), sep="/")
    return records.assign(_RECORD=key.astype("str"))


def _subject(records: pd.DataFrame, subject: dict[str, Any]) -> dict[str, Any]:
    """Subject number and site: by the pattern, the contract's only site, the column SITE, else the first digits."""
    cells = records[subject["column"]]
    parts = cells.str.extract(subject["pattern"]) if "pattern" in subject else pd.DataFrame(index=cells.index)
    number = parts["site"].str.cat(parts["number"]) if {"site", "number"} <= set(parts) else parts.get("number", cells)
    if "site" in parts:
        site = parts["site"]
    elif "site" in subject:
        site = pd.Series(str(subject["site"]), index=cells.index, dtype="str")
    else:
        site = records["SITE"] if "SITE" in records else cells.str.slice(0, 3)
    return {"_SUBJECT": number.fillna(cells), "_SITE": site}


def _active(records: pd.DataFrame, contract: dict[str, Any], system: dict[str, Any]) -> tuple[pd.DataFrame, Any]:
    """Without the inactivated records; they are counted in one finding of severity info."""
    rule = contract.get("inactive", system.get("inactive") if contract.get("system", "true") == "true" else None)
    if not rule or rule["column"] not in records:
        return records, None
    out = (records[rule["column"]] == rule["value"]).fillna(False).to_numpy(dtype=bool)
    if not out.any():
        return records, None
    form, count = contract["form"], int(out.sum())
    message = f"{count} inactivated record{'s are' if count > 1 else ' is'} left out of {form}, as the database says."
    return records[~out], finding("RAW-INACTIVE", "info", message, form=form, value=str(count))


def _unrepeated(records: pd.DataFrame, contract: dict[str, Any], system: dict[str, Any]) -> tuple[pd.DataFrame, Any]:
    """One record per key. Of records that share a key but differ, the one updated last (else the last) is kept."""
    names = contract.get("unique", contract.get("record", ["RECORDID"]))
    if not set(names) <= set(records.columns):
        return records, None
    order = records.sort_values("UPDATED", kind="stable") if "UPDATED" in records else records
    keyed = order.index.isin(order.dropna(subset=names).index)
    repeated = (order.duplicated(names, keep="last") & keyed).reindex(records.index)
    cells = [c for c in records.columns if not c.startswith("_")]
    exact = records.duplicated(cells, keep=False)
    message = "The record with this key stands more than once; the {} is used. Ask for one record per key."
    same = for_rows(records[repeated & exact], "RAW-DUPLICATE", "major", "_RECORD", message.format("one copy"))
    differ = for_rows(records[repeated & ~exact], "RAW-DUPLICATE", "critical", "_RECORD", message.format("last update"))
    return records[~repeated], gather([same, differ]).assign(field=",".join(names))


def _known_subjects(records: pd.DataFrame, roster: frozenset[str], column: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = records["_SUBJECT"].isin(roster)
    message = (
        "The subject {value} is not in demographics; the record is left out. Correct the number, or enter the subject."
    )
    return records[known], for_rows(records[~known], "RAW-SUBJECT", "critical", "_SUBJECT", message).assign(
        field=column
    )
