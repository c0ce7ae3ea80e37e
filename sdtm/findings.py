"""Findings of the mapping: one row per raw record that somebody has to look at."""

from collections.abc import Iterable

import pandas as pd

COLUMNS = ("check", "severity", "form", "record", "subject", "field", "value", "message")


def gathered(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table of findings from many, each finding once, all cells text."""
    frames = [part for part in parts if len(part)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return pd.concat(frames)[list(COLUMNS)].drop_duplicates(ignore_index=True)


def of_records(
    records: pd.DataFrame, check: str, severity: str, field: str, value: pd.Series, message: str
) -> pd.DataFrame:
    """One finding per raw record; `{value}` in the message stands for the record's value."""
    shown = value.reindex(records.index).fillna("").astype("str")
    found = pd.DataFrame({
        "check": check, "severity": severity, "form": records["_FORM"], "record": records["_RECORD"],
        "subject": records["_SUBJECT"], "field": field, "value": shown,
        "message": [message.replace("{value}", text) for text in shown],
    })
    return found.astype("str")


def of_form(check: str, severity: str, form: str, count: int, message: str) -> pd.DataFrame:
    """One finding for a whole form; the value is the number of records."""
    row = dict.fromkeys(COLUMNS, "") | {
        "check": check, "severity": severity, "form": form, "value": str(count), "message": message}
    return pd.DataFrame([row], dtype="str")


def of_value(
    records: pd.DataFrame, check: str, severity: str, field: str, value: str, message: str
) -> pd.DataFrame:
    """One finding for all records that have the same value; the message says how many there are and names the first."""
    told = of_records(records.head(1), check, severity, field, pd.Series(value, index=records.index), message)
    if len(records) == 1:
        return told
    first = ", ".join(records["_RECORD"].head(3))
    return told.assign(record="", subject="", message=f"{message} ({len(records):,} records, first {first})")
