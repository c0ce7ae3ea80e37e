"""Queries as a data manager sends them: the event or drug named, one style of dates, no word twice, units in words.

Only messages are touched; `value` stays as it was collected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.study.contracts import Contract

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# An ISO date that stands free: one in quotes is quoted as it was written, one in a number or a name is no date.
ISO = re.compile(r"(?<![\w'./:-])(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?![\w'/-])")
TWICE = re.compile(r"\b([A-Za-z]{3,}) \1\b", re.IGNORECASE)
# By unit of a field: the unit mistaken for it, in words, and how its number is turned into the field's unit.
MISTAKEN = {
    "C": ("degrees Fahrenheit", "C", lambda value: (value - 32) * 5 / 9),
    "kg": ("pounds", "kg", lambda value: value * 0.45359237),
    "cm": ("inches", "cm", lambda value: value * 2.54),
}
OTHER = re.compile(r"(\()?\brecord ([^()\s,;]*[^()\s,;.])")
ENDS = re.compile(r" (Please [^.]*\.)$")


def worded(queries: pd.DataFrame, raw: Mapping[str, pd.DataFrame], contracts: Mapping[str, Contract]) -> pd.DataFrame:
    """The queries with their messages as sent, in the same order."""
    if queries.empty:
        return queries
    messages = _visit_named(queries["message"].map(_in_one_style), queries)
    for form, rows in queries.groupby("form", sort=False):
        if str(form) in contracts:
            messages = _units_named(messages, rows, contracts[str(form)])
            messages = _record_named(messages, rows, raw.get(str(form)), contracts[str(form)])
    return queries.assign(message=messages.astype("str"))


def _in_one_style(message: str) -> str:
    """Dates as 12 MAR 2025 and no word twice in a row ("grade Grade 5")."""
    return TWICE.sub(r"\1", ISO.sub(_day, message))


def _day(found: re.Match[str]) -> str:
    year, month, day = (int(part) for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return found[0]
    return f"{day:02d} {MONTHS[month - 1]} {year}"


def _visit_named(messages: pd.Series, queries: pd.DataFrame) -> pd.Series:
    """A query on a visit or form that is not there begins with the visit, for there is no record to look at."""
    absent = queries["record"].eq("") & queries["folder"].ne("")
    return messages.mask(absent, "Visit " + queries["folder"] + ": " + messages).astype("str")


def _units_named(messages: pd.Series, rows: pd.DataFrame, contract: Contract) -> pd.Series:
    """A number outside its range that lies inside as another unit: that unit is named in the query."""
    for name, asked in rows[rows["check"] == "RAW-RANGE"].groupby("field", sort=False):
        entry = contract.fields.get(str(name))
        if entry is None or entry.unit not in MISTAKEN or not entry.range:
            continue
        words, unit, turned = MISTAKEN[entry.unit]
        low, high = entry.range
        for place, value in pd.to_numeric(asked["value"], errors="coerce").items():
            other = turned(value)
            if low <= other <= high:
                plea = ENDS.search(messages[place])
                hint = f" It may be in {words} ({value:g} would be {other:.1f} {unit})."
                messages[place] = ENDS.sub("", messages[place]) + hint + (plea[0] if plea else "")
    return messages


def _record_named(
    messages: pd.Series, rows: pd.DataFrame, records: pd.DataFrame | None, contract: Contract
) -> pd.Series:
    """In a log, a record goes by its number in the form and its event or drug (`named_by` of the contract).

    So does another record that the query points to.
    """
    if records is None or not any(name in records for name in contract.named_by):
        return messages
    names, numbers = _names(records, contract)
    for place, key in rows["record"].items():
        name, number = names.get(key, ""), numbers.get(key, "")
        said = OTHER.sub(lambda found: _other(found, names, numbers), messages[place])
        named = said if name.casefold() in said.casefold() else f"{name}: {said}"
        messages[place] = f"{number}: {named}" if name and number else named
    return messages


def _names(records: pd.DataFrame, contract: Contract) -> tuple[dict[str, str], dict[str, str]]:
    """What the records of a log are called, and their numbers (AE 3), by record id."""
    fields = [name for name in contract.named_by if name in records]
    named = records[fields[0]]
    for name in fields[1:]:
        named = named.fillna(records[name])
    called = _first_of_each(named, records["_RECORD"])
    if "RECORDPOS" not in records:
        return called, {}
    position = contract.form + " " + records["RECORDPOS"].astype("str")
    return called, _first_of_each(position.where(records["RECORDPOS"].notna()), records["_RECORD"])


def _first_of_each(told: pd.Series, records: pd.Series) -> dict[str, str]:
    """The first of what is told of each record."""
    first = told.notna() & records.notna()
    return dict(zip(records[first][::-1].tolist(), told[first][::-1].tolist(), strict=True))


def _other(found: re.Match[str], names: dict[str, str], numbers: dict[str, str]) -> str:
    """Another record of the same log, as it is called."""
    if found[2] not in names:
        return found[0]
    called = ": ".join(filter(None, (numbers.get(found[2], ""), names[found[2]])))
    return f"({called}, record {found[2]}" if found[1] else f"{found[0]} ({called})"
