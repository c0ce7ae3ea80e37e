"""The field checks a raw contract declares: required, codelist, number, range, date and time.

Cosmetic differences (case of a decode, blanks, a date written 2025/12/04) are no findings: the value is clear.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.findings import for_rows, gather
from sdtm.dates import iso_date

NUMBER = r"[+-]?\d+(\.\d+)?"
INTEGER = r"[+-]?\d+"
UNKNOWN_DATE = r"(un|unk|uk|nk)([ /-](un|unk|uk|nk))*"
TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"


def check_fields(records: pd.DataFrame, contract: dict[str, Any], codelists: pd.DataFrame) -> pd.DataFrame:
    """Findings of every field of one form. `codelists` has CODELIST, CODED_VALUE and DECODE."""
    found = []
    for field, entry in contract["fields"].items():
        entry = entry or {}
        if field not in records or (records[field].isna().all() and f"{field}_STD" not in records):
            if field in records and entry.get("required") == "true":
                found.append(_required(records, field, entry))
            continue
        found += [_required(records, field, entry), _typed(records, field, entry, codelists)]
    return gather(found)


def _required(records: pd.DataFrame, field: str, entry: dict[str, Any]) -> pd.DataFrame | None:
    if entry.get("required") != "true":
        return None
    empty = records[field].isna()
    if f"{field}_STD" in records:
        empty &= records[f"{field}_STD"].isna()
    label = entry.get("label", field)
    return for_rows(records[empty], "RAW-REQUIRED", "major", field, f"{label} is required and empty. Please enter it.")


def _typed(records: pd.DataFrame, field: str, entry: dict[str, Any], codelists: pd.DataFrame) -> pd.DataFrame | None:
    kind, label = entry.get("type", "text"), entry.get("label", field)
    filled = records[records[field].notna()]
    if kind == "coded":
        return _coded(records, field, entry, codelists)
    if kind in ("integer", "decimal"):
        pattern = INTEGER if kind == "integer" else NUMBER
        right = filled[field].str.fullmatch(pattern)
        message = (
            f"{label}: '{{value}}' is not {'a whole number' if kind == 'integer' else 'a number'}. Please correct."
        )
        wrong = for_rows(filled[~right], "RAW-NUMBER", "major", field, message)
        return gather([wrong, _in_range(filled[right], field, entry)])
    if kind == "date":
        filled = filled[~filled[field].str.casefold().str.fullmatch(UNKNOWN_DATE)]
        message = f"{label}: '{{value}}' is no date that exists. Please correct."
        return for_rows(filled[iso_date(filled[field]).isna()], "RAW-DATE", "major", field, message)
    if kind == "time":
        message = f"{label}: '{{value}}' is no time of day (HH:MM). Please correct."
        return for_rows(filled[~filled[field].str.fullmatch(TIME)], "RAW-TIME", "minor", field, message)
    return None


def _in_range(filled: pd.DataFrame, field: str, entry: dict[str, Any]) -> pd.DataFrame | None:
    if "range" not in entry:
        return None
    low, high = (float(limit) for limit in entry["range"])
    number = filled[field].astype("float64")
    unit = f" {entry['unit']}" if entry.get("unit") else ""
    message = f"{entry.get('label', field)}: {{value}}{unit} is outside {low:g} to {high:g}{unit}. Please check."
    return for_rows(filled[(number < low) | (number > high)], "RAW-RANGE", "major", field, message)


def _coded(records: pd.DataFrame, field: str, entry: dict[str, Any], codelists: pd.DataFrame) -> pd.DataFrame:
    terms = codelists[codelists["CODELIST"] == entry.get("codelist", "")]
    decode_of = terms.set_index("CODED_VALUE")["DECODE"].str.casefold()
    label, standard = entry.get("label", field), f"{field}_STD"
    if standard not in records or records[standard].isna().all():
        filled = records[records[field].notna()]
        known = set(decode_of) | set(decode_of.index.str.casefold())
        message = f"{label}: '{{value}}' is not in the list {entry.get('codelist')}. Please choose a listed value."
        return for_rows(filled[~filled[field].str.casefold().isin(known)], "RAW-CODELIST", "major", field, message)
    coded, decode = records[standard], records[field]
    outside = coded.notna() & ~coded.isin(decode_of.index)
    message = f"{label}: '{{value}}' is not in the list {entry.get('codelist')}. Please choose a listed value."
    wrong = for_rows(records[outside], "RAW-CODELIST", "major", field, message, value=coded[outside])
    expected = coded.map(decode_of)
    differ = expected.notna() & decode.notna() & (decode.str.casefold() != expected)
    message = f"{label}: the text '{{value}}' and the coded value disagree; the coded value is used. Please confirm."
    disagree = for_rows(records[differ], "RAW-DECODE", "major", field, message)
    lost = coded.isna() & decode.notna()
    message = f"{label}: '{{value}}' came without its coded value. Please check the form."
    return gather([wrong, disagree, for_rows(records[lost], "RAW-CODELIST", "major", field, message)])
